import CNetlink
import Glibc
import TestSupport
import Testing

@testable import Netlink

/// Against the kernel of this host, in namespaces of their own.
@Suite("The deletion of a route", .enabled(if: geteuid() == 0, "needs root"))
struct RouteDeletionTests {
  private static let gone = NetlinkError.refused(KernelRefusal(errno: .noSuchProcess))
  private static let families: [AddressFamily] =
    // Sound: the text outlives the call.
    unsafe access("/proc/net/if_inet6", F_OK) == 0 ? [.ipv4, .ipv6] : [.ipv4]

  /// A namespace whose one interface is up and has an address.
  private static func place(in namespace: NetworkNamespace? = nil) throws -> RouteConnection {
    var route = try RouteConnection(in: try namespace ?? NetworkNamespace.create())
    try route.changeInterface("lo", isUp: true)
    try route.addAddress(IPPrefix(.v4(0xc000_0201)), to: "lo")
    return route
  }

  private static func route(_ family: AddressFamily, metric: UInt32 = 0) -> Route {
    var route = Route(
      to: family == .ipv6
        ? IPPrefix(.v6(0x2001_0db8_0000_0000, 0), length: 32)
        : IPPrefix(.v4(0xc633_6400), length: 24))
    route.interfaceIndex = 1
    route.metric = metric
    return route
  }

  /// As the kernel lists it.
  private static func listed(_ route: Route) -> Route {
    var route = route
    route.table = Route.mainTable
    if route.metric == 0 { route.metric = Route.usualMetric(route.destination.family) }
    return route
  }

  @Test("takes whatever is listed, whoever made it and of whatever kind", arguments: families)
  func everything(family: AddressFamily) throws {
    var place = try Self.place()
    var dynamic = Self.route(family, metric: 9)
    dynamic.origin = UInt8(RTPROT_DHCP)
    try place.add(dynamic)
    try place.add(.unreachable(dynamic.destination, metric: 10))
    try place.execute(Special(route: Self.route(family, metric: 11), type: UInt8(RTN_BLACKHOLE)))
    if family == .ipv4 {
      var other = Self.route(family, metric: 13)
      other.table = 220
      // There may be no other tables.
      try? place.add(other)
    }
    let routes = try place.routes().filter { $0.destination.family == family }
    #expect(routes.count >= 4)
    for route in routes {
      try place.delete(route)
      #expect(try !place.routes().contains(route), "\(route)")
    }
  }

