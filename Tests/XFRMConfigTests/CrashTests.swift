import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Whatever is cut short at whatever moment, the next run finishes it, forwards or backwards, and
/// no packet slips through.
@Suite struct CrashTests {
  @Test(arguments: 0..<16 as Range<UInt64>)
  func everyMomentIsAGoodOneToDie(seed: UInt64) throws {
    var states = RandomStates(dice: Dice(seed: seed))
    let (first, second) = (states.state(generation: 1), states.state(generation: 2))
    var start = Machine()
    try start.apply(first)
    var end = start
    try end.apply(second)
    let verdicts = RandomStates.packets.map { packet in
      (
        packet,
        [.dropped, start.kernel.verdict(leaving: packet), end.kernel.verdict(leaving: packet)]
      )
    }

    var moments = 0
    for moment in 0... {
      var machine = start
      machine.lifetime = moment
      let survived = (try? machine.apply(second)) != nil
      if survived { break }
      moments += 1
      for target in [second, first] {
        var revived = machine
        revived.lifetime = nil
        try revived.apply(target) { kernel in
          for (packet, safe) in verdicts {
            let verdict = kernel.verdict(leaving: packet)
            #expect(
              safe.contains(verdict), "seed \(seed), moment \(moment): \(packet) is \(verdict)")
          }
        }
        try expectNoOrphans(revived, wanted: target)
      }
    }
    #expect(moments > 0)
  }

  /// What the origin had may be gone: whoever begins anew does not lead back to it either.
  @Test func whatHasSwitchedHasSwitchedForTheNextRun() throws {
    var switched = 0
    for seed in 0..<10 as Range<UInt64> {
      var states = RandomStates(dice: Dice(seed: seed))
      let (first, second) = (states.state(generation: 1), states.state(generation: 2))
      let third = states.state(generation: 3)
      var start = Machine()
      try start.undertake(first) { plan, _ in .whole(plan, to: "first", from: nil) }
      for moment in 0... {
        var machine = start
        machine.lifetime = moment
        let survived =
          (try? machine.undertake(second) { plan, _ in
            .whole(plan, to: "second", from: "first")
          }) != nil
        if survived { break }
        let cut = try Journal(machine.bytes).recovery
        machine.lifetime = 1
        try? machine.undertake(third) { plan, _ in .whole(plan, to: "third", from: "first") }
        let recovery = try #require(try Journal(machine.bytes).recovery)
        #expect(recovery.isForward == (cut?.isForward == true), "seed \(seed), moment \(moment)")
        #expect(recovery.goal == (recovery.isForward ? "third" : "first"))
        switched += recovery.isForward ? 1 : 0
      }
    }
    #expect(switched > 0)
  }

  @Test func whatARunHasChangedIsKnownToTheNext() throws {
    var journal = Journal(boot: "b", namespace: 1)
    let open = DefaultActions(incoming: .accept, forwarded: .accept, outgoing: .accept)
    for target in ["second", "third"] {
      journal.note(.started(target: target, origin: "first"))
      journal.note(.changingDefaults(from: target == "second" ? open : DefaultActions()))
      journal.note(.changingSetting(SettingEntry("a.b", "1"), from: target))
    }
    #expect(journal.underWay?.defaults == open)
    #expect(journal.underWay?.settings == ["a.b": "second"])
    journal.note(.committed("third"))
    journal.note(.started(target: "fourth", origin: "third"))
    #expect(journal.underWay?.defaults == nil && journal.underWay?.settings == [:])
  }

  private func expectNoOrphans(_ machine: Machine, wanted state: DesiredState) throws {
    let again = try Planner(
      state, on: machine.kernel.snapshot(), holding: Journal(machine.bytes).holdings,
      options: .everythingAllowed
    ).plan()
    #expect(again.isEmpty)
    #expect(machine.kernel.policies.count == state.policies.count)
    #expect(machine.kernel.associations.count == state.associations.count)
  }

  @Test func aJournalMayEndAnywhere() throws {
    var states = RandomStates(dice: Dice(seed: 7))
    var machine = Machine()
    for generation in 1...3 as ClosedRange<UInt32> {
      try machine.apply(states.state(generation: generation))
    }
    let header = machine.bytes.prefix { $0 != UInt8(ascii: "\n") }.count + 1
    var known: Set<XFRMConfig.Tag> = []
    for count in 0...machine.bytes.count {
      let part = Array(machine.bytes.prefix(count))
      if count < header {
        #expect(throws: JournalDamage.notAJournal) { try Journal(part) }
      } else {
        let journal = try Journal(part)
        known.formUnion(journal.holdings.policies.keys)
      }
    }
    #expect(!known.isEmpty)
  }

  @Test func aChangedByteIsFoundOut() throws {
    var machine = Machine()
    var states = RandomStates(dice: Dice(seed: 8))
    try machine.apply(states.state(generation: 1))
    let whole = try Journal(machine.bytes)
    for index in machine.bytes.indices {
      for flip in [1, 0x20, 0x80] as [UInt8] {
        var bytes = machine.bytes
        bytes[index] ^= flip
        // Only the end of the last line can be taken for one that was cut off.
        if let journal = try? Journal(bytes) {
          #expect(index == bytes.count - 1 && journal != whole || journal == whole, "\(index)")
        }
      }
    }
  }

  @Test func aSummaryTellsTheSame() throws {
    var machine = Machine()
    var states = RandomStates(dice: Dice(seed: 9))
    for generation in 1...3 as ClosedRange<UInt32> {
      try machine.apply(states.state(generation: generation))
      let journal = try Journal(machine.bytes)
      let short = journal.summary.flatMap { $0.line.bytes }
      #expect(try Journal(short) == journal)
    }
  }
}
