import Testing
import XFRMKit

@testable import XFRMConfig

/// Interfaces and routes: in which places there may be others', and how one of ours follows another.
@Suite("Plans for a host")
struct HostPlanTests {
  private static let place = "10.2.0.0/16"

  private static func route(
    _ interface: String, _ source: String? = nil, to place: String = place
  ) throws -> RouteEntry {
    RouteEntry(
      to: try #require(IPPrefix(place)), through: interface,
      source: source.flatMap { IPAddress($0) })
  }

  /// The plan for a route, on a host that has some of which some are ours.
  private func plan(
    _ wanted: RouteEntry?, on host: HostState, holding held: [RouteEntry] = [],
    isWayBack: Bool = false
  ) throws -> Plan {
    var (state, holdings, snapshot) = (DesiredState(), Holdings(), KernelSnapshot())
    state.routes = wanted.map { [$0] } ?? []
    holdings.routes = Set(held)
    snapshot.host = host
    var options = PlanOptions()
    options.isWayBack = isWayBack
    // What becomes of packets is another matter: RouteGuardPlanTests.
    options.allowsAllCleartext = true
    return try Planner(state, on: snapshot, holding: holdings, options: options).plan()
  }

  private func problems(_ body: () throws -> Plan) -> [PlanProblem] {
    do {
      _ = try body()
      return []
    } catch {
      return (error as? PlanProblems)?.problems ?? []
    }
  }

  private func kinds(_ body: () throws -> Plan) -> [PlanProblem.Kind] {
    problems(body).map(\.kind)
  }

  @Test("where another leads to the same addresses there is no plan; to others it may lead")
  func others() throws {
    let wanted = try Self.route("ipsec0")
    var host = HostState()
    #expect(try plan(wanted, on: host).count(of: .add) == 1)
    host.otherRoutes = [try #require(IPPrefix("10.3.0.0/16")): "10.3.0.0/16 dev eth0"]
    #expect(try plan(wanted, on: host).count(of: .add) == 1)
    host.otherRoutes = [wanted.destination: "10.2.0.0/16 via 192.0.2.9 dev eth0"]
    #expect(kinds { try plan(wanted, on: host) } == [.taken])
    // Who goes back does not stay for that.
    let back = try plan(wanted, on: host, isWayBack: true)
    #expect(back.isEmpty)
    // But it is told.
    #expect(back.warnings == problems { try plan(wanted, on: host) }.map { "\($0)" })
    // Though ours is there, too.
    host.routes = [wanted]
    #expect(kinds { try plan(wanted, on: host, holding: [wanted]) } == [.taken])
    host.otherRoutes = [:]
    #expect(try plan(wanted, on: host, holding: [wanted]).isEmpty)
    // Another xfrm interface need not be ours.
    host.routes = [try Self.route("theirs")]
    #expect(kinds { try plan(wanted, on: host) } == [.taken])
  }

  @Test(
    "one takes the place of another in one step, and nothing is deleted behind it",
    arguments: [("ipsec1", nil), ("ipsec0", "10.1.0.1")] as [(String, String?)])
  func replacement(_ interface: String, _ source: String?) throws {
    let (old, new) = (try Self.route("ipsec0"), try Self.route(interface, source))
    var host = HostState()
    host.routes = [old]
    let plan = try plan(new, on: host, holding: [old])
    #expect(plan.count(of: .change) == 1 && plan.count(of: .add) == 0)
    #expect(plan.count(of: .remove) == 0)
    var (holdings, replaced) = (Holdings(), [RouteEntry?]())
    holdings.routes = [old]
    for step in plan.steps {
      if case .addRoute(new, let old) = step.action { replaced.append(old) }
      host.note(step)
      holdings.note(step)
    }
    #expect(replaced == [old] && host.routes == [new] && holdings.routes == [new])
    #expect(try self.plan(new, on: host, holding: Array(holdings.routes)).isEmpty)
  }

  @Test("the command that deletes another's is told, in its network namespace")
  func deletion() throws {
    let wanted = try Self.route("ipsec0")
    var host = HostState()
    func remedies() -> [String] { problems { try plan(wanted, on: host) }.map(\.remedy) }
    host.routes = [try Self.route("theirs"), try Self.route("others")]
    #expect(remedies() == ["delete it: `ip route delete 10.2.0.0/16 dev others`"])
    host.otherRoutes = [wanted.destination: "10.2.0.0/16 via 192.0.2.9 dev eth0"]
    host.namespace = "red"
    #expect(
      remedies() == ["delete it: `ip -n red route delete 10.2.0.0/16 via 192.0.2.9 dev eth0`"])
  }

  private static let longPlace = "2001:db8:2::/48"

