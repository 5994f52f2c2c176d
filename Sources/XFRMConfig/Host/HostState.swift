public import XFRMKit

/// What a host has of what connections need besides policies and SAs.
public struct HostState: Equatable, Sendable {
  /// Its xfrm interfaces, by name.
  public var interfaces: [String: InterfaceState] = [:]
  /// Routes through them.
  public var routes: Set<RouteEntry> = []
  /// Where others lead that the kernel would take before one of ours, or that are in its place, and
  /// what `ip route delete` takes for the first of them; of no others than somebody asked for.
  public var otherRoutes: [IPPrefix: String] = [:]
  /// Where guards of routes are.
  public var routeGuards: Set<IPPrefix> = []
  /// What others have in their place, as ``otherRoutes`` says it.
  public var routeGuardPlaces: [IPPrefix: String] = [:]
  /// What `ip netns` has for its network namespace; `nil` if it has no name there.
  public var namespace: String?
  /// Whether it is another network namespace than that of whoever reads this, and has no name.
  public var isElsewhere = false
  /// The values of the settings that somebody asked for; without those that this kernel lacks.
  public var settings: [String: String] = [:]

  public init() {}

  /// Takes note of a step that was carried out.
  mutating func note(_ step: PlanStep) {
    switch step.action {
    case .addInterface(let entry), .changeInterface(let entry):
      let old = interfaces[entry.name] ?? InterfaceState(entry.interfaceID)
      interfaces[entry.name] = InterfaceState(
        entry.interfaceID, mtu: entry.mtu ?? InterfaceEntry.usualMTU,
        addresses: old.addresses.union(entry.addresses))
    case .deleteAddress(let address, let entry, _, isThere: true):
      interfaces[entry.name]?.addresses.remove(address)
    case .deleteInterface(let entry, isThere: true): interfaces[entry.name] = nil
    case .addRoute(let entry, let old):
      if let old { routes.remove(old) }
      routes.insert(entry)
    case .deleteRoute(let entry, isThere: true):
      routes.remove(entry)
      if let remnant = entry.remnant { routes.remove(remnant) }
    case .addRouteGuard(let entry): routeGuards.insert(entry.destination)
    case .deleteRouteGuard(let entry, isThere: true): routeGuards.remove(entry.destination)
    case .change(let entry, _): settings[entry.name] = SystemSetting.normalized(entry.value)
    default: break
    }
  }

  /// The command that deletes what is in the way of a route; `nil` if nothing is.
  ///
  /// - Parameters:
  ///   - theirs: Which of ``routes`` are.
  ///   - destination: Where all of them lead.
  func deletion(of theirs: [RouteEntry], to destination: IPPrefix) -> String? {
    let words = theirs.map { "\(destination) dev \($0.interface)" }.min()
    return (otherRoutes[destination] ?? words).map(deletion)
  }

  /// The command that deletes a route.
  ///
  /// - Parameter words: The route, as `ip route` has it.
  func deletion(_ words: String) -> String {
    "`ip \(namespace.map { "-n \($0) " } ?? "")route delete \(words)`"
      + (isElsewhere ? " in its network namespace" : "")
  }

  /// All of it in a stable order.
  var words: [String] {
    interfaces.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.words)" }
      + routes.map { $0.words.joined(separator: " ") }.sorted()
      + otherRoutes.values.sorted()
      + routeGuards.map { "guard \($0)" }.sorted() + routeGuardPlaces.values.sorted()
      + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
