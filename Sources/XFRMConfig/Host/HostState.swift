/// What a host has of what connections need besides policies and SAs.
public struct HostState: Equatable, Sendable {
  /// The interface IDs of its xfrm interfaces, by name.
  public var interfaces: [String: UInt32] = [:]
  /// Routes through them.
  public var routes: Set<RouteEntry> = []
  /// The values of the settings that somebody asked for; without those that this kernel lacks.
  public var settings: [String: String] = [:]

  public init() {}

  /// All of it in a stable order.
  var words: [String] {
    interfaces.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      + routes.map { $0.words.joined(separator: " ") }.sorted()
      + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
