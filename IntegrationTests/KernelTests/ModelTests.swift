import TestSupport
import Testing
import XFRMConfig
import XFRMKit

extension Kernel {
  /// What is proven with the model of the kernel holds for the kernel: both get the same operations,
  /// answer alike and have the same afterwards.
  @Suite("The model of the kernel")
  struct ModelTests {
    @Test("policies", arguments: 0..<20 as Range<UInt64>)
    func policies(seed: UInt64) throws { try replay(SmallWorld(seed: seed, hasSAs: false)) }

    @Test("policies and SAs", Bed.needsESP, arguments: 100..<120 as Range<UInt64>)
    func everything(seed: UInt64) throws { try replay(SmallWorld(seed: seed, hasSAs: true)) }

    private func replay(_ world: SmallWorld) throws {
      var world = world
      var kernel = try XFRMClient(in: try NetworkNamespace.create())
      var model = KernelModel()
      var refusals = 0
      for number in 0..<300 {
        let operation = world.operation()
        let answer = refusal { () throws(XFRMError) in try kernel.perform(operation) }
        let expected = refusal { () throws(XFRMError) in try model.perform(operation) }
        #expect(answer == expected, "\(number): \(operation)")
        if answer != nil { refusals += 1 }
        if number % 25 == 24 {
          let (found, known) = (try kernel.snapshot(), model.snapshot())
          #expect(
            found.policies.map(\.comparable).sorted() == known.policies.map(\.comparable).sorted())
          #expect(
            found.associations.map(\.comparable).sorted()
              == known.associations.map(\.comparable).sorted())
          #expect(found.defaultActions == known.defaultActions)
        }
      }
      // It is no small thing that they refuse alike, so there must have been some.
      #expect(refusals > 20 && refusals < 280)
    }

    private func refusal(_ ask: () throws(XFRMError) -> Void) -> SystemErrno? {
      do throws(XFRMError) {
        try ask()
        return nil
      } catch {
        return error.refusal?.errno
      }
    }
  }
}

/// Operations on few objects, so that they meet.
private struct SmallWorld {
  private var dice: Dice
  private let hasSAs: Bool
  private static let prefixes = ["10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24"]
    .compactMap { IPPrefix($0) }

  init(seed: UInt64, hasSAs: Bool) {
    dice = Dice(seed: seed)
    self.hasSAs = hasSAs
  }

  mutating func operation() -> XFRMKit.Operation {
    switch dice.below(hasSAs ? 9 : 5) {
    case 0: .addPolicy(policy())
    case 1, 2: .updatePolicy(policy())
    case 3: .deletePolicy(key())
    case 4: .setDefaultActions(actions())
    case 5, 6: .addAssociation(association())
    case 7: .updateAssociation(association())
    default: .deleteAssociation(association().id)
    }
  }

  private mutating func policy() -> Policy {
    let selector = Selector(from: pick(Self.prefixes), to: pick(Self.prefixes))
    var policy = Policy(
      selector, direction: pick([.incoming, .outgoing, .forwarded]), action: pick([.allow, .block]))
    policy.priority = UInt32(1 + dice.below(4))
    if dice.chance(30) { policy.mark = Mark(UInt32(dice.below(2)), mask: 1) }
    if dice.chance(30) { policy.interfaceID = 7 }
    if dice.chance(50), let tag = Tag(slot: UInt32(dice.below(30))) {
      policy.index = tag.index(policy.direction)
    }
    if dice.chance(50) {
      policy.templates = [
        Template(
          from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel,
          requestID: UInt32(1 + dice.below(3)))
      ]
    }
    return policy
  }

  private mutating func key() -> PolicyKey {
    let policy = policy()
    guard policy.index != 0, dice.chance(50) else { return policy.key }
    return PolicyKey(
      index: policy.index, direction: policy.direction, mark: policy.mark,
      interfaceID: policy.interfaceID)
  }

  private mutating func actions() -> DefaultActions {
    DefaultActions(
      incoming: pick([.unchanged, .accept, .block]), outgoing: pick([.unchanged, .accept, .block]))
  }

  private mutating func association() -> SecurityAssociation {
    var association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202 + UInt32(dice.below(2))),
      spi: SPI(rawValue: 0x1000 + UInt32(dice.below(5))), mode: .tunnel)
    association.requestID = 1
    association.lifetime.hard.secondsFromAdd = 10_000 + UInt64(dice.below(100))
    // Two SAs that nothing but a mark tells apart are not what plans are made of.
    if association.spi.rawValue.isMultiple(of: 2) { association.mark = Mark(1, mask: 1) }
    if dice.chance(30) { association.interfaceID = 7 }
    association.sequence = Tag(slot: UInt32(dice.below(30)))?.sequence ?? 0
    ESPProposal.aes256sha256.protect(&association)
    return association
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[dice.below(values.count)] }
}

extension Policy {
  /// What both must agree about. An index that the kernel chose it may choose otherwise.
  fileprivate var comparable: String {
    "\(self) \(action) \(priority) \(templates) \(Tag(self).map { "\($0.slot)" } ?? "-")"
  }
}

extension SecurityAssociation {
  fileprivate var comparable: String {
    "\(id) \(lifetime.hard.secondsFromAdd) \(sequence) \(interfaceID ?? 0) "
      + KeyFingerprint(salt: [1]).of(encryption?.key ?? .empty)
  }
}
