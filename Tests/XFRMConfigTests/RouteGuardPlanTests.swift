import Testing
import XFRMKit

@testable import XFRMConfig

/// What stands behind routes into interfaces, and what is asked before either goes.
@Suite("Guards of routes")
struct RouteGuardPlanTests {
  private static func text(
    strict: Bool = true, routes: Bool = true, namespace: String = ""
  ) -> String {
    """
    connections:
    - name: a
      kind: site-to-site
      local: {address: 192.0.2.1, subnets: [10.1.0.0/16, "fd01::/64"]}
      remote: {address: 192.0.2.2, subnets: [10.2.0.0/16, "fd02::/64"]}
      interface: {name: ipsec0, if-id: 7, routes: \(routes)}
      strict: \(strict)
    """
  }

  private static let places = ["10.2.0.0/16", "fd02::/64"]

  /// A host that does what it is told, and what of it is ours.
  private struct World {
    var kernel = KernelModel()
    var host = HostState()
    var holdings = Holdings()

    func plan(
      _ state: DesiredState, allowing entries: Set<String> = []
    ) throws(PlanProblems) -> Plan {
      var snapshot = kernel.snapshot()
      snapshot.host = host
      for entry in state.settings { snapshot.host?.settings[entry.name] = entry.value }
      var options = PlanOptions()
      options.cleartextAllowed = entries
      return try Planner(state, on: snapshot, holding: holdings, options: options).plan()
    }

    mutating func apply(
      _ state: DesiredState, allowing entries: Set<String> = [],
      check: (World, PlanStep) -> Void = { _, _ in }
    ) throws {
      for step in try plan(state, allowing: entries).steps {
        let operation = step.action.operation {
          $0.keyed(with: .random(count: $0.protection.keyBytes)) ?? $0.association
        }
        if let operation { try kernel.perform(operation) }
        host.note(step)
        holdings.note(step)
        check(self, step)
      }
    }

    /// The routes of an interface go with it.
    mutating func loseInterface() {
      host.interfaces = [:]
      host.routes = []
    }
  }

  private func problems(_ body: () throws -> Plan) -> [PlanProblem] {
    do {
      _ = try body()
      return []
    } catch {
      return (error as? PlanProblems)?.problems ?? []
    }
  }

  @Test("each remote network of a strict connection has one, and guards alone have them, too")
  func expansion() throws {
    let state = try expand(Self.text()).state
    #expect(state.routeGuards.map { "\($0.destination)" } == Self.places)
    #expect(state.routeGuards.map { "\($0.name)" } == ["a/guard-route", "a/guard-route.2"])
    #expect(state.guardsOnly.routeGuards == state.routeGuards)
    #expect(try expand(Self.text(strict: false)).state.routeGuards.isEmpty)
    // Behind the routes themselves, and before all others.
    #expect(state.routeGuards.map(\.route.metric) == [1, 1025])
  }

  @Test("where there are no routes of ours somebody is told that no guard sees to it")
  func warning() throws {
    let found = try expand(Self.text(routes: false)).findings
    #expect(found.map(\.severity) == [.warning] && found[0].message.contains("no guard"))
    #expect(try expand(Self.text()).findings.isEmpty)
    #expect(try expand(Self.text(strict: false, routes: false)).findings.isEmpty)
    let entry = """
      spd:
      - name: p
        direction: outbound
        if-id: 7
        traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16}
        reqid: 1
        processing-info:
          action: protect
          ipsec-sa-cfg: {mode: tunnel, tunnel: {local: 192.0.2.1, remote: 192.0.2.2}}
      """
    #expect(try expand(entry).findings.contains { $0.message.contains("no guard") })
  }

  @Test("they come before policies and routes, and go behind them")
  func order() throws {
    let state = try expand(Self.text()).state
    var world = World()
    try world.apply(state) { world, step in
      if !world.host.routes.isEmpty || step.phase >= .policies {
        #expect(world.host.routeGuards.count == 2, "\(step.object)")
      }
    }
    #expect(try world.plan(state).isEmpty)
    #expect(world.host.routes.count == 2)
    try world.apply(DesiredState(), allowing: ["a"]) { world, step in
      if !world.host.routes.isEmpty || step.phase < .withdraw {
        #expect(world.host.routeGuards.count == 2, "\(step.object)")
      }
    }
    #expect(world.host.routeGuards.isEmpty && world.holdings.routeGuards.isEmpty)
  }

