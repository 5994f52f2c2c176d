import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What has to be confirmed: whoever is killed at whatever moment, the kernel comes to the old
/// configuration or to the new one, no packet slips through, and no key is needed for the way back.
@Suite struct TrialTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func everyMomentOfATrialLeadsBack(seed: UInt64) throws {
    let world = try World(seed)
    try world.killing(world.start, { try $0.tryOut(world) }) { machine in
      let journal = try machine.journal
      guard journal.underWay != nil else {
        // Not even the first line was written.
        #expect(machine.kernel == world.start.kernel)
        return
      }
      let pending = try #require(journal.pending)
      #expect(!pending.isVerified && pending.recovery.goal == "first")
      #expect(journal.recovery == pending.recovery)
      try machine.leadBack(world)
      try world.expectOld(machine)
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func everyMomentOfTheWayBackIsAGoodOneToDie(seed: UInt64) throws {
    let world = try World(seed)
    var trial = world.start
    try trial.tryOut(world)
    let pending = try #require(try trial.journal.pending)
    #expect(pending.isVerified && pending.configuration == "second")
    // Nothing was cut short: somebody is waited for.
    #expect(try trial.journal.recovery == nil)
    try world.killing(trial, { try $0.leadBack(world) }) { machine in
      // It may have been but to tell of it.
      if try machine.journal.underWay != nil { try machine.leadBack(world) }
      try world.expectOld(machine)
    }
    try trial.leadBack(world)
    try world.expectOld(trial)
    #expect(try trial.journal.rolledBack?.configuration == "second")
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func everyMomentOfAConfirmationLeadsToOneOfBoth(seed: UInt64) throws {
    let world = try World(seed)
    var trial = world.start
    try trial.tryOut(world)
    try world.killing(trial, { try $0.confirm(world) }) { machine in
      if let recovery = try machine.journal.recovery {
        #expect(recovery.isForward && recovery.goal == "second")
        try machine.confirm(world)
        try world.expectNew(machine)
      } else {
        try machine.leadBack(world)
        try world.expectOld(machine)
      }
    }
    try trial.confirm(world)
    try world.expectNew(trial)
    #expect(try trial.journal.rolledBack == nil)
  }

  /// Who is cut off only by what goes in the end has confirmed it by then, and does not come back.
  @Test func aTrialShowsWhatItEndsWith() throws {
    var taken = 0
    for seed in 0..<30 as Range<UInt64> {
      let world = try World(seed)
      var trial = world.start
      try trial.tryOut(world)
      #expect(Set(trial.kernel.policies.map(\.key)) == Set(world.end.kernel.policies.map(\.key)))
      for packet in RandomStates.packets {
        let verdict = trial.kernel.verdict(leaving: packet)
        #expect(verdict == world.end.kernel.verdict(leaving: packet), "seed \(seed): \(packet)")
        taken += verdict == world.start.kernel.verdict(leaving: packet) ? 0 : 1
      }
    }
    #expect(taken > 0)
  }

  /// Policies that move past others are barred meanwhile; nobody may have to confirm through that.
  @Test func nobodyIsCutOffUntilItIsConfirmed() throws {
    var barred = 0
    for seed in 0..<60 as Range<UInt64> {
      let world = try World(seed, isReordered: true)
      var trial = world.start
      try trial.tryOut(world)
      #expect(!trial.kernel.policies.contains { $0.selector.user == Ranges.barUser })
      barred += world.bars ? 1 : 0
    }
    #expect(barred > 0)
  }

  @Test func whatIsNotAsItWasAskedForLeadsBack() throws {
    var journal = Journal(boot: "b", namespace: 1)
    journal.note(.committed("first"))
    journal.note(.started(target: "second", origin: "first"))
    let prefix = try #require(IPPrefix("192.0.2.0/24"))
    journal.note(.puttingRoute(RouteEntry(to: prefix, through: "ipsec0")))
    #expect(journal.recovery?.isForward == true)
    journal.note(.returning)
    #expect(journal.recovery?.isForward == false && journal.recovery?.goal == "first")
    // Where there is no way back it leads on.
    journal.note(.lifted)
    #expect(journal.recovery?.isForward == true)
  }

  @Test func recordsAreReadAsTheyWereWritten() throws {
    let records: [JournalRecord] = [
      .awaiting(deadline: 12), .verified, .lifted, .returning,
      .rolledBack(target: "second", at: 34),
      .changingDefaults(from: DefaultActions(incoming: .block, outgoing: .accept)),
    ]
    for record in records {
      let bytes = record.line.bytes.dropLast()
      #expect(JournalLine(bytes[...]).flatMap { JournalRecord($0) } == record)
    }
  }

  @Test func settingsGoBackToWhatTheyWere() throws {
    var journal = Journal(boot: "b", namespace: 1)
    journal.note(.started(target: "second", origin: "first"))
    for (name, old) in [("a.said", "0"), ("b.first", "0"), ("b.first", "1"), ("c.new", "")] {
      journal.note(.changingSetting(SettingEntry(name, "2"), from: old))
    }
    var first = DesiredState()
    first.settings = [SettingEntry("a.said", "7")]
    let goal = try #require(journal.underWay).restored(to: first)
    #expect(goal.settings == first.settings + [SettingEntry("b.first", "0")])
    #expect(goal.defaultActions == nil)
  }

  /// The control: were old SAs not kept, the way back would need their keys.
  @Test func afterItIsConfirmedTheWayBackNeedsKeys() throws {
    var (kept, lost) = (0, 0)
    for seed in 0..<20 as Range<UInt64> {
      let world = try World(seed)
      var machine = world.start
      try machine.tryOut(world)
      kept += try machine.plan(to: world.first).unrepeatable.count
      try machine.confirm(world)
      lost += try machine.plan(to: world.first).unrepeatable.count
    }
    #expect(kept == 0 && lost > 0)
  }
}

/// Two configurations, and a machine that has the first.
private struct World {
  let first: DesiredState
  let second: DesiredState
  let start: Machine
  /// What it comes to without a trial.
  let end: Machine
  let bars: Bool
  /// What may become of each packet meanwhile.
  private let verdicts: [(PacketFlow, Set<PacketVerdict>)]

  /// - Parameter isReordered: Whether the second has the first's policies in another order.
  init(_ seed: UInt64, isReordered: Bool = false) throws {
    var states = RandomStates(dice: Dice(seed: seed))
    var first = states.state(generation: 1)
    var second = isReordered ? states.reordered(first) : states.state(generation: 2)
    // Either says nothing of what no policy matches, or drops it.
    let block = DefaultActions(incoming: .block, forwarded: .block, outgoing: .block)
    if seed % 3 == 1 { second.defaultActions = block }
    if seed % 3 == 2 {
      let accept = DefaultActions(incoming: .accept, forwarded: .accept, outgoing: .accept)
      (first.defaultActions, second.defaultActions) = (block, accept)
    }
    (self.first, self.second) = (first, second)
    var machine = Machine()
    try machine.undertake(first) { plan, _ in .whole(plan, to: "first", from: nil) }
    start = machine
    bars = try machine.plan(to: second).steps.contains { $0.object.part.hasSuffix("-move") }
    try machine.undertake(second) { plan, _ in .whole(plan, to: "second", from: "first") }
    end = machine
    verdicts = RandomStates.packets.map { [start, end] packet in
      let both = [start, end].map { $0.kernel.verdict(leaving: packet) }
      return (packet, Set(both + [.dropped]))
    }
  }

  /// Lets it die at every moment of something, and be found so.
  func killing(
    _ machine: Machine, _ deed: (inout Machine) throws -> Void,
    _ found: (inout Machine) throws -> Void
  ) throws {
    for moment in 0... {
      var mortal = machine
      mortal.lifetime = moment
      if (try? deed(&mortal)) != nil {
        #expect(moment > 0)
        return
      }
      mortal.lifetime = nil
      try found(&mortal)
    }
  }

  /// After every operation.
  func check(_ kernel: KernelModel) {
    for (packet, allowed) in verdicts {
      let verdict = kernel.verdict(leaving: packet)
      #expect(allowed.contains(verdict), "\(packet) is \(verdict)")
    }
  }

  func expectOld(_ machine: Machine) throws {
    try expect(machine, "first", first, as: start)
  }

  func expectNew(_ machine: Machine) throws {
    try expect(machine, "second", second, as: end)
  }

  private func expect(
    _ machine: Machine, _ name: String, _ state: DesiredState, as other: Machine
  ) throws {
    let journal = try machine.journal
    #expect(journal.committed == name && journal.underWay == nil)
    #expect(try machine.plan(to: state).isEmpty)
    #expect(machine.kernel.policies.count == state.policies.count)
    #expect(machine.kernel.defaultActions == other.kernel.defaultActions)
    // The same ones with the same keys, and no other.
    #expect(
      Set(machine.kernel.associations.map(\.spi)) == Set(other.kernel.associations.map(\.spi)))
    for packet in RandomStates.packets {
      let verdict = machine.kernel.verdict(leaving: packet)
      #expect(verdict == other.kernel.verdict(leaving: packet))
    }
  }
}

extension Machine {
  fileprivate var journal: Journal { get throws { try Journal(bytes) } }

  fileprivate func plan(to state: DesiredState) throws -> Plan {
    try Planner(
      state, on: kernel.snapshot(), holding: journal.holdings, options: .everythingAllowed
    ).plan()
  }

  fileprivate mutating func tryOut(_ world: World) throws {
    try undertake(world.second, check: world.check) { plan, _ in
      .trial(plan, to: "second", from: "first", until: 1)
    }
  }

  fileprivate mutating func confirm(_ world: World) throws {
    try undertake(world.second, check: world.check) { plan, _ in .rest(plan, to: "second") }
  }

  fileprivate mutating func leadBack(_ world: World) throws {
    let goal = try journal.underWay?.restored(to: world.first) ?? world.first
    try undertake(goal, check: world.check) { plan, journal in
      // No key is fetched.
      #expect(!plan.steps.contains { $0.change == .add && $0.kind == "sa" })
      let recovery = journal.pending?.recovery ?? journal.recovery
      return .back(plan, from: "second", to: recovery?.goal, at: 1)
    }
  }
}
