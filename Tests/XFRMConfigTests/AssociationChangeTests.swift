import Testing
import XFRMKit

@testable import XFRMConfig

/// What the kernel changes of an SA that is there, and what it does not: where it would not, a plan
/// that said nothing would leave the wrong one, and one that tried would fail.
@Suite("A change to an SA")
struct AssociationChangeTests {
  /// One property of which two values are told apart.
  struct Example: Sendable, CustomTestStringConvertible {
    /// What a plan calls it; `nil` if there is nothing to say.
    var name: String?
    var old: @Sendable (inout AssociationSettings) -> Void = { _ in }
    var new: @Sendable (inout AssociationSettings) -> Void
    var testDescription: String { name ?? "none" }
  }

  private static func entry(
    _ change: (inout AssociationSettings) -> Void, _ protection: AssociationEntry.Protection
  ) throws -> AssociationEntry {
    var association = SecurityAssociation(
      from: try #require(IPAddress("192.0.2.1")), to: try #require(IPAddress("192.0.2.2")),
      spi: 0x5800_1000, mode: .tunnel)
    var settings = AssociationSettings()
    change(&settings)
    settings.apply(to: &association, .outbound)
    return AssociationEntry(
      ObjectName("a", "out"), .outgoing, association, protection, key: nil)
  }

  /// What a plan says of the way from one to the other, and whether it is one.
  private static func way(
    from old: AssociationEntry, to new: AssociationEntry
  ) throws -> (isOpen: Bool, words: [String]) {
    let slot = XFRMConfig.Tag(slot: 1)
    let tag = try #require(slot)
    var (state, holdings, model) = (DesiredState(), Holdings(), KernelModel())
    state.associations = [new]
    holdings.associations[tag] = HeldAssociation(
      old.name, old.direction, old.association.id, keyFingerprint: "")
    var present = try #require(old.keyed(with: .random(count: old.protection.keyBytes)))
    present.sequence = tag.sequence
    // The kernel sets it where a setting of the host says so.
    present.flags.insert(.noPathMTUDiscovery)
    try model.perform(.addAssociation(present))
    do {
      let plan = try Planner(state, on: model.snapshot(), holding: holdings).plan()
      try model.carryOut(plan, noting: &holdings)
      // What it says that it does is done.
      #expect(try Planner(state, on: model.snapshot(), holding: holdings).plan().isEmpty)
      return (true, plan.steps.filter { $0.change == .change }.map(\.reason))
    } catch let error as PlanProblems {
      #expect(error.problems.map(\.kind) == [.unchangeable])
      // On a way back what is there is what there was, but for another's.
      let isAnother = error.problems.contains {
        $0.explanation.contains("algorithms") || $0.explanation.contains("check values")
      }
      var back = PlanOptions()
      back.isWayBack = true
      let plan = try? Planner(state, on: model.snapshot(), holding: holdings, options: back).plan()
      #expect((plan?.isEmpty ?? false) != isAnother)
      return (false, error.problems.map(\.explanation))
    }
  }

  @Test(
    "takes another SPI where the kernel would leave it as it is, or refuse",
    arguments: [
      Example(name: "extended sequence numbers") { $0.extendedSequenceNumbers = false },
      Example(name: "replay window") { $0.replayWindow = 128 },
      Example(name: "flags") { $0.sequenceMayWrap = true },
      Example(name: "flags", old: { $0.copiesDSCP = false }) { _ in },
      Example(name: "padding") { $0.trafficFlowPadding = 1400 },
      Example(name: "padding", old: { $0.trafficFlowPadding = 1400 }) { _ in },
      Example(name: "encapsulation") { $0.encapsulation = Encapsulation(.espInUDP) },
      Example(name: "encapsulation", old: { $0.encapsulation = Encapsulation(.espInUDP) }) { _ in },
      Example(name: "encapsulation", old: { $0.encapsulation = Encapsulation(.espInUDP) }) {
        $0.encapsulation = Encapsulation(.espInTCP)
      },
      Example(name: "output mark", old: { $0.outputMark = Mark(7) }) { _ in },
      Example(name: "interface ID", old: { $0.interfaceID = 7 }) { _ in },
      Example(name: "interface ID", old: { $0.interfaceID = 7 }) { $0.interfaceID = 0 },
    ])
  func fixed(_ example: Example) throws {
    let (isOpen, words) = try Self.way(
      from: Self.entry(example.old, .esp(.aes256sha256)),
      to: Self.entry(example.new, .esp(.aes256sha256)))
    let name = try #require(example.name)
    #expect(!isOpen)
    #expect(
      words == ["\(name) of an SA cannot be changed while it has the same SPI"])
  }

  @Test(
    "is made where the kernel makes it, and nothing where there is none",
    arguments: [
      Example(name: nil) { _ in },
      Example(name: "lifetime changed") { $0.lifetime.hard.packets = 5 },
      Example(
        name: "encapsulation changed", old: { $0.encapsulation = Encapsulation(.espInUDP) },
        new: { $0.encapsulation = Encapsulation(.espInUDP, sourcePort: 4501) }),
      Example(name: "output mark changed") { $0.outputMark = Mark(7) },
      Example(name: "output mark changed", old: { $0.outputMark = Mark(7) }) {
        $0.outputMark = Mark(7, mask: 0xf)
      },
      Example(name: "interface ID changed") { $0.interfaceID = 7 },
      Example(name: nil) { $0.interfaceID = 0 },
    ])
  func changeable(_ example: Example) throws {
    let (isOpen, words) = try Self.way(
      from: Self.entry(example.old, .esp(.aes256sha256)),
      to: Self.entry(example.new, .esp(.aes256sha256)))
    #expect(isOpen && words == [example.name].compactMap { $0 })
  }

  @Test("takes another SPI where check values are to have another length")
  func checkBits() throws {
    let (long, short) = (
      try #require(ESPProposal(named: "aes256gcm16")),
      try #require(ESPProposal(named: "aes256gcm8"))
    )
    let (isOpen, words) = try Self.way(
      from: Self.entry({ _ in }, .esp(long)), to: Self.entry({ _ in }, .esp(short)))
    #expect(!isOpen && words.joined().hasPrefix("length of check values of an SA"))
    #expect(
      try Self.way(from: Self.entry({ _ in }, .esp(long)), to: Self.entry({ _ in }, .esp(long)))
        .words == [])
  }
}
