/// A keyed hash, for AH and for ESP with an ``EncryptionAlgorithm``.
public struct AuthenticationAlgorithm: KeyedAlgorithm {
  public let name: String
  public let shortName: String?
  public let title: String
  /// What RFCs prescribe. A kernel takes keys of every length, none included, for all but AES-XCBC
  /// and AES-CMAC.
  public let keys: KeyLengths
  /// Bits of the hash that RFCs want sent.
  public let checkBits: UInt32
  /// Bits that the kernel sends where it is not told; for `hmac(sha256)` those of a draft that
  /// never became an RFC, which hardly any peer expects.
  public let kernelCheckBits: UInt32
  /// Bits of the whole hash.
  public let fullBits: UInt32
  /// `SADB_AALG_…`; `nil` where PF_KEY has none.
  public let pfKeyNumber: UInt8?
  public let modules: [String]
  /// IKE configurations' words for it, the usual one first.
  let keywords: [String]
  /// Whether kernels refuse keys of wrong lengths.
  let isKeyChecked: Bool
  private let ikeTransforms: [UInt32: UInt16]
  private let requirements: [Requirement]

  /// The lengths of check value that peers may expect: what RFCs prescribe, what the kernel takes
  /// by itself and the whole hash.
  public var validCheckBits: [UInt32] { Set([checkBits, kernelCheckBits, fullBits]).sorted() }

  /// The transform ID that IANA registers for IKEv2's integrity algorithms; `nil` if there is none
  /// with such a check value.
  public func ikeTransform(checkBits: UInt32) -> UInt16? { ikeTransforms[checkBits] }

  /// What RFC 8221 says about it with a check value; `nil` if nothing.
  public func requirement(checkBits: UInt32) -> RequirementLevel? {
    requirements.level(keyBits: keys.longest * 8, checkBits: checkBits)
  }

  /// RFC 2104: the key is as long as the hash.
  private static func hmac(
    _ hash: String, shortName: String?, _ title: String, bits: UInt32, checkBits: UInt32,
    kernelCheckBits: UInt32? = nil, ike: [UInt32: UInt16] = [:], pfKey: UInt8, module: String,
    keywords: [String] = [], requirements: [Requirement] = []
  ) -> Self {
    AuthenticationAlgorithm(
      name: "hmac(\(hash))", shortName: shortName, title: title,
      keys: KeyLengths([Int(bits) / 8]), checkBits: checkBits,
      kernelCheckBits: kernelCheckBits ?? checkBits, fullBits: bits, pfKeyNumber: pfKey,
      modules: ["hmac", module], keywords: keywords, isKeyChecked: false, ikeTransforms: ike,
      requirements: requirements)
  }

  /// A hash made of AES with a key of 128 bits.
  private static func aes(
    _ mode: String, _ title: String, ike: UInt16, pfKey: UInt8?, keyword: String,
    requirements: [Requirement] = []
  ) -> Self {
    AuthenticationAlgorithm(
      name: "\(mode)(aes)", shortName: nil, title: title, keys: KeyLengths([16]), checkBits: 96,
      kernelCheckBits: 96, fullBits: 128, pfKeyNumber: pfKey, modules: [mode, "aes_generic"],
      keywords: [keyword], isKeyChecked: true, ikeTransforms: [96: ike],
      requirements: requirements)
  }
}

// MARK: - The table

extension AuthenticationAlgorithm {
  /// No authentication. Without an AEAD that leaves packets open to changes by anybody.
  public static let null = AuthenticationAlgorithm(
    name: "digest_null", shortName: nil, title: "no authentication", keys: KeyLengths([0]),
    checkBits: 0, kernelCheckBits: 0, fullBits: 0, pfKeyNumber: 251, modules: ["crypto_null"],
    keywords: [], isKeyChecked: false, ikeTransforms: [0: 0],
    requirements: [Requirement(.mustNot)])

  /// RFC 2403.
  public static let hmacMD5 = hmac(
    "md5", shortName: "md5", "HMAC-MD5", bits: 128, checkBits: 96, ike: [96: 1, 128: 6],
    pfKey: 2, module: "md5", keywords: ["md5"],
    requirements: [Requirement(.mustNot, checkBits: 96)])

  /// RFC 2404.
  public static let hmacSHA1 = hmac(
    "sha1", shortName: "sha1", "HMAC-SHA-1", bits: 160, checkBits: 96, ike: [96: 2, 160: 7],
    pfKey: 3, module: "sha1_generic", keywords: ["sha1", "sha"],
    requirements: [Requirement(.mustMinus, checkBits: 96)])

  /// RFC 4868.
  public static let hmacSHA256 = hmac(
    "sha256", shortName: "sha256", "HMAC-SHA-256", bits: 256, checkBits: 128,
    kernelCheckBits: 96, ike: [128: 12], pfKey: 5, module: "sha256_generic",
    keywords: ["sha256", "sha2_256"], requirements: [Requirement(.must, checkBits: 128)])

  /// RFC 4868.
  public static let hmacSHA384 = hmac(
    "sha384", shortName: nil, "HMAC-SHA-384", bits: 384, checkBits: 192, ike: [192: 13],
    pfKey: 6, module: "sha512_generic", keywords: ["sha384", "sha2_384"])

  /// RFC 4868.
  public static let hmacSHA512 = hmac(
    "sha512", shortName: nil, "HMAC-SHA-512", bits: 512, checkBits: 256, ike: [256: 14],
    pfKey: 7, module: "sha512_generic", keywords: ["sha512", "sha2_512"],
    requirements: [Requirement(.should, checkBits: 256)])

  /// RFC 2857; gone by Linux 7.2.
  public static let hmacRIPEMD160 = hmac(
    "rmd160", shortName: "rmd160", "HMAC-RIPEMD-160", bits: 160, checkBits: 96, pfKey: 8,
    module: "rmd160")

  /// RFC 3566. For the Internet of Things RFC 8221 says SHOULD.
  public static let aesXCBC = aes(
    "xcbc", "AES-XCBC", ike: 5, pfKey: 9, keyword: "aesxcbc",
    requirements: [Requirement(.may, checkBits: 96)])

  /// RFC 4494.
  public static let aesCMAC = aes("cmac", "AES-CMAC", ike: 8, pfKey: nil, keyword: "aescmac")

  /// Since Linux 5.17.
  public static let hmacSM3 = hmac(
    "sm3", shortName: "sm3", "HMAC-SM3", bits: 256, checkBits: 256, pfKey: 10,
    module: "sm3_generic")

  public static let all = [
    null, hmacMD5, hmacSHA1, hmacSHA256, hmacSHA384, hmacSHA512, hmacRIPEMD160, aesXCBC, aesCMAC,
    hmacSM3,
  ]
}
