import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// From one generation of keys to the next: whatever one end sends, the other can take, at every
/// moment and whoever dies.
@Suite("Rotation")
struct RotationTests {
  /// What a host goes through.
  private static let stages: [KeyGenerations] = [
    .settled(1), .receiving(old: 1, new: 2), .sending(old: 1, new: 2), .settled(2),
  ]

  // MARK: Phases

  @Test("phases come in order, the same twice does nothing, and a wrong one says which is first")
  func phases() throws {
    let stages = Self.stages
    for (number, phase) in RotationPhase.allCases.enumerated() {
      #expect(try stages[number].after(phase, newest: 2) == stages[number + 1])
      #expect(try stages[number + 1].after(phase, newest: 2) == stages[number + 1])
      #expect(try stages[number].after(nil, newest: 2) == .settled(2))
      // Behind the last there is nothing to do, whatever is asked for.
      #expect(try stages[3].after(phase, newest: 2) == stages[3])
    }
    func first(_ stage: KeyGenerations, _ phase: RotationPhase, _ newest: UInt32) -> RotationPhase?
    {
      do throws(RotationProblem) {
        _ = try stage.after(phase, newest: newest)
        return nil
      } catch {
        return error.first
      }
    }
    #expect(first(.settled(1), .outbound, 2) == .inbound)
    #expect(first(.settled(1), .retire, 2) == .inbound)
    #expect(first(stages[1], .retire, 2) == .outbound)
    #expect(first(stages[2], .inbound, 3) == .retire)
    #expect(first(stages[2], .inbound, 2) == nil)
    #expect(try stages[1].after(nil, newest: 3) == .settled(3))
  }

  @Test("what is kept of it is read again, and nothing else is", arguments: Self.stages)
  func words(_ stage: KeyGenerations) {
    #expect(KeyGenerations(words: stage.words) == stage)
    for text in ["", "x", "1 2", "2 1 inbound", "1 2 retire", "1 2 inbound ", " 1", "-1"] {
      #expect(KeyGenerations(words: text) == nil, "\(text)")
    }
  }

  // MARK: Two hosts

  private struct Bundles: KeyBundles {
    var use: KeyGenerations
    /// Whether the ends are swapped.
    var isFar: Bool

    private func bundle(_ generation: UInt32) -> KeyBundle {
      let key = KeyReference.bundle(connection: "a", generation: generation)
      let halves = [0x5800_1000, 0x5800_2000].map {
        KeyBundle.Half(spi: SPI(rawValue: $0 + generation), key: key)
      }
      return KeyBundle(
        connection: "a", generation: generation, requestID: 0x5800_0007,
        incoming: halves[isFar ? 1 : 0], outgoing: halves[isFar ? 0 : 1])
    }

    func current(of connection: String) -> KeyBundle? { bundle(use.current) }
    func other(of connection: String) -> KeyBundle? { use.other.map(bundle) }
  }

  private struct Host {
    var machine = Machine()
    let isFar: Bool
    let mode: String

    init(isFar: Bool, mode: String) {
      self.isFar = isFar
      self.mode = mode
    }

    func state(_ use: KeyGenerations) throws -> DesiredState {
      let (here, there) = isFar ? (2, 1) : (1, 2)
      return try expand(
        """
        connections:
        - name: a
          kind: host-to-host
          mode: \(mode)
          local: {address: 192.0.2.\(here)}
          remote: {address: 192.0.2.\(there)}
        """, Bundles(use: use, isFar: isFar)
      ).state
    }

    /// One that has gone through so many stages.
    static func at(_ stage: Int, isFar: Bool, _ mode: String) throws -> Host {
      var host = Host(isFar: isFar, mode: mode)
      for use in RotationTests.stages[...stage] { try host.machine.apply(host.state(use)) }
      return host
    }
  }

