import Netlink
import Testing

@testable import XFRMKit
@testable import xfrmctl

/// Keys that would be seen at once, and whether anything that is printed shows them.
@Suite("Keys are not shown")
struct CanaryTests {
  /// What no other text contains; digits would be those of a time of day.
  private static let canary = Array("CanaryKey-qzxjvkwpqjzkxvwqpzjxkv".utf8)

  private static let association: SecurityAssociation = {
    var value = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 0x1001, mode: .tunnel)
    let key = Secret(canary.span)
    value.aead = AEAD(name: "rfc4106(gcm(aes))", key: key, checkBits: 128)
    value.encryption = Encryption(name: "cbc(aes)", key: key)
    value.authentication = Authentication(name: "hmac(sha1)", key: key, truncationBits: 96)
    value.otherAttributes = [OtherAttribute(type: AttributeType(rawValue: 50), payload: key)]
    return value
  }()

  /// All that is printed of it.
  private func outputs(_ keys: KeyDisplay) throws -> [(name: String, text: String)] {
    let sa = Self.association
    let contents: [XFRMEvent.Content] = [
      .associationAdded(sa), .associationExpired(AssociationExpiry(association: sa, isHard: true)),
      .other(MessageType(rawValue: 99), payload: Secret(Self.canary.span)),
    ]
    let events = contents.map { content in
      EventRecord(
        element: .event(XFRMEvent(content, sequence: 1)), timestamp: .now)
    }
    let columns = FieldTree(of: SecurityAssociation.self).leaves
      .filter { keys.showsKeys || !$0.hasSuffix(".key") }
    return [
      ("JSON", text(try rendered([sa], keys))),
      ("TSV", text(try rendered([sa], keys, form: .tsv))),
      ("TSV of all fields", text(try rendered([sa], keys, form: .tsv, fields: columns))),
      ("text", AssociationListing([sa], policies: [], keys: keys).text([sa])),
      ("event", text(ObjectRendering.line(events[0], keys: keys))),
      ("expiry", text(ObjectRendering.line(events[1], keys: keys))),
      ("unknown message", text(ObjectRendering.line(events[2], keys: keys))),
    ]
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Whether four bytes of the key in a row are there, in any of the usual forms.
  private func tells(_ text: String) -> Bool {
    let squeezed = text.lowercased().filter { !" \t\n,:".contains($0) }
    let bytes = Self.canary
    return (0...bytes.count - 4).contains { start in
      let part = bytes[start..<start + 4]
      return squeezed.contains(Array(part).hexadecimal)
        || squeezed.contains(String(decoding: part, as: UTF8.self).lowercased())
        || text.contains(part.map { "\($0)" }.joined(separator: ","))
        || text.contains(part.map { "\($0)" }.joined(separator: ", "))
    }
  }

  @Test("by any output that does not ask for them")
  func hidden() throws {
    for output in try outputs(KeyDisplay()) {
      #expect(!tells(output.text), "\(output.name)")
      #expect(output.name == "unknown message" || output.text.contains("32"))
    }
  }

  @Test("and are by those that do, which proves that they would be found")
  func shown() throws {
    for output in try outputs(KeyDisplay(showsKeys: true)) where output.name != "unknown message" {
      #expect(tells(output.text), "\(output.name)")
    }
    #expect(tells("67, 97, 110, 97"))
    #expect(tells("canary"))
  }

  @Test("what nobody knows is not even shown to those who ask")
  func unknown() throws {
    let outputs = try outputs(KeyDisplay(showsKeys: true))
    #expect(!tells(try #require(outputs.last).text))
  }

  @Test("a fingerprint stands for a key, the same one in every form")
  func fingerprint() throws {
    let keys = KeyDisplay(fingerprint: KeyFingerprint(salt: [1, 2, 3]))
    let mark = keys.fingerprint.of(Secret(Self.canary.span))
    for output in try outputs(keys).prefix(6) { #expect(output.text.contains(mark)) }
    let json = try JSONValue(parsing: try rendered([Self.association], keys))
    #expect(json["fingerprintSalt"] == .text("010203"))
  }

  @Test("keys that a kernel keeps for itself have no fingerprint")
  func zeros() throws {
    var association = Self.association
    association.aead?.key = Secret([UInt8](repeating: 0, count: 36).span)
    let json = try JSONValue(parsing: try rendered([association], KeyDisplay()))
    let entry = try #require(json["associations"]?.elements?.first)
    #expect(entry["aead"]?["keyBytes"] == .integer(36))
    #expect(entry["aead"]?["keyFingerprint"] == nil)
    #expect(entry["encryption"]?["keyFingerprint"] != nil)
    let listing = AssociationListing([association], policies: nil, keys: KeyDisplay())
    #expect(listing.block(association).contains("key 36 bytes, hidden by the kernel"))
  }
}
