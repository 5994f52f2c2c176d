import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// No packet leaves in clear that is to be protected, whatever the manager does. A flood of packets
  /// goes by meanwhile, and the same watch sees what careless changes let out.
  @Suite("No clear packet", Bed.needsSpeed)
  struct LeakTests {
    private let watch: LeakWatch
    private let gateway: ManagedGateway

    init() throws {
      watch = try LeakWatch()
      gateway = try ManagedGateway(watch.gateway)
    }

    @Test("while policies change, move, come and go")
    func policies() async throws {
      let texts = [
        LeakWatch.policies { $0.isMultiple(of: 2) },
        LeakWatch.policies(protected: { !$0.isMultiple(of: 2) }, allFirst: true),
        LeakWatch.policies(protected: { _ in true }, count: 5),
        LeakWatch.policies(protected: { _ in true }, peer: "192.0.2.9"),
      ]
      let configurations = try texts.enumerated().map {
        try gateway.configuration("\($0.offset).yaml", $0.element)
      }
      try gateway.apply(configurations[0])
      let wanted = Bed.name == "host" ? 2_000 * (Bed.waves ?? 1) : 300
      var (applied, replaced) = (0, 0)
      let seen = try await watch.watch(perSecond: Bed.flood) {
        while replaced < wanted {
          applied += 1
          let prepared = try gateway.apply(configurations[applied % configurations.count])
          #expect(!prepared.plan.steps.contains { $0.effect == .cleartext })
          replaced += prepared.replacements
        }
      }
      print("\(replaced) policies replaced in \(applied) applies: \(seen)")
      #expect(seen.clear == 0)
      #expect(seen.isComplete, "\(seen.all) captured, \(seen.sent) sent")
      #expect(seen.isEnough, "\(seen)")
    }

    @Test("but whoever deletes policies and adds them again lets packets out, every time")
    func control() async throws {
      try gateway.apply(
        try gateway.configuration("a.yaml", LeakWatch.policies { $0.isMultiple(of: 2) }))
      let policies = try XFRMClient.policies(of: watch.gateway).count
      var seen: [Int] = []
      for _ in 0..<5 {
        let sighting = try await watch.watch(perSecond: Bed.flood) {
          try watch.replaceCarelessly(Bed.name == "host" ? 400 : 60)
        }
        #expect(sighting.clear > 0 && sighting.isComplete, "\(sighting)")
        seen.append(sighting.clear)
      }
      print("\(policies) policies deleted and added again, five times: \(seen) in clear")
    }

    @Test("the watch waits for what is still in a queue when the flood ends")
    func queue() async throws {
      let host = try PrivateTool(in: watch.sites.a.host.namespace)
      let slowed = try await host.shell(
        "tc qdisc add dev eth0 root tbf rate 1mbit burst 2kb limit 100kb")
      try #require(slowed.status == 0, "\(slowed.complaint)")
      let before = try InterfaceCounters(of: "lan", on: watch.gateway).received
      let seen = try await watch.watch(perSecond: 4_000) {}
      try await Task.sleep(for: .milliseconds(500))
      let arrived = try InterfaceCounters(of: "lan", on: watch.gateway).received - before
      // Neighbours may have spoken besides.
      #expect(seen.isComplete && seen.clear + seen.beacons >= arrived - 20, "\(seen)")
    }
  }
}

extension Bed {
  /// Packets a second that are offered.
  static let flood = name == "host" ? 120_000 : 4_000
  /// How many must be offered in all, however long a busy machine takes for it.
  static let leastPackets = name == "host" ? 50_000 : 2_000
  /// What a machine that does nothing else must reach at least. At a sixth of 100,000 careless
  /// changes still let out thousands of packets in each run of the control, so that a tenth is enough
  /// to see them.
  static let leastFlood = name == "host" ? 10_000 : 1_000

  static let startsQuickly = ConditionTrait.enabled(
    if: name == "host", "hundreds of starts of the program are for the host")
  static let isAboutProcesses = ConditionTrait.enabled(
    if: name == "host", "what becomes of processes is the same on every kernel: see the host")
  /// For what the journal, the history and the ledger decide, not the kernel; to be left out where
  /// each start of the program takes a good part of a second.
  static let isAboutDecisions = ConditionTrait.enabled(
    if: name == "host",
    "what is decided without the kernel is the same on every kernel: see the host")
  static let needsSpeed = ConditionTrait.enabled(
    if: !isEmulated, "bed \(name) is too slow for what is about time")
  /// Seconds in which something can be done before a deadline comes.
  static let soon = name == "host" ? 3 : name == "uml" ? 6 : 30
}

extension XFRMClient {
  fileprivate static func policies(of node: Node) throws -> [Policy] {
    var xfrm = try node.xfrm()
    return try xfrm.policies()
  }
}