  /// Whether what one sends is protected, and taken by the other.
  private static func delivers(_ sender: KernelModel, _ receiver: KernelModel, isFar: Bool) -> Bool
  {
    let (near, far) = (IPAddress.v4(0xc000_0201), IPAddress.v4(0xc000_0202))
    let packet = PacketFlow(from: isFar ? far : near, to: isFar ? near : far, proto: .udp)
    guard case .protected(let ids) = sender.verdict(leaving: packet) else { return false }
    return receiver.admits(packet, through: ids)
  }

  @Test("no packet is lost, wherever either end is in a phase, and whenever one dies in it")
  func everyMoment() throws {
    var moments = 0
    for mode in ["transport", "tunnel"] {
      for stage in 0..<3 {
        for (isFar, ahead) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
          let other = try Host.at(stage + ahead, isFar: !isFar, mode).machine.kernel
          let start = try Host.at(stage, isFar: isFar, mode)
          @Sendable func expectDelivery(_ kernel: KernelModel) {
            #expect(Self.delivers(kernel, other, isFar: isFar), "stage \(stage), \(mode)")
            #expect(Self.delivers(other, kernel, isFar: !isFar), "stage \(stage), \(mode)")
          }
          for moment in 0... {
            var host = start
            host.machine.lifetime = moment
            let next = try host.state(Self.stages[stage + 1])
            let survived = (try? host.machine.apply(next, check: expectDelivery)) != nil
            if survived { break }
            moments += 1
            for goal in [stage + 1, stage] {
              var revived = host
              revived.machine.lifetime = nil
              try revived.machine.apply(
                revived.state(Self.stages[goal]), check: expectDelivery)
              try expectNothingToDo(revived, Self.stages[goal])
            }
          }
        }
      }
    }
    #expect(moments > 100)
  }

  private func expectNothingToDo(_ host: Host, _ use: KeyGenerations) throws {
    let machine = host.machine
    let plan = try Planner(
      host.state(use), on: machine.kernel.snapshot(),
      holding: try Journal(machine.bytes).holdings
    ).plan()
    #expect(plan.isEmpty, "\(plan.steps.map(\.reason))")
  }

  @Test("control: an end that is a phase ahead of the barrier is not understood")
  func control() throws {
    for (ahead, behind) in [(2, 0), (3, 1)] {
      let near = try Host.at(ahead, isFar: false, "transport").machine.kernel
      let far = try Host.at(behind, isFar: true, "transport").machine.kernel
      let isHeard = Self.delivers(near, far, isFar: false)
      let hears = Self.delivers(far, near, isFar: true)
      #expect(!(isHeard && hears))
    }
  }

  @Test("old SAs that are gone are not put back, as their keys were used")
  func gone() throws {
    var host = try Host.at(2, isFar: false, "tunnel")
    let old = try #require(
      host.machine.kernel.snapshot().associations.first { $0.spi.rawValue == 0x5800_2001 })
    try host.machine.kernel.perform(.deleteAssociation(old.id))
    try expectNothingToDo(host, Self.stages[2])
    // Of those that stay, one that is gone is missed.
    let new = try #require(
      host.machine.kernel.snapshot().associations.first { $0.spi.rawValue == 0x5800_2002 })
    try host.machine.kernel.perform(.deleteAssociation(new.id))
    let plan = try Planner(
      host.state(Self.stages[2]), on: host.machine.kernel.snapshot(),
      holding: try Journal(host.machine.bytes).holdings
    ).plan()
    #expect(plan.steps.map { "\($0.object)" } == ["a/out#2", "host/all"])
  }

  @Test("old SAs go when nothing has left through them for the grace, and not before")
  func drain() throws {
    let host = try Host.at(2, isFar: false, "transport")
    let plan = try Planner(
      host.state(.settled(2)), on: host.machine.kernel.snapshot(),
      holding: try Journal(host.machine.bytes).holdings
    ).plan()
    #expect(
      plan.steps.map { "\($0.phase) \($0.object)" }
        == ["verify host/all", "drain host/all", "retire a/out#1", "retire a/in#1"])
    // Whatever is told of them.
    var steps = plan.steps
    for index in steps.indices { steps[index].reason = "" }
    for (busyWaits, isDone) in [(0, true), (3, true), (100, false)] {
      var executor = Executor(
        kernel: BusyKernel(model: host.machine.kernel, busyReads: busyWaits),
        journal: NoJournal(), host: NoHost(), keys: RandomKeys())
      do throws(ApplyFailure) {
        try executor.carryOut(steps)
        #expect(isDone)
      } catch {
        #expect(!isDone && "\(error)" == "packets still leave through a/out#1")
      }
      let left = executor.kernel.model.snapshot().associations.count
      #expect(left == (isDone ? 2 : 4))
    }
  }

  // MARK: What is kept

  @Test(
    "a configuration is another with other keys, and rotations drive no other out of the history")
  func history() throws {
    let folder = try TemporaryFolder()
    let history = History(in: folder.path)
    func configuration(_ text: String, _ use: KeyGenerations) -> RecordedConfiguration {
      RecordedConfiguration(
        file: "a", host: "h", variables: [:], texts: ["a": text], keys: ["c": use])
    }
    let first = configuration("first", .settled(1))
    try history.add(first, at: 1, keeping: [])
    var last = first
    for number in 1...40 as ClosedRange<UInt32> {
      let before = last
      last = configuration("second", .receiving(old: number, new: number + 1))
      #expect(last.id != before.id)
      try history.add(last, at: UInt64(number) + 1, keeping: [before.id])
      #expect(try history.entry(before.id)?.configuration == before)
    }
    #expect(try history.entry(first.id)?.configuration == first)
    #expect(try history.entries().count == 3)
  }

  @Test("another key for an SA that stays is found out, and one that nobody knew before is not")
  func otherKey() throws {
    var host = Host(isFar: false, mode: "transport")
    var state = try host.state(.settled(1))
    for index in state.associations.indices {
      state.associations[index].keyFingerprint = "7e19aaaaaaaaaaa\(index)"
    }
    try host.machine.apply(state)
    let holdings = try Journal(host.machine.bytes).holdings
    let snapshot = host.machine.kernel.snapshot()
    #expect(try Planner(state, on: snapshot, holding: holdings).plan().isEmpty)
    state.associations[0].keyFingerprint = "41bc"
    #expect {
      try Planner(state, on: snapshot, holding: holdings).plan()
    } throws: { error in
      let problems = (error as? PlanProblems)?.problems ?? []
      return problems.count == 1 && "\(problems[0])".contains("key of an SA cannot be changed")
    }
    var forgetful = holdings
    for tag in forgetful.associations.keys { forgetful.associations[tag]?.keyFingerprint = "" }
    #expect(try Planner(state, on: snapshot, holding: forgetful).plan().isEmpty)
  }
}

/// A kernel in which packets leave through every SA, for so many looks at one.
private struct BusyKernel: Databases {
  var model: KernelModel
  var busyReads: Int
  private var packets: UInt64 = 0

  init(model: KernelModel, busyReads: Int) {
    self.model = model
    self.busyReads = busyReads
  }

  mutating func perform(_ operation: XFRMKit.Operation) throws(XFRMError) {
    try model.perform(operation)
  }

  mutating func performUntilRefusal(_ operations: [XFRMKit.Operation]) -> BatchResult {
    model.performUntilRefusal(operations)
  }

  mutating func association(
    _ id: SecurityAssociationID
  ) throws(XFRMError) -> SecurityAssociation {
    var association = try model.association(id)
    if busyReads > 0 {
      busyReads -= 1
      packets += 1
    }
    association.usage.packets = packets
    return association
  }

  func policy(_ key: PolicyKey) throws(XFRMError) -> Policy { try model.policy(key) }
  func snapshot() -> KernelSnapshot { model.snapshot() }
}

private struct NoJournal: JournalWriter {
  func append(_ records: [JournalRecord]) {}
}
