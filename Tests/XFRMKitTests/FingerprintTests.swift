import Netlink
import TestSupport
import Testing

@testable import XFRMKit

@Suite("Fingerprints")
struct FingerprintTests {
  @Test("SHA-256 gives what FIPS 180-4's examples give", arguments: Hash.all)
  func hash(_ sample: Hash) {
    let digest = SHA256.digest(sample.message.span).bytes
    #expect(digest == hex(sample.digest))
  }

  struct Hash: CustomTestStringConvertible {
    var message: [UInt8]
    var digest: String
    var testDescription: String { "\(message.count) bytes" }

    init(_ text: String, _ digest: String) {
      message = Array(text.utf8)
      self.digest = digest
    }

    static let all = [
      Hash("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      Hash("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      Hash(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
      Hash(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
      Hash(
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
  }

  @Test("every length of message is padded as another implementation pads it")
  func lengths() {
    // Of the hashes of 0 to 199 bytes of 0x61, one after another, as Python's hashlib has them.
    let hashes = (0..<200).flatMap { count in
      SHA256.digest([UInt8](repeating: 0x61, count: count).span).bytes
    }
    #expect(SHA256.digest(hashes.span).bytes == hex(Self.hashOfHashes))
  }

  private static let hashOfHashes =
    "752c007f38611cfbf5fa42cb1cea3d8e086491c844d0cc4defd632cb81423506"

  @Test("HMAC-SHA-256 gives what RFC 4231 says", arguments: Code.all)
  func code(_ sample: Code) {
    let fingerprint = KeyFingerprint(salt: sample.key)
    let code = fingerprint.authenticationCode(of: sample.data.span).bytes
    #expect(code.starts(with: hex(sample.code)))
  }

  struct Code: CustomTestStringConvertible {
    var key: [UInt8]
    var data: [UInt8]
    var code: String
    var testDescription: String { "\(key.count) bytes of key, \(data.count) of data" }

    init(_ key: String, _ data: String, _ code: String) {
      self.key = hex(key)
      self.data = hex(data)
      self.code = code
    }

    static let all = [
      Code(
        "0b*20", "4869205468657265",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
      Code(
        "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
      Code(
        "aa*20", "dd*50", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
      Code(
        "0102030405060708090a0b0c0d0e0f10111213141516171819", "cd*50",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
      // The RFC has the first half of this one.
      Code("0c*20", "546573742057697468205472756e636174696f6e", "a3b6167473100ee06e0c796c2955552b"),
      Code(
        "aa*131",
        """
        54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368
        204b6579204669727374
        """, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    ]
  }

  @Test("tell whether keys are equal, under one salt only")
  func equality() {
    let key = Secret.random(count: 36)
    let copy = key.withBytes { Secret($0) }
    let fingerprint = KeyFingerprint()
    #expect(fingerprint.of(key) == fingerprint.of(copy))
    #expect(fingerprint.of(key) != fingerprint.of(.random(count: 36)))
    #expect(KeyFingerprint().of(key) != fingerprint.of(key))
    #expect(KeyFingerprint(salt: fingerprint.salt).of(key) == fingerprint.of(key))
  }

  @Test("are sixteen digits, and salts sixteen bytes")
  func form() {
    let fingerprint = KeyFingerprint()
    #expect(fingerprint.salt.count == 16)
    // Among so many some begin with a zero.
    for _ in 0..<200 {
      let text = fingerprint.of(.random(count: 8))
      #expect(text.count == 16 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}
