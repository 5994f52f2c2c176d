internal import XFRMKit

/// Algorithms by the names and numbers that IANA gives to IKEv2's transforms, which RFC 9061 uses.
enum Transforms {
  struct Transform: Sendable {
    let name: String
    let number: UInt64
    /// IKE configurations' word, with `%` for the bits of the key.
    let word: String
  }

  private static func transform(_ name: String, _ number: UInt64, _ word: String) -> Transform {
    Transform(name: name, number: number, word: word)
  }

  static let encryption = [
    transform("aes-cbc", 12, "aes%"), transform("aes-gcm-16", 20, "aes%gcm16"),
    transform("aes-gcm-12", 19, "aes%gcm12"), transform("aes-gcm-8", 18, "aes%gcm8"),
    transform("chacha20-poly1305", 28, "chacha20poly1305"),
    transform("aes-ccm-16", 16, "aes%ccm16"), transform("aes-ccm-12", 15, "aes%ccm12"),
    transform("aes-ccm-8", 14, "aes%ccm8"), transform("aes-ctr", 13, "aes%ctr"),
    transform("aes-gmac", 21, "aes%gmac"), transform("camellia-cbc", 23, "camellia%"),
    transform("3des", 3, "3des"), transform("null", 11, "null"),
  ]

  static let integrity = [
    transform("none", 0, ""), transform("hmac-sha2-256-128", 12, "sha256"),
    transform("hmac-sha2-384-192", 13, "sha384"), transform("hmac-sha2-512-256", 14, "sha512"),
    transform("hmac-sha1-96", 2, "sha1"), transform("aes-xcbc-96", 5, "aesxcbc"),
    transform("aes-cmac-96", 8, "aescmac"), transform("hmac-md5-96", 1, "md5"),
  ]

  static func encryption(_ text: String) -> Transform? { find(text, in: encryption) }
  static func integrity(_ text: String) -> Transform? { find(text, in: integrity) }

  static func allowed(_ table: [Transform]) -> String {
    table.map { "\($0.name) (\($0.number))" }.joined(separator: ", ")
  }

  private static func find(_ text: String, in table: [Transform]) -> Transform? {
    let number = Numbers.parse(text)
    return table.first { $0.name == text || $0.number == number }
  }

  /// The proposal that two transforms and a length of key make.
  ///
  /// - Parameters:
  ///   - keyBits: The cipher's; `nil` if it has one length only.
  ///   - integrity: `nil` or `none` for a cipher that authenticates by itself.
  static func proposal(
    _ encryption: Transform, keyBits: UInt64?, _ integrity: Transform?
  ) -> ESPProposal? {
    let isVariable = encryption.word.contains("%")
    // Without a length there would be a usual one, which the peer need not have.
    guard !isVariable || keyBits != nil else { return nil }
    let cipher = encryption.word.split(separator: "%", omittingEmptySubsequences: false)
      .joined(separator: keyBits.map { "\($0)" } ?? "")
    let hash = integrity.map(\.word) ?? ""
    let proposal = ESPProposal(named: hash.isEmpty ? cipher : "\(cipher)-\(hash)")
    guard let proposal, let keyBits, !isVariable else { return proposal }
    return proposal.cipherKeyBits == keyBits ? proposal : nil
  }

  /// The hash of a transform with the bits of it that are sent; `nil` for none.
  static func hash(_ integrity: Transform) -> (AuthenticationAlgorithm, checkBits: UInt32)? {
    guard let number = UInt16(exactly: integrity.number) else { return nil }
    let hash = AuthenticationAlgorithm.all.first {
      $0.checkBits > 0 && $0.ikeTransform(checkBits: $0.checkBits) == number
    }
    return hash.map { ($0, $0.checkBits) }
  }

  /// What a hash with so many bits that are sent is called here; `nil` if nothing is.
  static func name(of hash: AuthenticationAlgorithm, _ checkBits: UInt32) -> String? {
    integrity.first { transform in
      Self.hash(transform).map { $0.0 == hash && $0.checkBits == checkBits } ?? false
    }?.name
  }
}

extension ESPProposal {
  /// The length of the cipher's key, without a salt.
  fileprivate var cipherKeyBits: UInt64 {
    switch transforms {
    case .aead(let cipher, let keyBytes, _): UInt64(keyBytes - cipher.keys.saltBytes) * 8
    case .encryptionAndAuthentication(let cipher, let keyBytes, _, _):
      UInt64(keyBytes - cipher.keys.saltBytes) * 8
    }
  }
}
