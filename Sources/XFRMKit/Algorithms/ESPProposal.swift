/// A set of algorithms for ESP, under the name that IKE configurations give it: `aes256gcm16`,
/// `aes256-sha256`.
public struct ESPProposal: Hashable, Sendable {
  /// What the proposal is made of, by the kernel's names.
  public enum Transforms: Hashable, Sendable {
    /// - Parameters:
    ///   - keyBytes: The cipher's key and its salt.
    ///   - checkBits: The integrity check value's length.
    case aead(String, keyBytes: Int, checkBits: UInt32)
    case encryptionAndAuthentication(
      String, keyBytes: Int, String, hashKeyBytes: Int, truncationBits: UInt32)
  }

  public var name: String
  public var transforms: Transforms

  init(_ name: String, _ transforms: Transforms) {
    self.name = name
    self.transforms = transforms
  }

  /// Gives an SA the proposal's algorithms with fresh keys.
  public func protect(_ association: inout SecurityAssociation) {
    switch transforms {
    case .aead(let name, let keyBytes, let checkBits):
      association.aead = AEAD(name: name, key: .random(count: keyBytes), checkBits: checkBits)
    case .encryptionAndAuthentication(
      let cipher, let cipherKeyBytes, let hash, let hashKeyBytes, let bits):
      association.encryption = Encryption(name: cipher, key: .random(count: cipherKeyBytes))
      association.authentication = Authentication(
        name: hash, key: .random(count: hashKeyBytes), truncationBits: bits)
    }
  }
}

extension ESPProposal: CustomStringConvertible {
  public var description: String { name }
}

// MARK: - The proposals

extension ESPProposal {
  /// AES-GCM with a 256-bit key and a 16-byte check value: RFC 8221's first choice.
  public static let aes256gcm16 = gcm(256)
  public static let aes128gcm16 = gcm(128)
  /// What kernels without AEADs still have.
  public static let aes256sha256 = cbc(256, .sha256)
  public static let chacha20poly1305 = ESPProposal(
    "chacha20poly1305", .aead("rfc7539esp(chacha20,poly1305)", keyBytes: 36, checkBits: 128))

  /// The proposals that this version knows, strongest families first.
  public static let all: [ESPProposal] =
    [256, 192, 128].map { gcm($0) } + [chacha20poly1305] + [256, 128].map { ccm($0) }
    + [.sha512, .sha384, .sha256].flatMap { hash in [256, 192, 128].map { cbc($0, hash) } }
    + [ctr(256, .sha256), ctr(128, .sha256), cbc(256, .sha1), cbc(128, .sha1), null(.sha256)]

  /// Finds a proposal by its name.
  public init?(named name: String) {
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  private struct HMAC {
    var name: String
    var keyBytes: Int
    /// RFC 2404 and RFC 4868.
    var truncationBits: UInt32

    var kernelName: String { "hmac(\(name))" }

    static let sha1 = HMAC(name: "sha1", keyBytes: 20, truncationBits: 96)
    static let sha256 = HMAC(name: "sha256", keyBytes: 32, truncationBits: 128)
    static let sha384 = HMAC(name: "sha384", keyBytes: 48, truncationBits: 192)
    static let sha512 = HMAC(name: "sha512", keyBytes: 64, truncationBits: 256)
  }

  /// RFC 4106: a 4-byte salt follows the key.
  private static func gcm(_ bits: Int) -> ESPProposal {
    ESPProposal(
      "aes\(bits)gcm16", .aead("rfc4106(gcm(aes))", keyBytes: bits / 8 + 4, checkBits: 128))
  }

  /// RFC 4309: a 3-byte salt follows the key.
  private static func ccm(_ bits: Int) -> ESPProposal {
    ESPProposal(
      "aes\(bits)ccm16", .aead("rfc4309(ccm(aes))", keyBytes: bits / 8 + 3, checkBits: 128))
  }

  private static func cbc(_ bits: Int, _ hash: HMAC) -> ESPProposal {
    combined("aes\(bits)", "cbc(aes)", keyBytes: bits / 8, hash)
  }

  /// RFC 3686: a 4-byte nonce follows the key.
  private static func ctr(_ bits: Int, _ hash: HMAC) -> ESPProposal {
    combined("aes\(bits)ctr", "rfc3686(ctr(aes))", keyBytes: bits / 8 + 4, hash)
  }

  /// Integrity without encryption (RFC 2410).
  private static func null(_ hash: HMAC) -> ESPProposal {
    combined("null", "ecb(cipher_null)", keyBytes: 0, hash)
  }

  private static func combined(
    _ name: String, _ cipher: String, keyBytes: Int, _ hash: HMAC
  ) -> ESPProposal {
    ESPProposal(
      "\(name)-\(hash.name)",
      .encryptionAndAuthentication(
        cipher, keyBytes: keyBytes, hash.kernelName, hashKeyBytes: hash.keyBytes,
        truncationBits: hash.truncationBits))
  }
}
