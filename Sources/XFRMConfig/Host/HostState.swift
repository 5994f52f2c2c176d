public import XFRMKit

/// What a host has of what connections need besides policies and SAs.
public struct HostState: Equatable, Sendable {
  /// The interface IDs of its xfrm interfaces, by name.
  public var interfaces: [String: UInt32] = [:]
  /// Routes through them.
  public var routes: Set<RouteEntry> = []
  /// Where others lead that the kernel would take before one of ours, or that are in its place; of
  /// no others than somebody asked for.
  public var otherRoutes: Set<IPPrefix> = []
  /// The values of the settings that somebody asked for; without those that this kernel lacks.
  public var settings: [String: String] = [:]

  public init() {}

  /// Takes note of a step that was carried out.
  mutating func note(_ step: PlanStep) {
    switch step.action {
    case .addInterface(let entry): interfaces[entry.name] = entry.interfaceID
    case .deleteInterface(let entry, isThere: true): interfaces[entry.name] = nil
    case .addRoute(let entry, let old):
      if let old { routes.remove(old) }
      routes.insert(entry)
    case .deleteRoute(let entry, _): routes.remove(entry)
    case .change(let entry, _): settings[entry.name] = SystemSetting.normalized(entry.value)
    default: break
    }
  }

  /// All of it in a stable order.
  var words: [String] {
    interfaces.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      + routes.map { $0.words.joined(separator: " ") }.sorted()
      + otherRoutes.map { "\($0)" }.sorted()
      + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