  @Test("takes a route with several ways whole")
  func severalWays() throws {
    var place = try Self.place()
    let asked = Special(route: Self.route(.ipv4), hops: [1, 2])
    // Not every kernel has these.
    guard (try? place.execute(asked)) != nil else { return }
    let found = try #require(
      try place.routes().first { $0.destination == asked.route.destination })
    try place.delete(found)
    #expect(try !place.routes().contains { $0.destination == asked.route.destination })
  }

  @Test("without a metric leaves one with another metric alone", arguments: families)
  func metric(family: AddressFamily) throws {
    var place = try Self.place()
    let (ours, theirs) = (Self.route(family), Self.route(family, metric: 5))
    try place.add(theirs)
    #expect(throws: Self.gone) { try place.delete(ours) }
    #expect(try place.routes().contains(Self.listed(theirs)))
    try place.add(ours)
    try place.delete(ours)
    #expect(try place.routes().contains(Self.listed(theirs)))
    #expect(try !place.routes().contains(Self.listed(ours)))
    try place.delete(theirs)
    #expect(try !place.routes().contains { $0.destination == theirs.destination })
  }

  @Test(
    "leaves one of another kind in its place alone",
    .enabled(if: hasVeth, "no veth in this kernel"), arguments: families)
  func kind(family: AddressFamily) throws {
    let namespace = try NetworkNamespace.create()
    var place = try Self.place(in: namespace)
    // With IPv6 what leads out of the loopback interface drops packets, too.
    let (end, other) = (InterfaceName("here0", index: 7), InterfaceName("there0", index: 8))
    try place.addVethPair(end, peer: other, in: namespace)
    for interface in [end, other] { try place.changeInterface(interface.name, isUp: true) }
    var theirs = Self.route(family, metric: 7)
    theirs.interfaceIndex = end.index
    try place.add(theirs)
    let guarding = Route.unreachable(theirs.destination, metric: 7)
    #expect(throws: Self.gone) { try place.delete(guarding) }
    #expect(try place.routes().contains(Self.listed(theirs)))
    try place.delete(theirs)
    try place.add(guarding)
    #expect(throws: Self.gone) { try place.delete(theirs) }
    try place.delete(guarding)
    #expect(throws: Self.gone) { try place.delete(guarding) }
  }

  @Test("leaves one that somebody else made in its place alone", arguments: families)
  func origin(family: AddressFamily) throws {
    var place = try Self.place()
    var theirs = Self.route(family)
    theirs.origin = UInt8(RTPROT_ZEBRA)
    try place.add(theirs)
    #expect(throws: Self.gone) { try place.delete(Self.route(family)) }
    #expect(try place.routes().contains(Self.listed(theirs)))
  }

  @Test(
    "takes one whose source went with its address",
    .enabled(if: families.contains(.ipv6), "no IPv6 in this kernel"))
  func lostSource() throws {
    var place = try Self.place()
    let address = IPPrefix(.v6(0x2001_0db8_0001_0000, 1))
    try place.addAddress(address, to: "lo")
    var asked = Self.route(.ipv6)
    asked.source = address.address
    try place.add(asked)
    try place.deleteAddress(address, from: "lo")
    let left = try place.routes().first { $0.destination == asked.destination }
    #expect(left != nil && left?.source == nil)
    try place.delete(asked)
    #expect(try !place.routes().contains { $0.destination == asked.destination })
  }

  @Test("takes no list of all routes, which may be long, where packets take it or it has a metric")
  func brief() throws {
    var place = try Self.place()
    let ours = Self.route(.ipv4)
    let guarding = Route.unreachable(ours.destination, metric: 1)
    for (route, count) in [(ours, 2), (guarding, 1)] {
      try place.add(ours)
      try place.add(guarding)
      let interference = Interference()
      try interference.during { () throws(NetlinkError) in try place.delete(route) }
      #expect(interference.sendCount == count)
      try place.delete(route == ours ? guarding : ours)
    }
  }
}

private let hasVeth: Bool = {
  do {
    let namespace = try NetworkNamespace.create()
    var route = try RouteConnection(in: namespace)
    let other = InterfaceName("there0")
    try route.addVethPair(InterfaceName("here0"), peer: other, in: namespace)
    return true
  } catch {
    return false
  }
}()

/// `RTM_NEWROUTE` for what the product never adds.
private struct Special: NetlinkRequest {
  var route: Route
  var type = UInt8(RTN_UNICAST)
  /// The weights of its ways, all out of the same interface.
  var hops: [UInt8] = []

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWROUTE)) }
  var messageFlags: MessageFlags { [.create, .exclusive] }

  func encode(into message: inout MessageBuilder) {
    var info = RouteInfo()
    info.family = UInt8(truncatingIfNeeded: route.destination.family.rawValue)
    info.destinationLength = route.destination.length
    info.table = UInt8(RT_TABLE_MAIN.rawValue)
    info.routeProtocol = route.origin
    info.type = type
    message.append(info)
    message.append(.routeDestination) { $0.append(route.destination.address) }
    message.append(.routeMetric, route.metric)
    if hops.isEmpty {
      if type == UInt8(RTN_UNICAST) { message.append(.routeInterface, route.interfaceIndex) }
    } else {
      message.append(.routeNextHops) { ways in
        for weight in hops {
          // `struct rtnexthop`, without attributes.
          ways.append(UInt16(8))
          ways.append(UInt8(0))
          ways.append(weight - 1)
          ways.append(route.interfaceIndex)
        }
      }
    }
  }
}
