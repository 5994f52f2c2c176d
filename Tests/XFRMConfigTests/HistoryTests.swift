import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What the manager keeps of configurations and plans.
@Suite struct HistoryTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func configuration(_ text: String) -> RecordedConfiguration {
    RecordedConfiguration(
      file: "a.yaml", host: "h", variables: ["x": "1"], texts: ["a.yaml": text])
  }

  @Test("the last twenty are kept, and those that are needed")
  func most() throws {
    let history = History(in: temporary.path)
    let first = configuration("first").id
    for number in 0..<30 {
      try history.add(
        configuration(number == 0 ? "first" : "\(number)"), at: UInt64(number), keeping: [first])
    }
    let texts = try history.entries().compactMap { $0.configuration.texts["a.yaml"] }
    #expect(texts.last == "29" && texts.first == "first" && texts.count == 21)
    try history.add(configuration("31"), at: 31, keeping: [])
    #expect(try history.entry(first) == nil)
  }

  @Test("applied again, one is the newest, and there once")
  func again() throws {
    let history = History(in: temporary.path)
    for text in ["a", "b", "a"] { try history.add(configuration(text), at: 1, keeping: []) }
    #expect(try history.entries().map { $0.configuration.texts["a.yaml"] } == ["b", "a"])
  }

  @Test("each namespace has its own, and what a file names that cannot be read is looked for")
  func namespaces() throws {
    let (own, red) = (History(in: temporary.path), History(in: temporary.path, of: "red"))
    func configuration(_ file: String, _ text: String) -> RecordedConfiguration {
      RecordedConfiguration(file: file, host: "", variables: [:], texts: [file: text])
    }
    let named = configuration("red.yaml", "namespace: red")
    try red.add(named, at: 1, keeping: [])
    #expect(try own.entries().isEmpty && own.latest(of: "a.yaml") == nil)
    for number in 0..<30 {
      try own.add(configuration("a.yaml", "spd: [] # \(number)"), at: 2, keeping: [])
    }
    try red.add(configuration("b.yaml", "spd: []"), at: 3, keeping: [])
    #expect(try red.entries().count == 2)
    #expect(try own.entries().allSatisfy { $0.configuration.id != named.id })
    // A namespace may be called otherwise by now.
    #expect(try own.entry(named.id)?.configuration == named)
    #expect(try own.latest(of: "red.yaml")?.configuration == named)
    #expect(try own.latest(of: nil)?.configuration.file == "a.yaml")
    // That names none, so it was another's by an option.
    #expect(try own.latest(of: "b.yaml")?.configuration.file == "a.yaml")
    #expect(try red.latest(of: "a.yaml")?.configuration.file == "b.yaml")
  }

  @Test("the way back leads to what was to stay, with more than guards and keys apart")
  func before() throws {
    let history = History(in: temporary.path)
    var guards = configuration("guards")
    guards.guardsOnly = true
    var rotated = configuration("c")
    rotated.keys = ["x": .settled(1)]
    let kept = configuration("a")
    for one in [kept, configuration("led back"), guards, rotated, configuration("c")] {
      try history.add(one, at: 1, keeping: [])
    }
    try history.markLedBack(configuration("led back").id)
    try history.markLedBack("00000000")
    let entries = try history.entries()
    #expect(entries.map(\.isLedBack) == [false, true, false, false, false])
    let present = try #require(entries.last)
    #expect(try history.entry(before: present)?.configuration == kept)
    #expect(try history.entry(before: try #require(entries.first)) == nil)

    // What fails last is no more what guards are taken of, until it is applied again.
    #expect(try history.latest(of: nil) == present)
    try history.markLedBack(present.configuration.id)
    #expect(try history.latest(of: nil)?.configuration == rotated)
    #expect(try history.entries().count { $0.configuration == rotated } == 1)
    try history.add(present.configuration, at: 2, keeping: [])
    #expect(try history.latest(of: nil)?.configuration == present.configuration)

    // Nor is what is on trial, or not reached yet, until it is confirmed.
    let trial = configuration("trial")
    try history.add(trial, at: 3, isUnconfirmed: true, keeping: [])
    #expect(try history.latest(of: nil)?.configuration == present.configuration)
    try history.markConfirmed(trial.id, keeping: [])
    #expect(try history.latest(of: nil)?.configuration == trial)
  }

  @Test("one that was to stay before is on trial all the same, and its trial takes no way back")
  func triedAgain() throws {
    let history = History(in: temporary.path)
    var (old, new) = (configuration("a"), configuration("b"))
    (old.keys, new.keys) = (["x": .settled(1)], ["x": .settled(1)])
    for one in [old, new] { try history.add(one, at: 1, keeping: []) }
    var rotated = old
    rotated.keys = ["x": .settled(2)]
    for trial in [old, rotated] {
      try history.add(trial, at: 2, isUnconfirmed: true, keeping: [])
      #expect(try history.entries().map(\.isUnconfirmed) == [false, false, true])
      #expect(try history.latest(of: nil)?.configuration == new)
      try history.markLedBack(trial.id)
      let entries = try history.entries()
      #expect(entries.map(\.isLedBack) == [false, false, true])
      #expect(try history.entry(before: entries[1])?.configuration == old)
      try history.add(trial, at: 3, isUnconfirmed: true, keeping: [])
    }
    try history.markConfirmed(rotated.id, keeping: [])
    #expect(try history.latest(of: nil)?.configuration == rotated)
    // Applied without a trial it is there once.
    try history.add(old, at: 4, keeping: [])
    #expect(try history.entries().map(\.configuration) == [new, old])
  }

  @Test("rotations that were tried and confirmed drive no others out, and take no way back")
  func confirmedRotations() throws {
    let history = History(in: temporary.path)
    let other = configuration("other")
    try history.add(other, at: 1, keeping: [])
    var committed = ""
    for generation in 1...UInt32(History.most + 4) {
      var rotated = configuration("a")
      rotated.keys = ["x": .settled(generation)]
      // As a journal has it that a trial leads back by.
      let kept: Set<String> = [committed, rotated.id]
      try history.add(rotated, at: 2, isUnconfirmed: true, keeping: kept)
      try history.markConfirmed(rotated.id, keeping: kept)
      #expect(try generation == 1 || history.entry(committed) != nil)
      committed = rotated.id
    }
    let left = try history.entries().map(\.configuration)
    #expect(left.count <= 3 && left.first == other && left.last?.id == committed)
  }

  @Test("what one is marked with stands where it is, under whatever name")
  func renamed() throws {
    let blue = History(in: temporary.path, of: "blue")
    let trial = configuration("trial")
    try blue.add(trial, at: 1, isUnconfirmed: true, keeping: [])
    try History(in: temporary.path, of: "green").markConfirmed(trial.id, keeping: [])
    #expect(try blue.entries().map(\.isUnconfirmed) == [false])
    #expect(try History(in: temporary.path, of: "green").entries().isEmpty)
  }

  @Test("texts come back to the letter")
  func letters() throws {
    let history = History(in: temporary.path)
    let text = "# é \u{1}\u{7f}\u{2028}😀\t\"\\\r\n- 12\n~\n\n"
    for text in [text, "", "12", "true"] {
      try history.add(configuration(text), at: 1, keeping: [])
      #expect(try history.entries().last?.configuration == configuration(text))
    }
  }

  @Test("guards alone are another configuration, and come back as such")
  func guardsOnly() throws {
    let history = History(in: temporary.path)
    var guards = configuration("a")
    guards.guardsOnly = true
    for one in [guards, configuration("a")] { try history.add(one, at: 1, keeping: []) }
    #expect(try history.entries().map(\.configuration) == [guards, configuration("a")])
    #expect(guards.id != configuration("a").id)
  }

  @Test("a file that was damaged is refused")
  func damaged() throws {
    let history = History(in: temporary.path)
    try history.add(configuration("a"), at: 1, keeping: [])
    #expect(try history.entries().count == 1)
    let path = "\(temporary.path)/history/0000000001.\(configuration("a").id).json"
    try Data("{}".utf8).write(to: URL(filePath: path))
    FileMode.set(0o600, of: path)
    #expect(throws: StoreProblem.self) { try history.entries() }
    // Guards are taken of what is left.
    #expect(try history.latest(of: nil) == nil)
    try history.add(configuration("b"), at: 2, keeping: [])
    #expect(try history.latest(of: nil)?.configuration == configuration("b"))
  }

  // MARK: Plans

  private func prepared(_ kernel: KernelModel, _ state: DesiredState) throws -> PreparedPlan {
    try Manager.plan(
      state, kernel.snapshot(), Journal(boot: "b", namespace: 1), .everythingAllowed)
  }

  @Test("a saved plan is known again, and fits no other kernel and no other configuration")
  func savedPlan() throws {
    var states = RandomStates(dice: Dice(seed: 3))
    var state = states.state(generation: 1)
    while state.policies.count < 3 { state = states.state(generation: 1) }
    var kernel = KernelModel()
    let prepared = try prepared(kernel, state)
    let text = prepared.json(of: configuration("a"), state, PlanOptions(), isSaved: true)
    let saved = try #require(SavedPlan(Array(text.utf8)))
    #expect(saved.marks == prepared.marks && saved.configuration == configuration("a"))
    #expect(try self.prepared(kernel, state).marks == saved.marks)

    // Without the configuration it is for people and scripts only.
    let shown = prepared.json(of: configuration("a"), state, PlanOptions(), isSaved: false)
    #expect(SavedPlan(Array(shown.utf8)) == nil)

    var other = state
    other.policies.removeLast()
    #expect(try self.prepared(kernel, other).marks != saved.marks)
    let foreign = Policy(
      Selector(from: RandomStates.prefixes[5], to: RandomStates.prefixes[5]),
      direction: .forwarded, action: .block)
    try kernel.perform(.addPolicy(foreign))
    #expect(try self.prepared(kernel, state).marks.kernel != saved.marks.kernel)
  }

  @Test("a plan that others can write is none to carry out; what is no plan is nobody's")
  func foundPlan() throws {
    let state = DesiredState()
    let text = try prepared(KernelModel(), state)
      .json(of: configuration("spd: []"), state, PlanOptions(), isSaved: true)
    let path = temporary.file("plan")
    try temporary.write(Array(text.utf8), to: "plan")
    for mode in [0o600, 0o640, 0o644] as [UInt32] {
      FileMode.set(mode, of: path)
      #expect(try SavedPlan.find(at: path)?.configuration == configuration("spd: []"))
    }
    for mode in [0o620, 0o602] as [UInt32] {
      FileMode.set(mode, of: path)
      #expect(throws: StoreProblem.self) { try SavedPlan.find(at: path) }
    }
    try temporary.write(Array("spd: []".utf8), to: "plan")
    FileMode.set(0o666, of: path)
    #expect(try SavedPlan.find(at: path)?.marks == nil)
    FileMode.makePipe(path)
    #expect(try SavedPlan.find(at: path)?.marks == nil)
    #expect(try SavedPlan.find(at: temporary.file("none"))?.marks == nil)
  }

  @Test("traffic does not move the kernel, and a lifetime does")
  func fingerprint() throws {
    let journal = Journal(boot: "b", namespace: 1)
    var association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: 0x1001, mode: .tunnel)
    association.extendedReplayState = ExtendedReplayState(window: 64)
    let before = KernelSnapshot(associations: [association]).fingerprint(with: journal)
    association.usage.packets = 7
    association.lastUsedAt = 5
    association.extendedReplayState?.outgoingSequence = 9
    #expect(KernelSnapshot(associations: [association]).fingerprint(with: journal) == before)
    association.lifetime.hard.packets = 5
    #expect(KernelSnapshot(associations: [association]).fingerprint(with: journal) != before)
  }

  // MARK: Hosts

  @Test("what a host has already is left alone, and what is not ours is not taken over")
  func host() throws {
    var state = DesiredState()
    state.settings = [SettingEntry("net.ipv4.ip_forward", "1")]
    state.interfaces = [InterfaceEntry("ipsec0", interfaceID: 7)]
    var snapshot = KernelSnapshot()
    snapshot.host = HostState()
    snapshot.host?.settings = ["net.ipv4.ip_forward": "0"]
    func plan(_ holdings: Holdings) throws -> [String] {
      try Planner(state, on: snapshot, holding: holdings).plan().steps.map { "\($0.object)" }
    }
    #expect(
      try plan(Holdings()) == ["ipsec0/interface", "net.ipv4.ip_forward/setting", "host/all"])
    snapshot.host?.settings = ["net.ipv4.ip_forward": "1"]
    #expect(try plan(Holdings()) == ["ipsec0/interface", "host/all"])
    snapshot.host?.interfaces = ["ipsec0": InterfaceState(7)]
    #expect(throws: PlanProblems.self) { try plan(Holdings()) }
    var holdings = Holdings()
    holdings.interfaces["ipsec0"] = state.interfaces[0]
    #expect(try plan(holdings) == [])
    // Announced in a journal, and never made.
    snapshot.host?.interfaces = [:]
    #expect(try plan(holdings) == ["ipsec0/interface", "host/all"])
  }
}
