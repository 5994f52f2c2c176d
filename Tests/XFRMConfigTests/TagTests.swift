import Testing
import XFRMKit

@testable import XFRMConfig

@Suite struct TagTests {
  @Test(arguments: [0, 1, 0x1234, Tag.limit - 1] as [UInt32])
  func tagsAreReadBack(slot: UInt32) throws {
    let tag = try #require(Tag(slot: slot))
    for direction in [Policy.Direction.incoming, .outgoing, .forwarded] {
      var policy = Policy(.any(.ipv4), direction: direction)
      policy.index = tag.index(direction)
      #expect(Tag(policy) == tag)
      // The kernel wants the direction in the lowest three bits.
      #expect(policy.index & 7 == UInt32(direction.rawValue))
    }
    var association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: 0x1000, mode: .transport)
    association.sequence = tag.sequence
    #expect(Tag(association) == tag)
  }

  @Test func othersHaveNone() {
    #expect(Tag(slot: Tag.limit) == nil)
    var policy = Policy(.any(.ipv4), direction: .outgoing)
    for index in [0, 8, 0x59, 0x5800_0000, 0x5900_0001] as [UInt32] {
      policy.index = index
      #expect(Tag(policy) == nil, "\(index)")
    }
    policy.index = 0x5800_0001
    #expect(Tag(policy)?.slot == 0)
    var association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: 0x1000, mode: .transport)
    for sequence in [0, 1, 0x5820_0000, 0x5900_0000] as [UInt32] {
      association.sequence = sequence
      #expect(Tag(association) == nil, "\(sequence)")
    }
  }

  @Test(arguments: ["berlin-paris/in#5", "a/b/out", "x/guard-fwd"])
  func namesAreReadBack(text: String) {
    #expect(ObjectName(text)?.description == text)
  }

  @Test(arguments: ["", "a", "/in", "a/", "a/in#", "a/in#x", "a/in#-1"])
  func noNames(text: String) {
    #expect(ObjectName(text) == nil)
  }
}
