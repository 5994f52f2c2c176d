import Testing

@testable import XFRMKit

@Suite("A proposal")
struct ProposalTests {
  private static let gcm = "rfc4106(gcm(aes))"
  private static let ccm = "rfc4309(ccm(aes))"

  @Test("is made of what its RFC says")
  func transforms() {
    let expected: [(String, ESPProposal.Transforms)] = [
      // RFC 4106: AES key and 4 bytes of salt.
      ("aes256gcm16", .aead(Self.gcm, keyBytes: 36, checkBits: 128)),
      ("aes192gcm16", .aead(Self.gcm, keyBytes: 28, checkBits: 128)),
      ("aes128gcm16", .aead(Self.gcm, keyBytes: 20, checkBits: 128)),
      // RFC 7634: 32 bytes of key and 4 of salt.
      (
        "chacha20poly1305",
        .aead("rfc7539esp(chacha20,poly1305)", keyBytes: 36, checkBits: 128)
      ),
      // RFC 4309: AES key and 3 bytes of salt.
      ("aes256ccm16", .aead(Self.ccm, keyBytes: 35, checkBits: 128)),
      ("aes128ccm16", .aead(Self.ccm, keyBytes: 19, checkBits: 128)),
      // RFC 3602 with RFC 4868.
      ("aes256-sha512", Self.combined("cbc(aes)", 32, "hmac(sha512)", 64, 256)),
      ("aes192-sha512", Self.combined("cbc(aes)", 24, "hmac(sha512)", 64, 256)),
      ("aes128-sha512", Self.combined("cbc(aes)", 16, "hmac(sha512)", 64, 256)),
      ("aes256-sha384", Self.combined("cbc(aes)", 32, "hmac(sha384)", 48, 192)),
      ("aes192-sha384", Self.combined("cbc(aes)", 24, "hmac(sha384)", 48, 192)),
      ("aes128-sha384", Self.combined("cbc(aes)", 16, "hmac(sha384)", 48, 192)),
      ("aes256-sha256", Self.combined("cbc(aes)", 32, "hmac(sha256)", 32, 128)),
      ("aes192-sha256", Self.combined("cbc(aes)", 24, "hmac(sha256)", 32, 128)),
      ("aes128-sha256", Self.combined("cbc(aes)", 16, "hmac(sha256)", 32, 128)),
      // RFC 3686: AES key and 4 bytes of nonce.
      ("aes256ctr-sha256", Self.combined("rfc3686(ctr(aes))", 36, "hmac(sha256)", 32, 128)),
      ("aes128ctr-sha256", Self.combined("rfc3686(ctr(aes))", 20, "hmac(sha256)", 32, 128)),
      // RFC 2404.
      ("aes256-sha1", Self.combined("cbc(aes)", 32, "hmac(sha1)", 20, 96)),
      ("aes128-sha1", Self.combined("cbc(aes)", 16, "hmac(sha1)", 20, 96)),
      // RFC 2410.
      ("null-sha256", Self.combined("ecb(cipher_null)", 0, "hmac(sha256)", 32, 128)),
    ]
    #expect(ESPProposal.all.map(\.name) == expected.map(\.0))
    #expect(ESPProposal.all.map(\.transforms) == expected.map(\.1))
  }

  @Test("is found by its name", arguments: ESPProposal.all)
  func named(proposal: ESPProposal) {
    #expect(ESPProposal(named: proposal.name) == proposal)
    #expect("\(proposal)" == proposal.name)
  }

  @Test("is not found by another", arguments: ["", "aes", "AES256GCM16", "aes256gcm16 ", "null"])
  func unnamed(name: String) {
    #expect(ESPProposal(named: name) == nil)
  }

  @Test("gives an SA its algorithms and fresh keys", arguments: ESPProposal.all)
  func protect(proposal: ESPProposal) {
    var one = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    proposal.protect(&one)
    var other = one
    proposal.protect(&other)
    switch proposal.transforms {
    case .aead(let name, let keyBytes, let checkBits):
      #expect(one.aead?.name == name)
      #expect(one.aead?.key.count == keyBytes)
      #expect(one.aead?.checkBits == checkBits)
      #expect(one.encryption == nil && one.authentication == nil)
    case .encryptionAndAuthentication(
      let cipher, let keyBytes, let hash, let hashKeyBytes, let bits):
      #expect(one.encryption?.name == cipher)
      #expect(one.encryption?.key.count == keyBytes)
      #expect(one.authentication?.name == hash)
      #expect(one.authentication?.key.count == hashKeyBytes)
      #expect(one.authentication?.truncationBits == bits)
      #expect(one.aead == nil)
    }
    #expect(one != other)
  }

  @Test("goes onto the wire with its sizes in bits")
  func wire() {
    var association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    ESPProposal.aes256gcm16.protect(&association)
    let attribute = Content.association(association).payload(.request).dropFirst(224)
    // Length 112, XFRMA_ALG_AEAD, name; then 288 bits of key, 128 of check value.
    #expect(Array(attribute.prefix(4)) == hex("7000 1200"))
    #expect(Array(attribute.dropFirst(68).prefix(8)) == hex("20010000 80000000"))
    #expect(attribute.count == 112)
  }

  private static func combined(
    _ cipher: String, _ keyBytes: Int, _ hash: String, _ hashKeyBytes: Int, _ bits: UInt32
  ) -> ESPProposal.Transforms {
    .encryptionAndAuthentication(
      cipher, keyBytes: keyBytes, hash, hashKeyBytes: hashKeyBytes, truncationBits: bits)
  }
}
