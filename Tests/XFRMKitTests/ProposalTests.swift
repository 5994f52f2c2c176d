import TestSupport
import Testing

@testable import XFRMKit

@Suite("A proposal")
struct ProposalTests {
  private static let gcm = "rfc4106(gcm(aes))"
  private static let ccm = "rfc4309(ccm(aes))"

  @Test("is made of what its RFC says")
  func transforms() {
    let expected: [(String, Made)] = [
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
    #expect(ESPProposal.all.map { Made($0.transforms) } == expected.map(\.1))
    #expect(ESPProposal.aes256gcm16 == ESPProposal.all[0])
    #expect(ESPProposal.aes128gcm16 == ESPProposal.all[2])
    #expect(ESPProposal.chacha20poly1305 == ESPProposal.all[3])
    #expect(ESPProposal.aes256sha256 == ESPProposal.all[12])
  }

  @Test("gives an SA its algorithms and fresh keys", arguments: ESPProposal.all)
  func protect(proposal: ESPProposal) {
    var one = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    proposal.protect(&one)
    var other = one
    proposal.protect(&other)
    switch Made(proposal.transforms) {
    case .aead(let name, let keyBytes, let checkBits):
      #expect(one.aead?.name == name)
      #expect(one.aead?.key.count == keyBytes)
      #expect(one.aead?.checkBits == checkBits)
      #expect(one.encryption == nil && one.authentication == nil)
    case .combined(let cipher, let keyBytes, let hash, let hashKeyBytes, let bits):
      #expect(one.encryption?.name == cipher)
      #expect(one.encryption?.key.count == keyBytes)
      #expect(one.authentication?.name == hash)
      #expect(one.authentication?.key.count == hashKeyBytes)
      #expect(one.authentication?.truncationBits == bits)
      #expect(one.aead == nil)
    }
    #expect(one != other)
  }

  @Test("takes the place of another", arguments: ESPProposal.all)
  func replacing(proposal: ESPProposal) {
    var association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    let before: [ESPProposal] = [.aes256gcm16, .aes256sha256]
    for other in before {
      other.protect(&association)
      proposal.protect(&association)
      #expect((association.aead == nil) == (association.encryption != nil))
      #expect((association.aead == nil) == (association.authentication != nil))
    }
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

  @Test("names the modules that ESP composes it with")
  func composition() throws {
    func modules(_ name: String) throws -> [String] {
      try #require(ESPProposal(named: name)).composingModules
    }
    #expect(try modules("aes256gcm16") == ["seqiv", "drbg"])
    #expect(try modules("aes256-sha256") == ["authenc", "echainiv", "drbg"])
    #expect(try modules("aes256ctr-sha256") == ["authenc", "seqiv", "drbg"])
    #expect(try modules("null-sha256") == ["authenc"])
    #expect(ESPProposal.aes256sha256.algorithms.map(\.name) == ["cbc(aes)", "hmac(sha256)"])
    #expect(ESPProposal.aes256gcm16.algorithms.map(\.name) == ["rfc4106(gcm(aes))"])
  }

  private static func combined(
    _ cipher: String, _ keyBytes: Int, _ hash: String, _ hashKeyBytes: Int, _ bits: UInt32
  ) -> Made {
    .combined(cipher, keyBytes, hash, hashKeyBytes, bits)
  }
}

/// What a proposal is made of, by the kernel's names.
private enum Made: Equatable {
  case aead(String, keyBytes: Int, checkBits: UInt32)
  case combined(String, Int, String, Int, UInt32)

  init(_ transforms: ESPProposal.Transforms) {
    switch transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      self = .aead(cipher.name, keyBytes: keyBytes, checkBits: checkBits)
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let bits):
      self = .combined(cipher.name, keyBytes, hash.name, hash.keys.longest, bits)
    }
  }
}
