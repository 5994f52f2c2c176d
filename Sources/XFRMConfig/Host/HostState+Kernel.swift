internal import XFRMKit

extension HostState {
  /// Takes note of interfaces and routes.
  mutating func look(
    _ route: inout RouteConnection, _ destinations: Set<IPPrefix>, _ guarded: Set<IPPrefix>
  ) throws(NetlinkError) {
    var names: [Int32: String] = [:]
    var (others, places) = ([Route](), [Route]())
    for interface in try route.interfaces(XFRMInterface.self) {
      names[interface.name.index] = interface.name.name
      interfaces[interface.name.name] = InterfaceState(
        interface.kind.id, isUp: interface.isUp, mtu: interface.mtu)
    }
    if !names.isEmpty {
      for address in try route.addresses() {
        guard let name = names[Int32(bitPattern: address.interfaceIndex)] else { continue }
        interfaces[name]?.addresses.insert(address.prefix)
      }
    }
    for entry in try route.routes() where entry.isOfMainTable {
      let usual = Route.usualMetric(entry.destination.family)
      if entry.metric == RouteGuard.metric(entry.destination.family) {
        if entry.dropsPackets {
          routeGuards.insert(entry.destination)
        } else if guarded.contains(entry.destination) {
          places.append(entry)
        }
      } else if entry.isUnicast, entry.gateway == nil, entry.metric == usual,
        let name = names[entry.interfaceIndex]
      {
        routes.insert(RouteEntry(to: entry.destination, through: name, source: entry.source))
      } else if entry.metric <= usual, destinations.contains(entry.destination) {
        others.append(entry)
      }
    }
    guard !others.isEmpty || !places.isEmpty else { return }
    let links = Dictionary(
      try route.links().map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    for entry in others.reversed() {
      otherRoutes[entry.destination] = entry.words(through: links[entry.interfaceIndex])
    }
    for entry in places {
      routeGuardPlaces[entry.destination] = entry.words(through: links[entry.interfaceIndex])
    }
  }
}

extension Route {
  fileprivate var isOfMainTable: Bool { table == 0 || table == Route.mainTable }

  /// What tells it from others, as `ip route` has it.
  fileprivate func words(through interface: String?) -> String {
    "\(destination)" + (gateway.map { " via \($0)" } ?? "")
      + (interface.map { " dev \($0)" } ?? "")
      + (metric == Self.usualMetric(destination.family) ? "" : " metric \(metric)")
  }
}
