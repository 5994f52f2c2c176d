import Testing
import XFRMKit

@Suite("A key for an algorithm")
struct AlgorithmKeyTests {
  private static let keyed: [any KeyedAlgorithm] =
    AEADAlgorithm.all + AuthenticationAlgorithm.all + EncryptionAlgorithm.all

  @Test("is accepted in every length that the table has and in no other", arguments: keyed.indices)
  func lengths(index: Int) {
    let algorithm = Self.keyed[index]
    var accepted: [Int] = []
    for count in 0...80 {
      let key = Secret.random(count: count)
      do throws(AlgorithmError) {
        switch algorithm {
        case let cipher as AEADAlgorithm:
          #expect(try AEAD(cipher, key: key).key == key)
        case let cipher as EncryptionAlgorithm:
          #expect(try Encryption(cipher, key: key).key == key)
        case let hash as AuthenticationAlgorithm:
          #expect(try Authentication(hash, key: key).key == key)
        default: Issue.record("\(algorithm) is of no known kind")
        }
        accepted.append(count)
      } catch {
        let expected = AlgorithmError.keyLength(
          algorithm: algorithm.title, valid: algorithm.keys, bytes: count)
        #expect(error == expected)
      }
    }
    #expect(accepted == algorithm.keys.totalBytes)
  }

  @Test("is refused with a sentence that says what would fit")
  func sentences() {
    func refusal(_ body: () throws(AlgorithmError) -> Void) -> String? {
      do throws(AlgorithmError) {
        try body()
        return nil
      } catch {
        return "\(error)"
      }
    }
    func key(_ count: Int) -> Secret { .random(count: count) }
    #expect(
      refusal { () throws(AlgorithmError) in _ = try AEAD(.aesGCM, key: key(16)) }
        == "AES-GCM keys are 20, 28 or 36 bytes including the 4-byte salt; this one has 16")
    #expect(
      refusal { () throws(AlgorithmError) in _ = try AEAD(.chaCha20Poly1305, key: key(32)) }
        == "ChaCha20-Poly1305 keys are 36 bytes including the 4-byte salt; this one has 32")
    #expect(
      refusal { () throws(AlgorithmError) in _ = try Encryption(.blowfishCBC, key: key(4)) }
        == "Blowfish keys are 5 to 56 bytes; this one has 4")
    #expect(
      refusal { () throws(AlgorithmError) in _ = try Encryption(.null, key: key(16)) }
        == "NULL takes no key; this one has 16 bytes")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try Authentication(.hmacSHA256, key: key(20))
      } == "HMAC-SHA-256 keys are 32 bytes; this one has 20")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try AEAD(.aesGCM, key: key(36), checkBits: 80)
      } == "AES-GCM check values have 64, 96 or 128 bits; 80 were asked for")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try Authentication(.hmacSHA256, key: key(32), truncationBits: 8)
      } == "HMAC-SHA-256 check values have 96, 128 or 256 bits; 8 were asked for")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try AEADAlgorithm.aesCCM.randomKey(bits: 127)
      } == "AES-CCM keys have 128, 192 or 256 bits; 127 were asked for")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try EncryptionAlgorithm.castCBC.randomKey(bits: 136)
      } == "CAST-128 keys have 40 to 128 bits; 136 were asked for")
    #expect(
      refusal { () throws(AlgorithmError) in
        _ = try EncryptionAlgorithm.castCBC.randomKey(bits: 128)
      } == nil)
  }

  @Test("is as long as can be if nothing is said")
  func greatestLength() {
    #expect(AEADAlgorithm.aesGCM.randomKey().count == 36)
    #expect(AEADAlgorithm.aesCCM.randomKey().count == 35)
    #expect(EncryptionAlgorithm.aesCTR.randomKey().count == 36)
    #expect(EncryptionAlgorithm.aesCBC.randomKey().count == 32)
    #expect(AuthenticationAlgorithm.hmacSHA512.randomKey().count == 64)
    #expect(EncryptionAlgorithm.null.randomKey().count == 0)
  }

  @Test("is fresh, and has its salt too", arguments: AEADAlgorithm.all)
  func fresh(cipher: AEADAlgorithm) throws {
    for bits in cipher.keys.keyBits {
      let keys = try (0..<2).map { _ in try cipher.randomKey(bits: bits) }
      #expect(keys[0].count == bits / 8 + cipher.keys.saltBytes)
      #expect(keys[0] != keys[1])
      #expect(try AEAD(cipher, key: keys[0]).name == cipher.name)
    }
  }

  @Test("goes with the check value of the RFC unless another is asked for")
  func checkValues() throws {
    #expect(try AEAD(.aesGCM, key: .random(count: 20)).checkBits == 128)
    #expect(try AEAD(.aesGCM, key: .random(count: 20), checkBits: 64).checkBits == 64)
    let key = AuthenticationAlgorithm.hmacSHA256.randomKey()
    let usual = try Authentication(.hmacSHA256, key: key)
    #expect(usual.truncationBits == 128, "the kernel by itself would take 96")
    #expect(try Authentication(.hmacSHA256, key: key, truncationBits: 96).truncationBits == 96)
    #expect(try Authentication(.hmacSHA256, key: key, truncationBits: 256).truncationBits == 256)
  }

  @Test("is not looked at where an algorithm is given by its name")
  func names() {
    #expect(AEAD(name: "rfc4106(gcm(aes))", key: .empty, checkBits: 7).key.count == 0)
    #expect(Encryption(name: "cbc(new)", key: .random(count: 3)).key.count == 3)
    #expect(Authentication(name: "hmac(new)", key: .empty, truncationBits: nil).key.count == 0)
  }
}
