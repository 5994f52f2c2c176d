import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// The program is killed before one of its calls, each in its turn, and the next run finishes what
  /// it began: the old configuration or the new one, and no packet in clear meanwhile.
  @Suite("Killed under a flood", Bed.needsSpeed)
  struct KillTests {
    private let watch: LeakWatch
    private let gateway: ManagedGateway

    init() throws {
      watch = try LeakWatch()
      gateway = try ManagedGateway(watch.gateway)
    }

    @Test("plans for policies", Bed.startsQuickly)
    func policies() async throws {
      let every = LeakWatch.policies { _ in true }
      let plans = [
        (every, LeakWatch.policies { $0 != 3 }),
        (every, LeakWatch.policies(protected: { $0 > 3 })),
        (every, LeakWatch.policies(protected: { _ in true }, count: 4)),
        (every, LeakWatch.policies(protected: { _ in true }, peer: "192.0.2.9")),
        (
          LeakWatch.policies { $0.isMultiple(of: 2) },
          LeakWatch.policies(protected: { !$0.isMultiple(of: 2) }, allFirst: true)
        ),
      ]
      let most = 24 * (Bed.waves ?? 1)
      try gateway.apply(try gateway.configuration("first.yaml", every))
      var kills = Kills()
      let seen = try await watch.watch(perSecond: Bed.flood / 4) {
        for (number, (old, new)) in plans.enumerated() {
          let pair = [
            try gateway.configuration("\(number)-old.yaml", old),
            try gateway.configuration("\(number)-new.yaml", new),
          ]
          for way in [pair, pair.reversed()] {
            try await kill(from: way[0], to: way[1], atMost: most, &kills)
          }
        }
      }
      print("\(kills)\n\(seen)")
      #expect(seen.clear == 0)
      #expect(seen.isComplete && seen.offered >= Bed.leastPackets, "\(seen)")
      #expect(kills.count >= 200)
      #expect(kills.underWay >= kills.count / 3)
      #expect(kills.medianRecovery < .seconds(1) && kills.longestRecovery < .seconds(10))
    }

    @Test("plans for SAs", Bed.needsESP)
    func associations() async throws {
      let tunnel = try LeakTunnel(watch, gateway)
      let most = 5 * (Bed.waves ?? 1)
      try gateway.apply(tunnel.generations[0])
      var kills = Kills()
      let seen = try await watch.watch(perSecond: Bed.flood / 4) {
        try await kill(from: tunnel.generations[0], to: tunnel.generations[1], atMost: most, &kills)
        try await kill(from: tunnel.generations[1], to: tunnel.generations[0], atMost: most, &kills)
      }
      print("\(kills)\n\(seen)")
      #expect(seen.clear == 0 && seen.esp > 0)
      #expect(seen.isComplete && seen.offered >= Bed.leastPackets, "\(seen)")
      #expect(kills.underWay >= kills.count / 3)
      #expect(kills.medianRecovery < .seconds(3))
    }

    @Test("but who fails was not killed")
    func control() {
      #expect(!gateway.tool.run("apply /nowhere", killedAtCall: 1_000).isKilled)
      #expect("\(Kills())".hasPrefix("killed 0 times"))
    }

    /// Kills the program at calls that are spread over all that it makes, and lets it recover.
    private func kill(
      from old: ManagedGateway.Applicable, to new: ManagedGateway.Applicable, atMost most: Int,
      _ kills: inout Kills
    ) async throws {
      let line = "apply \(new.path) \(gateway.folders)"
      try gateway.apply(old)
      let before = try Objects(of: watch.gateway)
      let whole = gateway.tool.run(line, killedAtCall: nil)
      #expect(!whole.isKilled)
      let after = try Objects(of: watch.gateway)
      #expect(try after != before && gateway.drift(from: new).isEmpty)
      kills.note(steps: try gateway.apply(old).plan.steps.count)

      let times = min(whole.calls, most)
      for time in 0..<times {
        let call = whole.calls * time / times
        #expect(gateway.tool.run(line, killedAtCall: call).isKilled)
        let isUnderWay = try gateway.manager.status().recovery != nil
        let clock = ContinuousClock()
        var duration = try await clock.measure { try await gateway.run("recover") }
        let reached = try Objects(of: watch.gateway)
        #expect(reached == before || reached == after, "killed at call \(call) of \(whole.calls)")
        let goal = reached == before ? old : new
        // Before old SAs go it waits on purpose, for packets that are under way: that is not counted.
        if duration > PlanOptions().drain { duration -= PlanOptions().drain }
        #expect(try gateway.drift(from: goal).isEmpty)
        kills.note(isUnderWay: isUnderWay, isForward: reached == after, duration)
        if reached == after { try gateway.apply(old) }
      }
    }
  }
}

/// What became of all that were killed.
private struct Kills: CustomStringConvertible {
  private(set) var count = 0
  /// How many of them had begun to change the kernel.
  private(set) var underWay = 0
  private var forward = 0
  private var durations: [Duration] = []
  private var steps: [Int] = []

  /// Zero where there was nothing to recover from, as is the longest.
  var medianRecovery: Duration {
    durations.isEmpty ? .zero : durations.sorted()[durations.count / 2]
  }
  var longestRecovery: Duration { durations.max() ?? .zero }

  mutating func note(steps count: Int) { steps.append(count) }

  mutating func note(isUnderWay: Bool, isForward: Bool, _ duration: Duration) {
    count += 1
    forward += isForward ? 1 : 0
    guard isUnderWay else { return }
    underWay += 1
    durations.append(duration)
  }

  var description: String {
    "killed \(count) times in plans of \(steps.min() ?? 0) to \(steps.max() ?? 0) steps: "
      + "\(underWay) under way, \(forward) came to the new; a recovery took "
      + "\(medianRecovery), at most \(longestRecovery), waiting for packets under way not counted"
  }
}

/// Everything in a namespace's databases, but for what may differ from one apply to the next: the
/// indexes and the priorities' numbers, of which the drift tells whether they are in order.
private struct Objects: Equatable {
  private var policies: Set<String>
  private var associations: Set<SecurityAssociationID>
  private var count: Int

  init(of node: Node) throws {
    var xfrm = try node.xfrm()
    let found = try xfrm.policies()
    policies = Set(
      found.map {
        "\($0) \($0.action) \($0.templates) \(Ranges.guardPriorities.contains($0.priority))"
      })
    associations = Set(try xfrm.associations().map(\.id))
    count = found.count
  }
}
