public import XFRMKit

/// What the files of a configuration say for one host: variables have their values, and files that
/// are included are part of it.
public struct Configuration: Sendable {
  /// The network namespace that all of it is for; `nil` for the caller's.
  public var namespace: String?
  /// What becomes of packets that no entry is for; `nil` if it is to stay as it is.
  public var defaultActions: DefaultActions?
  /// In the order in which packets are held against them; those of connections come after.
  public var policies: [SPDEntry] = []
  /// SAs with an SPI and a key of their own.
  public var associations: [SADEntry] = []
  public var connections: [Connection] = []
  /// Variables below /proc/sys, and where they stand.
  public var settings: [(entry: SettingEntry, span: SourceSpan)] = []
  /// What is done though it is dangerous, one sentence each: it belongs to every output.
  public var watermarks: [String] = []

  /// Nothing.
  public init() {}
}
