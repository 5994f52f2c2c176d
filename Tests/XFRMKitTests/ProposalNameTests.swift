import Testing
import XFRMKit

@Suite("A proposal's name")
struct ProposalNameTests {
  @Test("finds it", arguments: ESPProposal.all)
  func named(proposal: ESPProposal) {
    #expect(ESPProposal(named: proposal.name) == proposal)
    #expect("\(proposal)" == proposal.name)
  }

  private struct Word: CustomTestStringConvertible {
    var name: String
    var usual: String
    var cipher: String
    var keyBytes: Int
    var hash: String?
    var bits: UInt32

    init(
      _ name: String, usual: String? = nil, _ cipher: String, _ keyBytes: Int,
      _ hash: String? = nil, icv bits: UInt32
    ) {
      self.name = name
      self.usual = usual ?? name
      self.cipher = cipher
      self.keyBytes = keyBytes
      self.hash = hash
      self.bits = bits
    }

    var testDescription: String { name }
  }

  private static let gcm = "rfc4106(gcm(aes))"
  private static let ccm = "rfc4309(ccm(aes))"

  @Test("means what it means in strongSwan's configurations", arguments: words)
  private func meaning(word: Word) throws {
    let proposal = try #require(ESPProposal(named: word.name))
    #expect(proposal.name == word.usual)
    var association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    proposal.protect(&association)
    #expect((association.aead?.name ?? association.encryption?.name) == word.cipher)
    #expect((association.aead?.key.count ?? association.encryption?.key.count) == word.keyBytes)
    #expect(association.authentication?.name == word.hash)
    let bits = association.aead?.checkBits ?? association.authentication?.truncationBits
    #expect(bits == word.bits)
  }

  private static let words: [Word] = [
    Word("aes128gcm8", gcm, 20, icv: 64),
    Word("aes128gcm64", usual: "aes128gcm8", gcm, 20, icv: 64),
    Word("aes128gcm128", usual: "aes128gcm16", gcm, 20, icv: 128),
    Word("aes128gcm", usual: "aes128gcm16", gcm, 20, icv: 128),
    Word("aes192gcm12", gcm, 28, icv: 96),
    Word("aes256gcm12", gcm, 36, icv: 96),
    Word("aes256gcm96", usual: "aes256gcm12", gcm, 36, icv: 96),
    Word("aes256gcm8", gcm, 36, icv: 64),
    Word("aes128ccm16", ccm, 19, icv: 128),
    Word("aes128ccm12", ccm, 19, icv: 96),
    Word("aes128ccm8", ccm, 19, icv: 64),
    Word("aes256ccm64", usual: "aes256ccm8", ccm, 35, icv: 64),
    Word("aes192ccm", usual: "aes192ccm16", ccm, 27, icv: 128),
    Word("aes128gmac", "rfc4543(gcm(aes))", 20, icv: 128),
    Word("aes256gmac", "rfc4543(gcm(aes))", 36, icv: 128),
    Word("aes-sha", usual: "aes128-sha1", "cbc(aes)", 16, "hmac(sha1)", icv: 96),
    Word("aes192-sha2_384", usual: "aes192-sha384", "cbc(aes)", 24, "hmac(sha384)", icv: 192),
    Word("aes256-sha2_256", usual: "aes256-sha256", "cbc(aes)", 32, "hmac(sha256)", icv: 128),
    Word("aes256-sha256_96", "cbc(aes)", 32, "hmac(sha256)", icv: 96),
    Word("aes256-sha2_256_96", usual: "aes256-sha256_96", "cbc(aes)", 32, "hmac(sha256)", icv: 96),
    Word("aes256-sha512_512", "cbc(aes)", 32, "hmac(sha512)", icv: 512),
    Word("aes128-sha1_160", "cbc(aes)", 16, "hmac(sha1)", icv: 160),
    Word("aes128-sha1_96", usual: "aes128-sha1", "cbc(aes)", 16, "hmac(sha1)", icv: 96),
    Word("aes128-aesxcbc", "cbc(aes)", 16, "xcbc(aes)", icv: 96),
    Word("aes128-aescmac", "cbc(aes)", 16, "cmac(aes)", icv: 96),
    Word("aes192ctr-sha256", "rfc3686(ctr(aes))", 28, "hmac(sha256)", icv: 128),
    Word("3des-sha1", "cbc(des3_ede)", 24, "hmac(sha1)", icv: 96),
    Word("des-md5", "cbc(des)", 8, "hmac(md5)", icv: 96),
    Word("des-md5_128", "cbc(des)", 8, "hmac(md5)", icv: 128),
    Word("camellia256-sha256", "cbc(camellia)", 32, "hmac(sha256)", icv: 128),
    Word("camellia-sha1", usual: "camellia128-sha1", "cbc(camellia)", 16, "hmac(sha1)", icv: 96),
    Word("blowfish192-sha1", "cbc(blowfish)", 24, "hmac(sha1)", icv: 96),
    Word("cast128-sha1", "cbc(cast5)", 16, "hmac(sha1)", icv: 96),
    Word("serpent256-sha512", "cbc(serpent)", 32, "hmac(sha512)", icv: 256),
    Word("twofish128-sha256", "cbc(twofish)", 16, "hmac(sha256)", icv: 128),
    Word("null-sha1", "ecb(cipher_null)", 0, "hmac(sha1)", icv: 96),
    Word("null-aescmac", "ecb(cipher_null)", 0, "cmac(aes)", icv: 96),
  ]

  @Test(
    "is one of a whole and possible set of algorithms",
    arguments: [
      "", "-", "aes", "aes256", "null", "sha256", "-sha256", "aes256-", "aes256-sha256-",
      "AES256GCM16", "aes256gcm16 ", " aes256gcm16", "aes256gcm16!", "aes256gcm15", "aes256gcm160",
      "aes512gcm16", "aes0256gcm16", "aes+256gcm16", "aesgcm16", "gcm16", "aes%gcm16",
      "chacha20poly130516", "chacha20poly1305256", "aes256gmac16",
      // A cipher that authenticates by itself has no use for a hash.
      "aes256gcm16-sha256", "aes256gcm16-", "aes256-aes256gcm16",
      // An SA has no group, and its own flag for extended sequence numbers.
      "aes256-sha256-modp2048", "aes256gcm16-ecp256", "aes256-sha256-esn",
      "aes128-sha256_64", "aes128-sha256_", "aes128-sha224", "aes%-sha256", "aes136-sha256",
      "3des192-sha1", "null0-sha1", "null128-sha1", "cast5-sha1", "aes128ctr", "aesctr-sha256",
      // The kernel's own names are no words of IKE's.
      "cbc(aes)-hmac(sha256)", "cbc(sm4)-sha256", "aes128-hmac(sm3)", "aes128-digest_null",
    ])
  func unnamed(name: String) {
    #expect(ESPProposal(named: name) == nil)
  }
}
