/// Why something could not be kept on disk, or not be read from there.
public struct StoreProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is to be done about it.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// There is no room, or no permission, or the disk fails.
    case unwritable
    /// Another process is at work there.
    case busy
    /// What is there is not what this version wrote.
    case unreadable
  }

  public var kind: Kind
  public var path: String
  public var description: String
  /// Whether somebody else may, such as root.
  public var isPermission = false

  public init(_ path: String, _ explanation: String, kind: Kind = .unwritable) {
    self.kind = kind
    self.path = path
    description = "\(path): \(explanation)"
  }
}
