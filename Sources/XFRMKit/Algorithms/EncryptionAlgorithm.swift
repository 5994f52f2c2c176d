/// A cipher that ESP combines with a keyed hash.
public struct EncryptionAlgorithm: KeyedAlgorithm {
  public let name: String
  public let shortName: String?
  public let title: String
  /// The lengths of key that RFCs prescribe, each with its nonce behind where it has one.
  public let keys: KeyLengths
  /// Bits of plaintext that it takes at a time.
  public let blockBits: Int
  /// The module that makes the initialisation vectors; `nil` if there are none.
  public let ivGenerator: String?
  /// The transform ID that IANA registers for IKEv2's encryption algorithms.
  public let ikeTransform: UInt16?
  /// `SADB_EALG_…`
  public let pfKeyNumber: UInt8
  public let modules: [String]
  /// IKE configurations' word for it, with `%` for the bits of the key.
  let keyword: String?
  private let requirements: [Requirement]

  /// Bytes of initialisation vector in each packet.
  public var ivBytes: Int {
    switch ivGenerator {
    case nil: 0
    case Self.counting: 8
    default: blockBits / 8
    }
  }

  /// What RFC 8221 says about a key, counted without its nonce; `nil` if nothing.
  public func requirement(keyBits: Int) -> RequirementLevel? {
    requirements.level(keyBits: keyBits)
  }

  /// For ciphers in cipher block chaining mode.
  private static let chaining = "echainiv"
  /// For ciphers in counter mode.
  private static let counting = "seqiv"

  /// A block cipher in cipher block chaining mode.
  private static func cbc(
    _ cipher: String, _ title: String, blockBits: Int, keyBytes: [Int], ike: UInt16?,
    pfKey: UInt8, module: String, keyword: String?, requirements: [Requirement] = []
  ) -> Self {
    EncryptionAlgorithm(
      name: "cbc(\(cipher))", shortName: cipher, title: title, keys: KeyLengths(keyBytes),
      blockBits: blockBits, ivGenerator: chaining, ikeTransform: ike, pfKeyNumber: pfKey,
      modules: ["cbc", module], keyword: keyword, requirements: requirements)
  }
}

// MARK: - The table

extension EncryptionAlgorithm {
  /// RFC 2410: no encryption, for integrity alone.
  public static let null = EncryptionAlgorithm(
    name: "ecb(cipher_null)", shortName: "cipher_null", title: "NULL", keys: KeyLengths([0]),
    blockBits: 8, ivGenerator: nil, ikeTransform: 11, pfKeyNumber: 11, modules: ["crypto_null"],
    keyword: "null", requirements: [Requirement(.must)])

  /// RFC 2405.
  public static let desCBC = cbc(
    "des", "DES", blockBits: 64, keyBytes: [8], ike: 2, pfKey: 2, module: "des_generic",
    keyword: "des", requirements: [Requirement(.mustNot)])

  /// RFC 2451.
  public static let tripleDESCBC = cbc(
    "des3_ede", "3DES", blockBits: 64, keyBytes: [24], ike: 3, pfKey: 3, module: "des_generic",
    keyword: "3des", requirements: [Requirement(.shouldNot)])

  /// RFC 2451.
  public static let castCBC = cbc(
    "cast5", "CAST-128", blockBits: 64, keyBytes: Array(5...16), ike: 6, pfKey: 6,
    module: "cast5_generic", keyword: "cast%")

  /// RFC 2451. The kernel takes four bytes of key, too; the RFC does not.
  public static let blowfishCBC = cbc(
    "blowfish", "Blowfish", blockBits: 64, keyBytes: Array(5...56), ike: 7, pfKey: 7,
    module: "blowfish_generic", keyword: "blowfish%", requirements: [Requirement(.mustNot)])

  /// RFC 3602.
  public static let aesCBC = cbc(
    "aes", "AES-CBC", blockBits: 128, keyBytes: [16, 24, 32], ike: 12, pfKey: 12,
    module: "aes_generic", keyword: "aes%",
    requirements: [Requirement(.must, keyBits: [128, 256]), Requirement(.may, keyBits: [192])])

  /// The kernel takes shorter keys, too, down to none.
  public static let serpentCBC = cbc(
    "serpent", "Serpent", blockBits: 128, keyBytes: Array(16...32), ike: nil, pfKey: 252,
    module: "serpent_generic", keyword: "serpent%")

  /// RFC 4312.
  public static let camelliaCBC = cbc(
    "camellia", "Camellia", blockBits: 128, keyBytes: [16, 24, 32], ike: 23, pfKey: 22,
    module: "camellia_generic", keyword: "camellia%")

  /// Known to the kernel and to no RFC about IPsec.
  public static let twofishCBC = cbc(
    "twofish", "Twofish", blockBits: 128, keyBytes: [16, 24, 32], ike: nil, pfKey: 253,
    module: "twofish_generic", keyword: "twofish%")

  /// RFC 3686.
  public static let aesCTR = EncryptionAlgorithm(
    name: "rfc3686(ctr(aes))", shortName: nil, title: "AES-CTR",
    keys: KeyLengths([16, 24, 32], saltBytes: 4), blockBits: 128, ivGenerator: counting,
    ikeTransform: 13, pfKeyNumber: 13, modules: ["ctr", "aes_generic"], keyword: "aes%ctr",
    requirements: [])

  /// Since Linux 5.17.
  public static let sm4CBC = cbc(
    "sm4", "SM4", blockBits: 128, keyBytes: [16], ike: nil, pfKey: 24, module: "sm4_generic",
    keyword: nil)

  public static let all = [
    null, desCBC, tripleDESCBC, castCBC, blowfishCBC, aesCBC, serpentCBC, camelliaCBC, twofishCBC,
    aesCTR, sm4CBC,
  ]
}
