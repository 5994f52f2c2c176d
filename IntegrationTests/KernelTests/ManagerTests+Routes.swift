import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// Routes into xfrm interfaces, beside those of others.
  @Suite("The manager's routes", Bed.needsXFRMInterface)
  struct ManagerRouteTests {
    let node: Node
    let other: Node
    let gateway: ManagedGateway

    init() throws {
      (node, other) = (try Node("a"), try Node("b"))
      gateway = try ManagedGateway(node)
      var route = try RouteConnection(in: node.namespace)
      try route.addVethPair(
        InterfaceName("eth0"), peer: InterfaceName("eth0"), in: other.namespace)
      try route.changeInterface("eth0", isUp: true)
      for address in ["192.0.2.1/24", "2001:db8::1/64"] {
        try route.addAddress(try #require(IPPrefix(address)), to: "eth0")
      }
    }

    /// A configuration with an interface and routes through it, and nothing else.
    private func configuration(
      _ interface: String, _ id: UInt32, _ destinations: [IPPrefix], source: IPAddress? = nil
    ) throws -> ManagedGateway.Applicable {
      var applicable = try gateway.configuration("\(interface).yaml", "connections: []")
      if !destinations.isEmpty {
        applicable.state.interfaces = [InterfaceEntry(interface, interfaceID: id)]
      }
      applicable.state.routes = destinations.map {
        RouteEntry(to: $0, through: interface, source: source)
      }
      return applicable
    }

    /// The interfaces that packets to some addresses may leave by, and their sources.
    private func ways(to destination: IPPrefix) throws -> [String] {
      var route = try RouteConnection(in: node.namespace)
      let names = Dictionary(
        try route.links().map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
      return try route.routes().filter { $0.destination == destination }.map {
        [names[$0.interfaceIndex], $0.source.map { "\($0)" }].compactMap { $0 }
          .joined(separator: " ")
      }
    }

    @Test(
      "somebody's own is refused, not taken for one of ours",
      arguments: ["10.2.0.0/16", "2001:db8:2::/48"])
    func others(_ text: String) async throws {
      let destination = try #require(IPPrefix(text))
      let wanted = try configuration("ipsec0", 7, [destination])
      var route = try RouteConnection(in: node.namespace)
      var theirs = Route(to: destination)
      theirs.interfaceIndex = try route.interfaceIndex("eth0")
      try route.add(theirs)
      var remedy = ""
      do { try gateway.apply(wanted) } catch ManagerFailure.noPlan(let problems) {
        remedy = problems.problems.map(\.remedy).joined()
      }
      #expect(try ways(to: destination) == ["eth0"])
      // That namespace has no name.
      #expect(
        remedy
          == "delete it: `ip route delete \(destination) dev eth0` in its network namespace")
      // What is told can be pasted.
      let deleted = try await gateway.tool.shell(
        remedy.split(separator: "`").dropFirst().first.map(String.init) ?? "")
      #expect(try deleted.status == 0 && ways(to: destination).isEmpty, "\(deleted.complaint)")
      try gateway.apply(wanted)
      #expect(try ways(to: destination) == ["ipsec0"])
      #expect(try gateway.drift(from: wanted).isEmpty)
      // Put before it later, it is found.
      try route.replace(theirs)
      #expect(try gateway.drift(from: wanted).map(\.kind) == [.obstructed])
    }

    @Test(
      "one follows another in one step, and one is left",
      arguments: ["10.2.0.0/16", "2001:db8:2::/48"])
    func moves(_ text: String) throws {
      let destination = try #require(IPPrefix(text))
      let source = IPAddress(destination.family == .ipv4 ? "192.0.2.1" : "2001:db8::1")
      try gateway.apply(try configuration("ipsec0", 7, [destination]))
      #expect(try ways(to: destination) == ["ipsec0"])
      let sourced = try configuration("ipsec0", 7, [destination], source: source)
      try gateway.apply(sourced)
      #expect(try ways(to: destination) == ["ipsec0 \(try #require(source))"])
      #expect(try gateway.apply(sourced).plan.isEmpty)
      let moved = try configuration("ipsec1", 8, [destination])
      try gateway.apply(moved)
      #expect(try ways(to: destination) == ["ipsec1"])
      #expect(try gateway.apply(moved).plan.isEmpty)
      #expect(try gateway.drift(from: moved).isEmpty)
      let none = try configuration("none", 0, [])
      // Its packets would take another way.
      #expect(throws: ManagerFailure.self) { try gateway.apply(none) }
      #expect(try ways(to: destination) == ["ipsec1"])
      try gateway.apply(none, allowing: [text])
      #expect(try ways(to: destination) == [])
    }

    @Test("one whose source went with an address of the host is deleted once it is not wanted")
    func lostSource() throws {
      let destination = try #require(IPPrefix("2001:db8:2::/48"))
      let source = try #require(IPAddress("2001:db8::1"))
      let way = try configuration("ipsec0", 7, [destination], source: source)
      try gateway.apply(way)
      var route = try RouteConnection(in: node.namespace)
      try route.deleteAddress(try #require(IPPrefix("2001:db8::1/64")), from: "eth0")
      #expect(try ways(to: destination) == ["ipsec0"])
      // The interface stays, and would not take it along.
      var without = try configuration("ipsec0", 7, [])
      without.state.interfaces = way.state.interfaces
      try gateway.apply(without, allowing: ["\(destination)"])
      #expect(try ways(to: destination) == [])
      #expect(try gateway.drift(from: without).isEmpty)
    }

    @Test("an interface that has the name of ours by now stays", arguments: [7, 9] as [UInt32])
    func interfaces(_ id: UInt32) throws {
      try gateway.apply(
        try configuration("ipsec0", 7, [try #require(IPPrefix("10.2.0.0/16"))]))
      var route = try RouteConnection(in: node.namespace)
      try route.deleteInterface("ipsec0")
      try route.add(InterfaceName("ipsec0"), XFRMInterface(id: id))
      try gateway.apply(try configuration("none", 0, []))
      let left = try route.interfaces(XFRMInterface.self).map(\.kind.id)
      // What is the same in all that was asked for cannot be told from ours.
      #expect(left == (id == 7 ? [] : [id]))
    }
  }
}
