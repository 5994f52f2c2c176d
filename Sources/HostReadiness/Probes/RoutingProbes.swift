internal import Netlink
internal import XFRMKit

extension KernelProbe {
  /// Adds the rule that strongSwan looks for its routes by, and deletes it.
  static func rule(_ family: AddressFamily) -> KernelProbe {
    KernelProbe(mayLoadModules: false) { session in
      let rule = RoutingRule(family, table: charonTable, priority: charonTable)
      let request = "add an \(family) rule for the routing table \(charonTable)"
      do throws(NetlinkError) {
        try session.route.add(rule)
        try session.route.delete(rule)
        return .works(request)
      } catch {
        return .refused(XFRMError(request, error))
      }
    }
  }

  /// Adds a route with an address of ours to a table of its own, as strongSwan does, sees whether it
  /// is there, and deletes it.
  static let advancedRoute = KernelProbe(mayLoadModules: false) { session in
    let request = "add a route with a source to the table \(charonTable)"
    do throws(NetlinkError) {
      let isThere = try session.hasAdvancedRoutes()
      return isThere
        ? .works(request)
        : .different(request: request, difference: "the route in another table")
    } catch {
      return .refused(XFRMError(request, error))
    }
  }

  /// What strongSwan uses unless told otherwise, for the table and for the rule's priority.
  private static let charonTable: UInt32 = 220

  fileprivate static var documentationRoute: Route {
    var route = Route(to: IPPrefix(.v4(0xc633_6400), length: 24))
    route.source = .v4(0xc000_0201)
    route.table = charonTable
    return route
  }
}

extension ProbeSession {
  fileprivate mutating func hasAdvancedRoutes() throws(NetlinkError) -> Bool {
    // The one interface of a new namespace, which is down.
    let (interface, address) = ("lo", IPPrefix(.v4(0xc000_0201)))
    let before = try route.addresses()
    let wasUp = try route.isRunning(interface)
    var asked = KernelProbe.documentationRoute
    try route.changeInterface(interface, isUp: true)
    try route.addAddress(address, to: interface)
    asked.interfaceIndex = try route.interfaceIndex(interface)
    try route.add(asked)
    // A kernel that has no other tables puts it into the main one.
    let added = try route.routes().first {
      $0.destination == asked.destination && $0.source == asked.source
    }
    if let added { try route.delete(added) }
    if !wasUp { try route.changeInterface(interface, isUp: false) }
    // The kernel has given it one, too.
    for address in try route.addresses() where !before.contains(address) {
      try route.deleteAddress(address.prefix, from: interface)
    }
    return added?.table == asked.table
  }
}
