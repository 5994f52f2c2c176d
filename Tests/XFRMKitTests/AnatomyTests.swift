import Netlink
import TestSupport
import Testing

@testable import XFRMKit

@Suite("The anatomy of a request")
struct AnatomyTests {
  private static let key: Secret = Secret(Array(repeating: 0xa5, count: 36).span)

  private static let association: SecurityAssociation = {
    var association = SecurityAssociation(
      from: .v6(0x2001_0db8_0000_0000, 0), to: .v6(0x2001_0db8_0000_0000, 2), spi: 0x1001,
      mode: .tunnel)
    association.requestID = 7
    association.aead = AEAD(name: "rfc4106(gcm(aes))", key: key, checkBits: 128)
    association.mark = Mark(1, mask: 3)
    association.interfaceID = 0x2a
    association.direction = .incoming
    association.extendedReplayState = ExtendedReplayState(window: 128)
    association.encapsulation = Encapsulation(.espInUDP)
    return association
  }()

  private func values(_ operation: XFRMKit.Operation) throws -> [String: String] {
    Dictionary(
      try RequestAnatomy(operation).parts.map { ($0.name, $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  @Test("names what an SA is made of")
  func association() throws {
    #expect(try RequestAnatomy(.addAssociation(Self.association)).messageName == "XFRM_MSG_NEWSA")
    let values = try values(.addAssociation(Self.association))
    #expect(values["saddr"] == "2001:db8::")
    #expect(values["daddr"] == "2001:db8::2")
    #expect(values["spi"] == "0x1001")
    #expect(values["proto"] == "ESP")
    #expect(values["mode"] == "tunnel")
    #expect(values["reqid"] == "7")
    #expect(
      values["XFRMA_ALG_AEAD"] == "rfc4106(gcm(aes)), a key of 36 bytes, 128 bits of check value")
    #expect(values["XFRMA_MARK"] == "0x1/0x3")
    #expect(values["XFRMA_IF_ID"] == "0x2a")
    #expect(values["XFRMA_SA_DIR"] == "1")
    #expect(values["replay_window"] == "128")
    #expect(values["encap_sport"] == "4500")
    // No limits, and nothing counted.
    #expect(values["soft_byte_limit"] == nil)
    #expect(values["curlft"] == nil)
  }

  @Test("names what a policy is made of, each template for itself")
  func policy() throws {
    let policy = Policy(
      Selector(
        from: IPPrefix(.v4(0x0a01_0000), length: 16), to: IPPrefix(.v4(0x0a02_0000), length: 16)),
      direction: .outgoing, action: .block,
      templates: [Template(Self.association), Template(Self.association)])
    let parts = try RequestAnatomy(.updatePolicy(policy)).parts
    #expect(parts.filter { $0.name == "XFRMA_TMPL" }.count == 2)
    let values = try values(.updatePolicy(policy))
    #expect(values["daddr"] == "10.2.0.0")
    #expect(values["prefixlen_d"] == "16")
    #expect(values["dir"] == "out")
    #expect(values["action"] == "block")
    #expect(parts.contains { $0.depth > 0 && $0.name == "saddr" && $0.value == "2001:db8::" })
  }

  @Test("shows every byte, but those of keys only when told to")
  func hexadecimal() throws {
    let anatomy = try RequestAnatomy(.addAssociation(Self.association))
    let hidden = anatomy.hexadecimal(showsKeys: false)
    let shown = anatomy.hexadecimal(showsKeys: true)
    let digits = String(repeating: "a5", count: 36)
    #expect(shown.contains(digits))
    #expect(!hidden.contains("a5a5"))
    #expect(hidden.contains(String(repeating: "**", count: 36)))
    #expect(hidden.count == anatomy.count * 2)
    #expect(shown.replacing(digits, with: String(repeating: "**", count: 36)) == hidden)
    #expect(!"\(anatomy)".contains("165, 165"))
  }

  @Test("is there for whatever can be asked, without its keys")
  func random() throws {
    var dice = Dice(seed: 77)
    for _ in 0..<1_000 {
      var association = dice.association()
      association.encryption = Encryption(name: "cbc(aes)", key: Self.key)
      for operation: XFRMKit.Operation in [
        .addAssociation(association), .addPolicy(dice.policy()),
        .setCheckpoint(dice.checkpoint()), .migrate(dice.migration()), .acquire(dice.acquire()),
      ] {
        let anatomy = try RequestAnatomy(operation)
        var message = MessageBuilder()
        message.append(operation, flags: .acknowledge)
        let bytes = message.bytes.indices.map { message.bytes[$0] }
        #expect(anatomy.hexadecimal(showsKeys: true) == Self.hexadecimal(bytes))
        #expect(!anatomy.hexadecimal(showsKeys: false).contains("a5a5a5a5a5"))
        #expect(!anatomy.parts.isEmpty)
      }
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("every attribute and message has the kernel's name")
  func names() {
    let names = (0...41 as ClosedRange<UInt16>).compactMap { AttributeType(rawValue: $0).xfrmName }
    #expect(Set(names).count == 42)
    #expect(AttributeType.mark.xfrmName == "XFRMA_MARK")
    #expect(AttributeType.outputMark.xfrmName == "XFRMA_SET_MARK")
    #expect(AttributeType.natKeepalive.xfrmName == "XFRMA_NAT_KEEPALIVE_INTERVAL")
    #expect(AttributeType.iptfsPacketSize.xfrmName == "XFRMA_IPTFS_PKT_SIZE")
    #expect(AttributeType(rawValue: 42).xfrmName == nil)
    #expect(MessageType.newAssociation.xfrmName == "XFRM_MSG_NEWSA")
    #expect(MessageType.mapping.xfrmName == "XFRM_MSG_MAPPING")
    #expect(MessageType.getDefaultActions.xfrmName == "XFRM_MSG_GETDEFAULT")
    #expect(MessageType.error.xfrmName == nil)
  }
}
