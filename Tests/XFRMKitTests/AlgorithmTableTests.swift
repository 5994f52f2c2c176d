import Testing

@testable import XFRMKit

/// The tables against what kernels, RFCs and registries say, written down once more, by hand.
@Suite("The table of algorithms")
struct AlgorithmTableTests {
  @Test("has the authenticated ciphers")
  func aead() {
    // Kernel name; key and salt; bits, IKEv2's and PF_KEY's number of each check value.
    let expected = """
      rfc4106(gcm(aes))             20,28,36  64=18/18 96=19/19 128=20/20
      rfc4309(ccm(aes))             19,27,35  64=14/14 96=15/15 128=16/16
      rfc4543(gcm(aes))             20,28,36  128=21/23
      rfc7539esp(chacha20,poly1305) 36        128=28/-
      """
    let rows = AEADAlgorithm.all.map { row in
      [row.name, row.keys.row]
        + row.checkValues.map {
          "\($0.bits)=\($0.ikeTransform)/\($0.pfKeyNumber.map { "\($0)" } ?? "-")"
        }
    }
    #expect(rows == table(expected))
    for row in AEADAlgorithm.all {
      #expect(row.checkBits == 128 && row.ivBytes == 8 && row.ivGenerator == "seqiv")
      #expect(row.shortName == nil)
    }
  }

  @Test("has the hashes")
  func authentication() {
    // Kernel name, short name, key, check value by RFC / kernel / whole, PF_KEY, IKEv2.
    let expected = """
      digest_null  -      0  0/0/0       251 0=0
      hmac(md5)    md5    16 96/96/128   2   96=1 128=6
      hmac(sha1)   sha1   20 96/96/160   3   96=2 160=7
      hmac(sha256) sha256 32 128/96/256  5   128=12
      hmac(sha384) -      48 192/192/384 6   192=13
      hmac(sha512) -      64 256/256/512 7   256=14
      hmac(rmd160) rmd160 20 96/96/160   8
      xcbc(aes)    -      16 96/96/128   9   96=5
      cmac(aes)    -      16 96/96/128   -   96=8
      hmac(sm3)    sm3    32 256/256/256 10
      """
    let rows = AuthenticationAlgorithm.all.map { row in
      [
        row.name, row.shortName ?? "-", row.keys.row,
        "\(row.checkBits)/\(row.kernelCheckBits)/\(row.fullBits)",
        row.pfKeyNumber.map { "\($0)" } ?? "-",
      ]
        + row.validCheckBits.compactMap { bits in
          row.ikeTransform(checkBits: bits).map { "\(bits)=\($0)" }
        }
    }
    #expect(rows == table(expected))
    #expect(AuthenticationAlgorithm.hmacSHA256.validCheckBits == [96, 128, 256])
    #expect(AuthenticationAlgorithm.hmacSM3.validCheckBits == [256])
    #expect(AuthenticationAlgorithm.hmacSHA256.ikeTransform(checkBits: 64) == nil)
  }

  @Test("has the ciphers")
  func encryption() {
    // Kernel name, short name, block, IV and its generator, key and nonce, PF_KEY, IKEv2.
    let expected = """
      ecb(cipher_null)  cipher_null 8   0  -        0        11  11
      cbc(des)          des         64  8  echainiv 8        2   2
      cbc(des3_ede)     des3_ede    64  8  echainiv 24       3   3
      cbc(cast5)        cast5       64  8  echainiv 5...16   6   6
      cbc(blowfish)     blowfish    64  8  echainiv 5...56   7   7
      cbc(aes)          aes         128 16 echainiv 16,24,32 12  12
      cbc(serpent)      serpent     128 16 echainiv 16...32  252 -
      cbc(camellia)     camellia    128 16 echainiv 16,24,32 22  23
      cbc(twofish)      twofish     128 16 echainiv 16,24,32 253 -
      rfc3686(ctr(aes)) -           128 8  seqiv    20,28,36 13  13
      cbc(sm4)          sm4         128 16 echainiv 16       24  -
      """
    let rows = EncryptionAlgorithm.all.map { row in
      [
        row.name, row.shortName ?? "-", "\(row.blockBits)", "\(row.ivBytes)",
        row.ivGenerator ?? "-", row.keys.row, "\(row.pfKeyNumber)",
        row.ikeTransform.map { "\($0)" } ?? "-",
      ]
    }
    #expect(rows == table(expected))
  }

  @Test("has the ways to compress")
  func compression() {
    let rows = CompressionAlgorithm.all.map {
      "\($0.name) \($0.thresholdBytes) \($0.pfKeyNumber) \($0.ikeTransform) \($0.requirement.map { "\($0)" } ?? "-")"
    }
    #expect(rows == ["deflate 90 2 2 MAY", "lzs 90 3 3 MAY", "lzjh 50 4 4 MAY"])
    #expect(CompressionAlgorithm.all.filter { !$0.modules.isEmpty } == [.deflate])
    #expect(Compression(.deflate) == Compression(name: "deflate"))
  }

