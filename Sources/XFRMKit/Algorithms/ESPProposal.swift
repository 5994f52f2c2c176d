/// A set of algorithms for ESP, which IKE configurations have a name for: `aes256gcm16`,
/// `aes256-sha256`.
public struct ESPProposal: Hashable, Sendable {
  /// What the proposal is made of.
  public enum Transforms: Hashable, Sendable {
    /// - Parameters:
    ///   - keyBytes: The cipher's key and its salt.
    ///   - checkBits: The integrity check value's length.
    case aead(AEADAlgorithm, keyBytes: Int, checkBits: UInt32)
    /// - Parameters:
    ///   - keyBytes: The cipher's key and its nonce; the hash has one length of key.
    ///   - truncationBits: The integrity check value's length.
    case encryptionAndAuthentication(
      EncryptionAlgorithm, keyBytes: Int, AuthenticationAlgorithm, truncationBits: UInt32)
  }

  /// Its algorithms, with lengths of keys and check values.
  public let transforms: Transforms

  init(_ transforms: Transforms) { self.transforms = transforms }

  /// Its algorithms, the cipher first.
  public var algorithms: [any KernelAlgorithm] {
    switch transforms {
    case .aead(let cipher, _, _): [cipher]
    case .encryptionAndAuthentication(let cipher, _, let hash, _): [cipher, hash]
    }
  }

  /// The modules that ESP needs besides those of its algorithms, to compose them; with extended
  /// sequence numbers authencesn in the place of authenc.
  public var composingModules: [String] {
    let (templates, generator): ([String], String?) =
      switch transforms {
      case .aead(let cipher, _, _): ([], cipher.ivGenerator)
      case .encryptionAndAuthentication(let cipher, _, _, _): (["authenc"], cipher.ivGenerator)
      }
    // What makes initialisation vectors draws a salt for them.
    return templates + (generator.map { [$0, "drbg"] } ?? [])
  }

  /// Gives an SA the proposal's algorithms with fresh keys, in the place of those that it has.
  public func protect(_ association: inout SecurityAssociation) {
    switch transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      association.aead = AEAD(
        name: cipher.name, key: .random(count: keyBytes), checkBits: checkBits)
      (association.encryption, association.authentication) = (nil, nil)
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let bits):
      association.encryption = Encryption(name: cipher.name, key: .random(count: keyBytes))
      association.authentication = Authentication(
        name: hash.name, key: hash.randomKey(), truncationBits: bits)
      association.aead = nil
    }
  }
}

// MARK: - The proposals

extension ESPProposal {
  /// AES-GCM with a 256-bit key and a 16-byte check value: RFC 8221's first choice.
  public static let aes256gcm16 = aead(.aesGCM, 256)
  /// AES-GCM with a 128-bit key and a 16-byte check value.
  public static let aes128gcm16 = aead(.aesGCM, 128)
  /// What kernels without AEADs still have.
  public static let aes256sha256 = combined(.aesCBC, 256, .hmacSHA256)
  /// For processors without instructions for AES; since Linux 4.2.
  public static let chacha20poly1305 = aead(.chaCha20Poly1305, 256)

  /// Those in use, strongest families first. ``init(named:)`` knows many more.
  public static let all: [ESPProposal] =
    [256, 192, 128].map { aead(.aesGCM, $0) } + [chacha20poly1305]
    + [256, 128].map { aead(.aesCCM, $0) }
    + [.hmacSHA512, .hmacSHA384, .hmacSHA256].flatMap { hash in
      [256, 192, 128].map { combined(.aesCBC, $0, hash) }
    }
    + [256, 128].map { combined(.aesCTR, $0, .hmacSHA256) }
    + [256, 128].map { combined(.aesCBC, $0, .hmacSHA1) } + [combined(.null, 0, .hmacSHA256)]

  static func aead(
    _ cipher: AEADAlgorithm, _ keyBits: Int, checkBits: UInt32? = nil
  ) -> ESPProposal {
    ESPProposal(
      .aead(
        cipher, keyBytes: keyBits / 8 + cipher.keys.saltBytes,
        checkBits: checkBits ?? cipher.checkBits))
  }

  static func combined(
    _ cipher: EncryptionAlgorithm, _ keyBits: Int, _ hash: AuthenticationAlgorithm,
    checkBits: UInt32? = nil
  ) -> ESPProposal {
    ESPProposal(
      .encryptionAndAuthentication(
        cipher, keyBytes: keyBits / 8 + cipher.keys.saltBytes, hash,
        truncationBits: checkBits ?? hash.checkBits))
  }
}
