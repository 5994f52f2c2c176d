internal import XFRMKit

/// What connections need of the host besides policies and SAs.
extension Expansion {
  /// Interfaces, each once, and the routes through them.
  mutating func makeInterfaces(_ connections: [Connection]) {
    warnOfEntries()
    var places: [String: Int] = [:]
    var owners: [UInt32: String] = [:]
    for connection in connections {
      warnOfRoutes(connection)
      guard let interface = connection.interface else { continue }
      let entry = interface.entry
      if let place = places[entry.name] {
        join(entry, at: place, connection)
      } else {
        if let owner = owners[entry.interfaceID] {
          diagnostics.error(
            connection.span, "if-id \(entry.interfaceID) of \(entry.name) is that of \(owner), too",
            help: "an if-id belongs to one interface")
        }
        places[entry.name] = state.interfaces.count
        owners[entry.interfaceID] = entry.name
        state.interfaces.append(entry)
      }
      if interface.hasRoutes { addRoutes(connection, interface) }
    }
  }

  /// Connections may share an interface, if they say the same of it.
  private mutating func join(_ entry: InterfaceEntry, at place: Int, _ connection: Connection) {
    let earlier = state.interfaces[place]
    if earlier.interfaceID != entry.interfaceID || earlier.mtu != entry.mtu {
      diagnostics.error(
        connection.span, "another connection says something else of \(entry.name)",
        help: "if-id and mtu of an interface are the same in all connections that share it")
    }
    let new = entry.addresses.filter { !earlier.addresses.contains($0) }
    state.interfaces[place].addresses += new
  }

  private mutating func addRoutes(_ connection: Connection, _ interface: Connection.Interface) {
    var seen: Set<IPPrefix> = []
    for (_, remote) in connection.pairs where seen.insert(remote).inserted {
      if remote.contains(connection.remote.address) {
        diagnostics.error(
          connection.span,
          "the route to \(remote) leads \(connection.remote.address) through the tunnel that it ends",
          help: "set routes: false, and route what you need")
        continue
      }
      let route = RouteEntry(
        to: remote, through: interface.entry.name,
        source: interface.sources.first { $0.family == remote.family })
      if state.routes.contains(where: { $0.destination == remote }) {
        diagnostics.error(
          connection.span, "another connection has a route to \(remote), too",
          help: "a prefix is behind one connection")
      }
      state.routes.append(route)
      guard connection.isGuarded else { continue }
      let number = seen.count > 1 ? ".\(seen.count)" : ""
      state.routeGuards.append(
        RouteGuard(ObjectName(connection.name, "guard-route\(number)"), to: remote))
    }
  }

  /// Policies with an interface ID are for what is routed into that interface and for nothing else,
  /// so that guards with one see to no packet that takes another way.
  private mutating func warnOfRoutes(_ connection: Connection) {
    guard connection.isGuarded, connection.settings.interfaceID != nil,
      connection.interface?.hasRoutes != true
    else { return }
    warnOfRoutes(connection.name, connection.span)
  }

  private mutating func warnOfEntries() {
    var names: Set<String> = []
    for entry in policies where entry.isGuarded && !entry.isOfConnection {
      guard entry.action == .protect, entry.direction == .outbound, entry.interfaceID != nil,
        names.insert(entry.name).inserted
      else { continue }
      warnOfRoutes(entry.name, entry.span)
    }
  }

  private mutating func warnOfRoutes(_ name: String, _ span: SourceSpan) {
    diagnostics.warning(
      span,
      "no guard stops packets of \(name) that are not routed into its interface: they pass in clear",
      help: "put an unreachable route behind your own, or say strict: false")
  }

  /// Settings of the file, and those that forwarding needs.
  mutating func makeSettings(_ settings: [(entry: SettingEntry, span: SourceSpan)]) {
    state.settings = settings.map(\.entry)
    var families: Set<AddressFamily> = []
    for entry in policies where entry.forwards && entry.action == .protect {
      families.insert(entry.selector.local.family)
    }
    for (family, name) in [
      (AddressFamily.ipv4, "net.ipv4.ip_forward"), (.ipv6, "net.ipv6.conf.all.forwarding"),
    ] where families.contains(family) {
      guard let own = settings.first(where: { $0.entry.name == name }) else {
        state.settings.append(SettingEntry(name, "1"))
        continue
      }
      guard own.entry.value == "0" else { continue }
      diagnostics.error(
        own.span, "\(name) is 0, and packets are to be forwarded",
        help: "set 1, or forward: no for all connections")
    }
  }
}
