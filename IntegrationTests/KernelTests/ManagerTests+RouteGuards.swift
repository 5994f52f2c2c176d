import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// What is to be protected through an interface, while there is none. Packets tell.
  @Suite("Guards of routes", Bed.needsXFRMInterface)
  struct RouteGuardTests {
    let gateway: RoutedGateway
    /// Datagrams that leave in clear if nothing stops one: two senders, eight each.
    private let all: Int

    init() throws {
      gateway = try RoutedGateway()
      all = 16 * gateway.families.count
    }

    @Test("at boot nothing leaves in clear by guards alone, unless it is not strict")
    func boot() throws {
      #expect(try gateway.send() == (all, 0))
      var wanted = try gateway.configuration(isStrict: false)
      (wanted.recorded.guardsOnly, wanted.state) = (true, wanted.state.guardsOnly)
      try gateway.managed.apply(wanted)
      #expect(try gateway.send() == (all, 0))
      let whole = try gateway.configuration()
      (wanted.recorded, wanted.state) = (whole.recorded, whole.state.guardsOnly)
      wanted.recorded.guardsOnly = true
      try gateway.managed.apply(wanted)
      #expect(try gateway.send() == (0, 0))
      #expect(try gateway.managed.drift(from: wanted).isEmpty)
      // The whole gives them way.
      try gateway.managed.apply(whole)
      #expect(try gateway.send() == (0, all))
      #expect(try gateway.managed.apply(whole).plan.isEmpty)
      #expect(try gateway.managed.drift(from: whole).isEmpty)
    }

    @Test(
      "when somebody takes the interface away, nothing leaves in clear, unless it is not strict",
      arguments: [true, false], [true, false])
    func lostInterface(isStrict: Bool, isDeleted: Bool) throws {
      let wanted = try gateway.configuration(isStrict: isStrict)
      try gateway.managed.apply(wanted)
      #expect(try gateway.send() == (0, all))
      try gateway.change { route in
        if isDeleted {
          try route.deleteInterface("ipsec0")
        } else {
          try route.changeInterface("ipsec0", isUp: false)
        }
      }
      #expect(try gateway.send() == (isStrict ? 0 : all, 0))
      let drift = try gateway.managed.drift(from: wanted)
      #expect(
        drift.contains {
          $0.object == "ipsec0/interface" && $0.kind == (isDeleted ? .missing : .changed)
        }, "\(drift)")
      try gateway.managed.apply(wanted)
      #expect(try gateway.send() == (0, all))
      #expect(try gateway.managed.drift(from: wanted).isEmpty)
    }

    @Test("a guard that somebody deletes is drift, and comes back", arguments: [true, false])
    func lostGuard(isByGuards: Bool) throws {
      let whole = try gateway.configuration()
      try gateway.managed.apply(whole)
      try gateway.change { route in
        for entry in try route.routes() where entry.dropsPackets && entry.metric % 1024 == 1 {
          try route.delete(.unreachable(entry.destination, metric: entry.metric))
        }
        try route.deleteInterface("ipsec0")
      }
      #expect(try gateway.send() == (all, 0))
      let drift = try gateway.managed.drift(from: whole)
      #expect(drift.count { $0.object.contains("guard-route") } == gateway.families.count)
      var again = whole
      if isByGuards {
        (again.recorded.guardsOnly, again.state) = (true, whole.state.guardsOnly)
      }
      try gateway.managed.apply(again)
      #expect(try gateway.send() == (0, isByGuards ? 0 : all))
    }

    @Test("routes go if that is allowed, and their guards with them")
    func withdrawal() throws {
      try gateway.managed.apply(try gateway.configuration())
      let without = try gateway.configuration("b.yaml", hasRoutes: false)
      var refusals: [PlanProblem] = []
      do { try gateway.managed.apply(without) } catch ManagerFailure.noPlan(let problems) {
        refusals = problems.problems
      }
      #expect(
        refusals.count == gateway.families.count
          && refusals.allSatisfy { $0.kind == .cleartext && $0.object.entry == "sites" },
        "\(refusals)")
      #expect(try gateway.send() == (0, all))
      try gateway.managed.apply(without, allowing: ["sites"])
      #expect(try gateway.send() == (all, 0))
      let metrics = try routes(to: gateway.sites.b.network(.ipv4)).map(\.metric)
      #expect(metrics.isEmpty, "\(metrics)")
      #expect(try gateway.managed.drift(from: without).isEmpty)
    }

    @Test("another's route in the place of a guard is told of, and stops the whole")
    func obstruction() throws {
      let place = gateway.sites.b.network(.ipv4)
      try gateway.change { route in
        var theirs = Route(to: place)
        theirs.gateway = gateway.sites.b.gatewayAddress(.ipv4)
        theirs.metric = 1
        try route.add(theirs)
      }
      let whole = try gateway.configuration()
      #expect(throws: ManagerFailure.self) { try gateway.managed.apply(whole) }
      var guards = whole
      (guards.recorded.guardsOnly, guards.state) = (true, whole.state.guardsOnly)
      let applied = try gateway.managed.apply(guards)
      #expect(
        applied.plan.warnings.contains { $0.contains("route delete \(place) via") },
        "\(applied.plan.warnings)")
      // The other ones are there.
      #expect(try gateway.send().clear == 16)
    }

    private func routes(to destination: IPPrefix) throws -> [Route] {
      var route = try RouteConnection(in: gateway.sites.a.gateway.namespace)
      return try route.routes().filter { $0.destination == destination }
    }
  }
}
