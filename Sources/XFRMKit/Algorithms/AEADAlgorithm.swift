/// A cipher that encrypts and authenticates in one; for ESP only.
public struct AEADAlgorithm: KeyedAlgorithm {
  /// A length of integrity check value, and what the cipher with it is numbered.
  public struct CheckValue: Hashable, Sendable {
    /// Its length: `alg_icv_len`.
    public let bits: UInt32
    /// The transform ID that IANA registers for IKEv2's encryption algorithms.
    public let ikeTransform: UInt16
    /// `SADB_X_EALG_…`; `nil` where PF_KEY has none.
    public let pfKeyNumber: UInt8?

    fileprivate init(_ bits: UInt32, ike: UInt16, pfKey: UInt8? = nil) {
      self.bits = bits
      ikeTransform = ike
      pfKeyNumber = pfKey
    }
  }

  public let name: String
  public let title: String
  /// The lengths of key that the kernel takes, each with its salt behind.
  public let keys: KeyLengths
  /// The kernel takes no others; shortest first.
  public let checkValues: [CheckValue]
  public let modules: [String]
  /// IKE configurations' word for it, with `%` for the bits of the key.
  let keyword: String
  private let requirements: [Requirement]

  /// AEADs have none.
  public var shortName: String? { nil }
  /// The module that makes the initialisation vectors.
  public var ivGenerator: String { "seqiv" }
  /// Bytes of initialisation vector in each packet.
  public var ivBytes: Int { 8 }
  /// Bits of the longest check value, which is the one to use.
  public var checkBits: UInt32 { checkValues.last?.bits ?? 0 }

  /// What RFC 8221 says about a key, counted without its salt, and a check value; `nil` if nothing.
  public func requirement(keyBits: Int, checkBits: UInt32) -> RequirementLevel? {
    requirements.level(keyBits: keyBits, checkBits: checkBits)
  }
}

// MARK: - The table

extension AEADAlgorithm {
  /// RFC 4106.
  public static let aesGCM = AEADAlgorithm(
    name: "rfc4106(gcm(aes))", title: "AES-GCM", keys: KeyLengths([16, 24, 32], saltBytes: 4),
    checkValues: [
      CheckValue(64, ike: 18, pfKey: 18), CheckValue(96, ike: 19, pfKey: 19),
      CheckValue(128, ike: 20, pfKey: 20),
    ], modules: ["gcm", "aes_generic", "ctr", "ghash_generic"], keyword: "aes%gcm",
    requirements: [
      Requirement(.must, keyBits: [128, 256], checkBits: 128),
      Requirement(.may, keyBits: [192], checkBits: 128),
    ])

  /// RFC 4309. What RFC 8221 asks for it asks for the Internet of Things.
  public static let aesCCM = AEADAlgorithm(
    name: "rfc4309(ccm(aes))", title: "AES-CCM", keys: KeyLengths([16, 24, 32], saltBytes: 3),
    checkValues: [
      CheckValue(64, ike: 14, pfKey: 14), CheckValue(96, ike: 15, pfKey: 15),
      CheckValue(128, ike: 16, pfKey: 16),
    ], modules: ["ccm", "aes_generic", "ctr"], keyword: "aes%ccm",
    requirements: [Requirement(.should, keyBits: [128], checkBits: 64)])

  /// RFC 4543: integrity without encryption.
  public static let aesGMAC = AEADAlgorithm(
    name: "rfc4543(gcm(aes))", title: "AES-GMAC", keys: KeyLengths([16, 24, 32], saltBytes: 4),
    checkValues: [CheckValue(128, ike: 21, pfKey: 23)],
    modules: ["gcm", "aes_generic", "ctr", "ghash_generic"], keyword: "aes%gmac",
    requirements: [Requirement(.may, keyBits: [128, 256])])

  /// RFC 7634; since Linux 4.2.
  public static let chaCha20Poly1305 = AEADAlgorithm(
    name: "rfc7539esp(chacha20,poly1305)", title: "ChaCha20-Poly1305",
    keys: KeyLengths([32], saltBytes: 4), checkValues: [CheckValue(128, ike: 28)],
    modules: ["chacha20poly1305", "chacha_generic", "poly1305_generic"],
    keyword: "chacha20poly1305", requirements: [Requirement(.should)])

  public static let all = [aesGCM, aesCCM, aesGMAC, chaCha20Poly1305]
}
