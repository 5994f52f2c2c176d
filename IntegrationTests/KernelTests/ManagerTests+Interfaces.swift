import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// What interfaces are like, and become.
  @Suite("The manager's interfaces", Bed.needsXFRMInterface)
  struct ManagedInterfaceTests {
    let gateway: RoutedGateway

    init() throws { gateway = try RoutedGateway([.ipv4]) }

    private struct Look: Equatable {
      var mtu: UInt32
      var addresses: Set<String>
    }

    /// As the interface is, but for what the kernel gives it.
    private func look() throws -> Look {
      var route = try RouteConnection(in: gateway.sites.a.gateway.namespace)
      let link = try #require(try route.links().first { $0.name == "ipsec0" })
      let own = try route.addresses().map(\.prefix).filter { prefix in
        "\(prefix)".hasPrefix("10.") || "\(prefix)".hasPrefix("fd")
      }
      let others = Set(["10.1.0.1/24"])
      return Look(mtu: link.mtu, addresses: Set(own.map { "\($0)" }).subtracting(others))
    }

    private func configuration(
      _ name: String, mtu: Int? = nil, _ addresses: [String] = [], source: String? = nil
    ) throws -> ManagedGateway.Applicable {
      try gateway.configuration("\(name).yaml", mtu: mtu, addresses: addresses, source: source)
    }

    @Test("addresses and length of packets become others, and somebody else's stay")
    func changes() throws {
      try gateway.managed.apply(try configuration("a", mtu: 1400, ["10.9.0.1/24", "fd09::1/64"]))
      #expect(try look() == Look(mtu: 1400, addresses: ["10.9.0.1/24", "fd09::1/64"]))
      try gateway.change {
        try $0.addAddress(try #require(IPPrefix("10.8.0.1/24")), to: "ipsec0")
      }
      let second = try configuration("b", ["10.9.1.1/24", "fd09::1/64"])
      try gateway.managed.apply(second)
      #expect(
        try look()
          == Look(mtu: 1500, addresses: ["10.8.0.1/24", "10.9.1.1/24", "fd09::1/64"]))
      #expect(try gateway.managed.drift(from: second).isEmpty)
      #expect(try gateway.managed.apply(second).plan.isEmpty)
    }

    @Test("what somebody changes is drift, and is mended")
    func drift() throws {
      let wanted = try configuration("a", mtu: 1400, ["10.9.0.1/24"])
      try gateway.managed.apply(wanted)
      try gateway.change { route in
        try route.changeInterface("ipsec0", mtu: 1300)
        try route.deleteAddress(try #require(IPPrefix("10.9.0.1/24")), from: "ipsec0")
      }
      let drift = try gateway.managed.drift(from: wanted)
      #expect(
        drift.map { "\($0.kind) \($0.object)" } == [
          "changed ipsec0/interface", "missing 10.2.0.0/24/route",
        ])
      // With the last address of IPv4 the kernel takes all its routes.
      #expect(drift.first?.explanation == "mtu 1300 -> 1400, without 10.9.0.1/24")
      try gateway.managed.apply(wanted)
      #expect(try look() == Look(mtu: 1400, addresses: ["10.9.0.1/24"]))
    }

    @Test("what an address takes along when it goes comes back: others of its subnet, and routes")
    func subnet() throws {
      try gateway.managed.apply(
        try configuration("a", ["10.9.0.1/24", "10.9.0.2/24"], source: "10.9.0.2"))
      let second = try configuration("b", ["10.9.0.2/24"], source: "10.9.0.2")
      try gateway.managed.apply(second)
      #expect(try look().addresses == ["10.9.0.2/24"])
      #expect(try gateway.managed.drift(from: second).isEmpty)
      #expect(try gateway.send() == (0, 16))
      // With the last one the kernel takes all routes.
      let third = try configuration("c")
      try gateway.managed.apply(third)
      #expect(try look().addresses.isEmpty)
      #expect(try gateway.managed.drift(from: third).isEmpty)
      #expect(try gateway.send() == (0, 16))
    }

    @Test("nothing of a trial stays when it goes back")
    func trial() throws {
      let first = try configuration("a", mtu: 1400, ["10.9.0.1/24"])
      try gateway.managed.apply(first)
      let tried = try configuration("b", ["10.9.1.1/24"])
      let manager = gateway.managed.manager
      var options = PlanOptions()
      options.drain = .zero
      _ = try manager.apply(
        tried.recorded, tried.state, options: options,
        trial: Trial(for: .seconds(3_600)) { _ in }, keys: gateway.managed.key)
      // The old address is there until somebody confirms it.
      #expect(try look() == Look(mtu: 1500, addresses: ["10.9.0.1/24", "10.9.1.1/24"]))
      let pending = try #require(try manager.pending())
      _ = try manager.recover(pending.recovery, to: first.state, keys: gateway.managed.key)
      #expect(try look() == Look(mtu: 1400, addresses: ["10.9.0.1/24"]))
      #expect(try gateway.managed.drift(from: first).isEmpty)

      _ = try manager.apply(
        tried.recorded, tried.state, options: options,
        trial: Trial(for: .seconds(3_600)) { _ in }, keys: gateway.managed.key)
      _ = try manager.confirm(
        try #require(try manager.pending()), tried.state, keys: gateway.managed.key)
      #expect(try look() == Look(mtu: 1500, addresses: ["10.9.1.1/24"]))
    }
  }
}
