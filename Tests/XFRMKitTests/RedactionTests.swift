import Netlink
import Testing

@testable import XFRMKit

@Suite("Keys are not told")
struct RedactionTests {
  /// Sixteen bytes each, which nothing else could show by chance.
  private static let keys = (0..<4).map { _ in Secret.random(count: 16) }

  private static let association: SecurityAssociation = {
    var value = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    value.aead = AEAD(name: "rfc4106(gcm(aes))", key: keys[0], checkBits: 128)
    value.encryption = Encryption(name: "cbc(aes)", key: keys[1])
    value.authentication = Authentication(
      name: "hmac(sha1)", key: keys[2], truncationBits: 96)
    value.otherAttributes = [
      OtherAttribute(type: AttributeType(rawValue: 50), payload: keys[3])
    ]
    return value
  }()

  @Test("by an SA, or whatever holds one, in any form of text")
  func redacted() {
    let holders: [Any] = [
      Self.association, Content.association(Self.association), [Self.association],
      Operation.addAssociation(Self.association), Operation.updateAssociation(Self.association),
      Self.association.id, Template(Self.association),
      XFRMError(.addAssociation(Self.association), .timedOut), Self.association.aead as Any,
      Self.association.encryption as Any, Self.association.authentication as Any,
      Self.association.otherAttributes,
    ]
    for holder in holders {
      var dumped = ""
      dump(holder, to: &dumped)
      debugPrint(holder, to: &dumped)
      for text in ["\(holder)", String(reflecting: holder), dumped] {
        #expect(!Self.tells(text))
      }
    }
    #expect("\(Self.association)".contains("<16 secret bytes>"))
  }

  @Test("by an error that names what could not be sent")
  func unencodable() {
    var association = Self.association
    association.aead?.name = String(repeating: "x", count: 100)
    var message = MessageBuilder()
    association.encode(into: &message, form: .request)
    #expect(message.failure.map { Self.tells("\($0)") } == false)
  }

  @Test("and the test would notice")
  func control() {
    let bytes = Self.keys[0].withBytes { $0.array }
    #expect(Self.tells("\(bytes)"))
    #expect(Self.tells(bytes.map { String($0, radix: 16) }.map { "0\($0)".suffix(2) }.joined()))
  }

  /// Whether any four bytes of a key in a row appear, in decimal or hexadecimal.
  private static func tells(_ text: String) -> Bool {
    keys.contains { key in
      let bytes = key.withBytes { $0.array }
      return (0..<13).contains { start in
        let part = bytes[start..<start + 4]
        let decimal = part.map { "\($0)" }.joined(separator: ", ")
        let hexadecimal = part.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return text.contains(decimal) || text.lowercased().contains(hexadecimal)
      }
    }
  }
}