  @Test("has RFC 8221's levels")
  func levels() {
    typealias Level = RequirementLevel?
    func levels(_ cipher: AEADAlgorithm, _ checkBits: UInt32) -> [Level] {
      cipher.keys.keyBits.map { cipher.requirement(keyBits: $0, checkBits: checkBits) }
    }
    #expect(levels(.aesGCM, 128) == [.must, .may, .must])
    #expect(levels(.aesGCM, 96) == [nil, nil, nil])
    #expect(levels(.aesCCM, 64) == [.should, nil, nil])
    #expect(levels(.aesCCM, 128) == [nil, nil, nil])
    #expect(levels(.aesGMAC, 128) == [.may, nil, .may])
    #expect(levels(.chaCha20Poly1305, 128) == [.should])

    func levels(_ cipher: EncryptionAlgorithm) -> [Level] {
      var levels: [Level] = []
      for bits in cipher.keys.keyBits {
        let level = cipher.requirement(keyBits: bits)
        if levels.last != level { levels.append(level) }
      }
      return levels
    }
    let ciphers: [[Level]] = [
      [.must], [.mustNot], [.shouldNot], [nil], [.mustNot], [.must, .may, .must], [nil], [nil],
      [nil], [nil], [nil],
    ]
    #expect(EncryptionAlgorithm.all.map(levels) == ciphers)

    let hashes: [Level] = [
      .mustNot, .mustNot, .mustMinus, .must, nil, .should, nil, .may, nil, nil,
    ]
    #expect(AuthenticationAlgorithm.all.map { $0.requirement(checkBits: $0.checkBits) } == hashes)
    #expect(AuthenticationAlgorithm.hmacSHA256.requirement(checkBits: 96) == nil)
    #expect(AuthenticationAlgorithm.hmacSHA1.requirement(checkBits: 160) == nil)
    #expect("\(RequirementLevel.mustMinus) \(RequirementLevel.shouldNot)" == "MUST- SHOULD NOT")
  }

  @Test("finds algorithms by both names, and no others")
  func lookUp() {
    for row in AEADAlgorithm.all { #expect(AEADAlgorithm(named: row.name) == row) }
    for row in CompressionAlgorithm.all { #expect(CompressionAlgorithm(named: row.name) == row) }
    for row in EncryptionAlgorithm.all {
      #expect(EncryptionAlgorithm(named: row.name) == row)
      if let short = row.shortName { #expect(EncryptionAlgorithm(named: short) == row) }
    }
    for row in AuthenticationAlgorithm.all {
      #expect(AuthenticationAlgorithm(named: row.name) == row)
      if let short = row.shortName { #expect(AuthenticationAlgorithm(named: short) == row) }
    }
    #expect(AEADAlgorithm(named: "cbc(aes)") == nil)
    #expect(AuthenticationAlgorithm(named: "sha512") == nil)  // has no short name
    #expect(EncryptionAlgorithm(named: "") == nil)
    #expect(CompressionAlgorithm(named: "lz4") == nil)
  }

  /// So that what is found by a name alone is found for certain.
  @Test("has each name once")
  func names() {
    let rows: [any KernelAlgorithm] =
      AEADAlgorithm.all + AuthenticationAlgorithm.all + EncryptionAlgorithm.all
      + CompressionAlgorithm.all
    let names = rows.map(\.name) + rows.compactMap(\.shortName)
    #expect(Set(names).count == names.count)
    #expect(Set(rows.map(\.title)).count == rows.count)
    #expect(rows.map { "\($0)" } == rows.map(\.title))
    #expect(names.allSatisfy { $0.utf8.count < AlgorithmHeader.nameSize })
  }

  @Test("names the modules of what the kernel's name is made of")
  func modules() {
    #expect(AEADAlgorithm.aesGCM.modules.contains("gcm"))
    #expect(AEADAlgorithm.aesCCM.modules.contains("ccm"))
    #expect(AEADAlgorithm.chaCha20Poly1305.modules.first == "chacha20poly1305")
    #expect(EncryptionAlgorithm.tripleDESCBC.modules == ["cbc", "des_generic"])
    #expect(AuthenticationAlgorithm.hmacSHA384.modules == ["hmac", "sha512_generic"])
    #expect(AuthenticationAlgorithm.aesXCBC.modules == ["xcbc", "aes_generic"])
    let keyed: [any KeyedAlgorithm] =
      AEADAlgorithm.all + AuthenticationAlgorithm.all + EncryptionAlgorithm.all
    #expect(keyed.allSatisfy { !$0.modules.isEmpty })
  }

  private func table(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ").map { String($0) } }
  }
}

extension KeyLengths {
  /// `20,28,36`, `5...16`
  fileprivate var row: String {
    guard let first = totalBytes.first, let last = totalBytes.last else { return "" }
    return totalBytes.count > 3 && totalBytes == Array(first...last)
      ? "\(first)...\(last)" : totalBytes.map { "\($0)" }.joined(separator: ",")
  }
}