  @Test(
    "one that has lost its source with an address of the host is ours, and becomes what is wanted",
    arguments: ["2001:db8::1", "2001:db8::2", nil])
  func lostSource(_ source: String?) throws {
    let lost = try Self.route("ipsec0", "2001:db8::1", to: Self.longPlace)
    let bare = try Self.route("ipsec0", to: Self.longPlace)
    let wanted = try Self.route("ipsec0", source, to: Self.longPlace)
    var (host, holdings) = (HostState(), Holdings())
    (host.routes, holdings.routes) = ([bare], [lost])
    let plan = try plan(wanted, on: host, holding: [lost])
    #expect(plan.count(of: .change) == 1 && plan.count(of: .remove) == 0)
    #expect(!plan.steps.contains { $0.reason.isEmpty })
    for step in plan.steps {
      host.note(step)
      holdings.note(step)
    }
    #expect(host.routes == [wanted] && holdings.routes == [wanted])
    #expect(try self.plan(wanted, on: host, holding: [wanted]).isEmpty)
  }

  @Test("one that has lost its source and is not wanted any more is deleted, not forgotten")
  func unwantedRemnant() throws {
    let lost = try Self.route("ipsec0", "2001:db8::1", to: Self.longPlace)
    let bare = try Self.route("ipsec0", to: Self.longPlace)
    var host = HostState()
    host.routes = [bare]
    let plan = try plan(nil, on: host, holding: [lost])
    #expect(plan.count(of: .remove) == 1)
    for step in plan.steps { host.note(step) }
    #expect(host.routes.isEmpty)
    // It stays where it is wanted by now.
    host.routes = [bare]
    #expect(try self.plan(bare, on: host, holding: [bare, lost]).count(of: .remove) == 0)
    // Of IPv4 the kernel leaves nothing, so that it is somebody else's.
    host.routes = [try Self.route("ipsec0")]
    let short = try Self.route("ipsec0", "10.1.0.1")
    #expect(try self.plan(nil, on: host, holding: [short]).count(of: .remove) == 0)
  }

  @Test("one that is not wanted any more is deleted, and only forgotten if it is gone")
  func unwanted() throws {
    let old = try Self.route("ipsec0")
    var host = HostState()
    host.routes = [old]
    #expect(try plan(nil, on: host, holding: [old]).count(of: .remove) == 1)
    host.routes = []
    let gone = try plan(nil, on: host, holding: [old])
    #expect(!gone.isEmpty && gone.count(of: .remove) == 0)
  }

  @Test("an interface is deleted if it is the one that was made, and only forgotten if not")
  func interfaces() throws {
    var (holdings, snapshot) = (Holdings(), KernelSnapshot())
    holdings.interfaces = ["ipsec0": InterfaceEntry("ipsec0", interfaceID: 7)]
    for (id, deletions) in [(7, 1), (8, 0), (nil, 0)] as [(UInt32?, Int)] {
      var host = HostState()
      host.interfaces["ipsec0"] = id.map { InterfaceState($0) }
      snapshot.host = host
      let plan = try Planner(DesiredState(), on: snapshot, holding: holdings).plan()
      #expect(plan.count(of: .remove) == deletions)
      var left = holdings
      for step in plan.steps { left.note(step) }
      #expect(left.interfaces.isEmpty)
    }
  }

  /// A host that adds routes and has none of them.
  private struct Forgetful: HostSettings {
    var isForgetful: Bool

    func add(_ interface: InterfaceEntry) {}
    func delete(_ interface: InterfaceEntry) {}
    func delete(
      _ address: IPPrefix, from interface: InterfaceEntry, keeping routes: [RouteEntry]
    ) {}
    func add(_ guard: RouteGuard) {}
    func delete(_ guard: RouteGuard) {}
    func lacking(_ guards: [RouteGuard]) -> [RouteGuard] { isForgetful ? guards : [] }
    func add(_ route: RouteEntry, replacing old: RouteEntry?) {}
    func delete(_ route: RouteEntry) {}
    func ineffective(_ routes: [RouteEntry]) -> [RouteEntry] { isForgetful ? routes : [] }
    func change(_ setting: SettingEntry) {}
    func wait(_ duration: Duration) {}
  }

  @Test("routes are read back", arguments: [true, false])
  func verification(_ isForgetful: Bool) throws {
    let plan = try plan(Self.route("ipsec0"), on: HostState())
    let life = Life(left: nil)
    var executor = Executor(
      kernel: MortalKernel(model: KernelModel(), life: life) { _ in },
      journal: MortalJournal(bytes: [], life: life), host: Forgetful(isForgetful: isForgetful),
      keys: RandomKeys())
    var failure: ApplyFailure?
    do throws(ApplyFailure) { try executor.carryOut(plan.steps) } catch { failure = error }
    if case .different(let differences) = failure {
      #expect(isForgetful && differences.map(\.object) == [ObjectName(Self.place, "route")])
    } else {
      #expect(!isForgetful && failure == nil)
    }
  }
}
