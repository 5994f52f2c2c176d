internal import CNetlink
internal import Glibc

extension RouteConnection {
  /// Deletes a route: one that ``routes()`` has listed, or one like that which was added. The kernel
  /// does not find one so that is for a type of service, or has the ways of an object.
  ///
  /// - Throws: A refusal with `ESRCH` if there is none.
  public mutating func delete(_ route: Route) throws(NetlinkError) {
    // To IPv4 no metric is any metric: if this one were gone another would go in its place.
    if route.destination.family == .ipv4, route.metric == 0, try !has(route) {
      throw .refused(KernelRefusal(errno: .noSuchProcess))
    }
    try execute(DeleteRoute(route: route))
  }

  private mutating func has(_ route: Route) throws(NetlinkError) -> Bool {
    if try isTaken(route) { return true }
    // Such a list may be long.
    return try routes().contains { $0.isMeant(by: route) }
  }

  /// Whether packets to the first of its addresses take it.
  private mutating func isTaken(_ route: Route) throws(NetlinkError) -> Bool {
    do throws(NetlinkError) {
      return try fetch(FindRoute(address: route.destination.address)) {
        (message) throws(MalformedMessage) in
        try Route(from: message.reader)?.isMeant(by: route) == true
      }
    } catch {
      // They are dropped, or there is no way at all.
      guard case .refused = error else { throw error }
      return false
    }
  }
}

extension Route {
  /// Whether it, which the kernel has listed, is what somebody calls so who leaves out what the
  /// kernel chooses.
  fileprivate func isMeant(by asked: Route) -> Bool {
    var asked = asked
    if asked.table == 0 { asked.table = Self.mainTable }
    if asked.interfaceIndex == 0 { asked.interfaceIndex = interfaceIndex }
    if asked.source == nil { asked.source = source }
    return self == asked
  }
}

/// `RTM_GETROUTE` for the entry of a table that packets to an address take; since Linux 4.13. Older
/// kernels answer with what they have made of it (`RTM_F_CLONED`), which is none.
private struct FindRoute: NetlinkRequest {
  var address: IPAddress

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_GETROUTE)) }

  func encode(into message: inout MessageBuilder) {
    var info = RouteInfo()
    info.family = UInt8(truncatingIfNeeded: address.family.rawValue)
    info.destinationLength = address.bitWidth
    info.flags = UInt32(RTM_F_FIB_MATCH | RTM_F_LOOKUP_TABLE)
    message.append(info)
    message.append(.routeDestination) { $0.append(address) }
  }
}