  @Test("guards alone add them, take nothing away, and the whole follows")
  func guardsAlone() throws {
    let state = try expand(Self.text()).state
    var world = World()
    try world.apply(state.guardsOnly)
    #expect(world.host.routeGuards.count == 2 && world.host.routes.isEmpty)
    try world.apply(state)
    let whole = world.host
    try world.apply(state.guardsOnly)
    #expect(world.host == whole)
    // Where somebody has taken the interface away they are all that is left.
    world.loseInterface()
    #expect(world.host.routeGuards.count == 2)
    #expect(try world.plan(state).steps.contains { $0.object.part == "interface" })
  }

  @Test("a route that is not wanted any more has to be allowed, by the name of its connection")
  func withdrawal() throws {
    for strict in [true, false] {
      var world = World()
      try world.apply(try expand(Self.text(strict: strict)).state)
      let without = try expand(Self.text(strict: strict, routes: false)).state
      let refused = problems { try world.plan(without) }
      #expect(refused.count == 2 && refused.allSatisfy { $0.kind == .cleartext }, "\(refused)")
      #expect(refused.allSatisfy { $0.object.entry == "a" }, "\(refused)")
      let plan = try world.plan(without, allowing: ["a"])
      #expect(plan.steps.count { $0.effect == .cleartext } == 2)
      try world.apply(without, allowing: ["a"])
      #expect(world.host.routes.isEmpty && world.host.routeGuards.isEmpty)
    }
  }

  @Test("an interface has to be allowed to go that others' routes lead into")
  func othersRoutes() throws {
    var world = World()
    let state = try expand(Self.text(routes: false)).state
    try world.apply(state)
    world.host.routes = [
      RouteEntry(to: try #require(IPPrefix("10.2.0.0/16")), through: "ipsec0")
    ]
    var without = state
    without.interfaces = []
    #expect(problems { try world.plan(without) }.map(\.object.description) == ["a/interface"])
    #expect(problems { try world.plan(without, allowing: ["a"]) }.isEmpty)
    // One that comes with an address leads to nothing that is protected.
    world.host.routes = [
      RouteEntry(to: try #require(IPPrefix("10.9.0.0/24")), through: "ipsec0")
    ]
    #expect(problems { try world.plan(without) }.isEmpty)
  }

  @Test("nothing has to be allowed where packets are caught elsewhere")
  func caught() throws {
    var world = World()
    let state = try expand(Self.text()).state
    try world.apply(state)
    // Policies are stricter than need be: this is about routes.
    var wider = state
    wider.routes = try ["10.0.0.0/8", "fd00::/8"].map {
      RouteEntry(to: try #require(IPPrefix($0)), through: "ipsec0")
    }
    wider.routeGuards = []
    #expect(problems { try world.plan(wider) }.isEmpty)
    wider.routes.removeLast()
    #expect(problems { try world.plan(wider) }.count == 1)
    // Not strict any more: what leads into the interface does.
    #expect(problems { try world.plan(expand(Self.text(strict: false)).state) }.isEmpty)
  }

  @Test("one that somebody deleted is planned again, and another's in its place is told of")
  func lost() throws {
    let state = try expand(Self.text()).state
    var world = World()
    try world.apply(state)
    let place = try #require(IPPrefix("10.2.0.0/16"))
    world.host.routeGuards.remove(place)
    #expect(try world.plan(state).steps.map { "\($0.object)" } == ["a/guard-route", "host/all"])
    world.host.routeGuardPlaces[place] = "10.2.0.0/16 via 192.0.2.9 dev eth0 metric 1"
    let refused = problems { try world.plan(state) }
    #expect(refused.map(\.kind) == [.taken])
    // Guards alone are as many as there can be.
    let guards = try world.plan(state.guardsOnly)
    #expect(guards.steps.isEmpty && guards.warnings == refused.map { "\($0)" })
  }

  @Test("they are journaled, and not taken for what treats packets otherwise")
  func journal() throws {
    let entry = try expand(Self.text()).state.routeGuards[1]
    var journal = Journal(boot: "b", namespace: 1)
    for record in [
      .started(target: "new", origin: nil), .puttingRouteGuard(entry), .done,
    ] as [JournalRecord] {
      #expect(JournalRecord(record.line) == record)
      journal.note(record)
    }
    #expect(journal.holdings.routeGuards == [entry.destination: entry.name])
    #expect(journal.underWay?.hasSwitched == false)
    #expect(journal.summary.contains(.puttingRouteGuard(entry)))
    let deletion = JournalRecord.deletingRouteGuard(entry)
    #expect(JournalRecord(deletion.line) == deletion)
    for record in [deletion, .done] { journal.note(record) }
    #expect(journal.holdings.routeGuards.isEmpty && journal.underWay?.hasSwitched == true)
  }
}
