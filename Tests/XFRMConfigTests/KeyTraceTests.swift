import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Which generations of keys are in use, where the history does not tell.
@Suite("Traces of keys")
struct KeyTraceTests {
  /// One connection, and another that has nothing to do with it, in a stage of a rotation.
  private static func machine(_ stages: [KeyGenerations]) throws -> Machine {
    var machine = Machine()
    for use in stages { try machine.apply(try state(use)) }
    return machine
  }

  private static func state(_ use: KeyGenerations) throws -> DesiredState {
    try expand(
      """
      connections:
      - name: a
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 192.0.2.2}
      - name: fixed
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 192.0.2.3}
        proposal: aes256-sha256
        keys: {in: {spi: 0x1001, key: "env:A"}, out: {spi: 0x1002, key: "env:B"}}
      """, Bundles(use: use)
    ).state
  }

  private struct Bundles: KeyBundles {
    var use: KeyGenerations

    private func bundle(_ generation: UInt32) -> KeyBundle {
      let key = KeyReference.bundle(connection: "a", generation: generation)
      return KeyBundle(
        connection: "a", generation: generation, requestID: 0x5800_0007,
        incoming: .init(spi: SPI(rawValue: 0x5800_1000 + generation), key: key),
        outgoing: .init(spi: SPI(rawValue: 0x5800_2000 + generation), key: key))
    }

    func current(of connection: String) -> KeyBundle? { bundle(use.current) }
    func other(of connection: String) -> KeyBundle? { use.other.map(bundle) }
  }

  private static func generations(_ machine: Machine) throws -> [String: KeyGenerations] {
    let holdings = try Journal(machine.bytes).holdings
    let inventory = Inventory(machine.kernel.snapshot(), holdings)
    return inventory.present(inventory.generations(holdings), holdings)
  }

  @Test("SAs and policies tell every stage of a rotation")
  func stages() throws {
    let stages: [KeyGenerations] = [
      .settled(1), .receiving(old: 1, new: 3), .sending(old: 1, new: 3), .settled(3),
    ]
    for (number, use) in stages.enumerated() {
      let machine = try Self.machine(Array(stages[...number]))
      #expect(try Self.generations(machine) == ["a": use])
      // By that the same configuration asks for nothing.
      let plan = try Planner(
        try Self.state(use), on: machine.kernel.snapshot(),
        holding: Journal(machine.bytes).holdings
      ).plan()
      #expect(plan.isEmpty)
    }
    #expect(try Self.generations(Machine()) == [:])
  }

  @Test("what the kernel has lost an SA of counts no more, and policies are not needed")
  func lost() throws {
    var machine = try Self.machine([.settled(1)])
    for policy in machine.kernel.snapshot().policies {
      try machine.kernel.perform(.deletePolicy(policy.key))
    }
    #expect(try Self.generations(machine) == ["a": .settled(1)])
    let victim = try #require(
      machine.kernel.snapshot().associations.first { $0.spi.rawValue == 0x5800_1001 })
    try machine.kernel.perform(.deleteAssociation(victim.id))
    #expect(try Self.generations(machine) == [:])
  }

  @Test("of what is under way the policies tell how far it has come, at every moment")
  func moments() throws {
    let start = try Self.machine([.settled(1), .receiving(old: 1, new: 2)])
    var found: Set<String> = []
    for moment in 0... {
      var machine = start
      machine.lifetime = moment
      if (try? machine.apply(try Self.state(.sending(old: 1, new: 2)))) != nil { break }
      let use = try #require(try Self.generations(machine)["a"])
      let isSwitched = machine.kernel.snapshot().policies.contains {
        $0.templates.contains { $0.spi.rawValue == 0x5800_2002 }
      }
      #expect(use == (isSwitched ? .sending(old: 1, new: 2) : .receiving(old: 1, new: 2)))
      found.insert("\(use.phase.map { $0.rawValue } ?? "")")
    }
    #expect(found == ["inbound", "outbound"])
  }

  @Test("a generation is in use while a journal has it, whether the history knows of it or not")
  func journals() throws {
    let folder = try TemporaryFolder()
    let manager = try Manager(runFolder: folder.file("run"), stateFolder: folder.file("state"))
    #expect(try manager.generationsInUse(of: "a") == [])
    var configuration = RecordedConfiguration(
      file: "a", host: "h", variables: [:], texts: ["a": ""])
    configuration.keys = ["a": .settled(3)]
    func held(_ generation: UInt32) throws -> JournalRecord {
      let id = SecurityAssociationID(
        destination: .v4(1), spi: SPI(rawValue: generation), proto: .esp, mark: nil, source: nil)
      let tag = try #require(Tag(slot: generation))
      return .puttingAssociation(
        tag,
        HeldAssociation(
          ObjectName("a", "out", generation: generation), .outgoing, id, keyFingerprint: ""))
    }
    // That of another network namespace: of this one's nothing is known.
    var journal = try JournalFile(
      in: PrivateFolder(folder.file("run")).folder(manager.boot).folder("5"), boot: manager.boot,
      namespace: 5)
    try journal.append([
      .started(target: configuration.id, origin: nil), held(2), held(7), .done,
      .committed(configuration.id),
    ])
    #expect(try manager.generationsInUse(of: "a") == [2, 7])
    #expect(try manager.generationsInUse(of: "b") == [])
    try History(in: folder.file("state"), of: NamespaceName.of(5))
      .add(configuration, at: 1, keeping: [])
    #expect(try manager.generationsInUse(of: "a") == [3])
  }
}
