// Names are spelt from the tables and compared, not taken apart: what has a name can be found by it,
// and nothing else can.

extension ESPProposal {
  /// Finds a proposal by a name of the kind that strongSwan's configurations have: a cipher that
  /// authenticates by itself (`aes256gcm16`, `aes128ccm64`, `chacha20poly1305`), or a cipher and a
  /// hash (`aes256-sha256`, `3des-sha1_160`, `null-aescmac`).
  ///
  /// Without a length of key (`aes-sha256`) it is 128 bits, as in strongSwan; without one of check
  /// value (`aes256gcm`) the longest, or what the hash's RFC says.
  public init?(named name: String) {
    let words = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { String($0) }
    let found = words.count == 1 ? Self.aead(words[0]) : Self.combined(words[0], words[1])
    guard let found else { return nil }
    self = found
  }

  /// The usual name: `aes256gcm16`, `aes256-sha256`.
  public var name: String {
    switch transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      cipher.words(keyBits: (keyBytes - cipher.keys.saltBytes) * 8, checkBits: checkBits)[0]
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let bits):
      cipher.words(keyBits: (keyBytes - cipher.keys.saltBytes) * 8)[0] + "-"
        + hash.words(checkBits: bits)[0]
    }
  }

  private static func aead(_ word: String) -> ESPProposal? {
    for cipher in AEADAlgorithm.all {
      for keyBits in cipher.keys.keyBits {
        for checkBits in cipher.checkValues.map(\.bits)
        where cipher.words(keyBits: keyBits, checkBits: checkBits).contains(word) {
          return aead(cipher, keyBits, checkBits: checkBits)
        }
      }
    }
    return nil
  }

  private static func combined(_ cipherWord: String, _ hashWord: String) -> ESPProposal? {
    for cipher in EncryptionAlgorithm.all where cipher.keyword != nil {
      for keyBits in cipher.keys.keyBits
      where cipher.words(keyBits: keyBits).contains(cipherWord) {
        for hash in AuthenticationAlgorithm.all where !hash.keywords.isEmpty {
          for checkBits in hash.validCheckBits
          where hash.words(checkBits: checkBits).contains(hashWord) {
            return combined(cipher, keyBits, hash, checkBits: checkBits)
          }
        }
      }
    }
    return nil
  }
}

extension ESPProposal: CustomStringConvertible {
  public var description: String { name }
}

// MARK: - Words, the usual one first

extension AEADAlgorithm {
  /// `aes256gcm16`, `aes256gcm128`, `aes256gcm`
  fileprivate func words(keyBits: Int, checkBits: UInt32) -> [String] {
    let stem = keyword.spelt(keyBits)
    guard checkValues.count > 1 else { return [stem] }
    return ["\(stem)\(checkBits / 8)", "\(stem)\(checkBits)"]
      + (checkBits == self.checkBits ? [stem] : [])
  }
}

extension EncryptionAlgorithm {
  /// `aes128`, `aes`
  fileprivate func words(keyBits: Int) -> [String] {
    let keyword = keyword ?? name
    let isDefault = keyBits == 128 && keyword.hasSuffix("%")
    return [keyword.spelt(keyBits)] + (isDefault ? [String(keyword.dropLast())] : [])
  }
}

extension AuthenticationAlgorithm {
  /// `sha256`, `sha2_256`; `sha256_96`, `sha2_256_96`
  fileprivate func words(checkBits: UInt32) -> [String] {
    let keywords = keywords.isEmpty ? [name] : keywords
    return (checkBits == self.checkBits ? keywords : []) + keywords.map { "\($0)_\(checkBits)" }
  }
}

extension String {
  /// `aes%gcm` becomes `aes256gcm`; what has one length of key only has no place for it.
  fileprivate func spelt(_ keyBits: Int) -> String {
    split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\(keyBits)")
  }
}
