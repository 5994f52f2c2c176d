public import XFRMKit

/// How the algorithms of a configuration are judged by RFC 8221.
public enum CryptoPolicy: String, CaseIterable, Hashable, Sendable {
  /// Takes what the RFC requires or recommends, and encrypts.
  case modern
  /// Takes all that the RFC does not forbid; warns of what it advises against.
  case rfc8221
  /// Takes everything; warns of what the RFC forbids or advises against.
  case legacy

  /// What is to be done about an algorithm.
  public enum Judgement: Hashable, Sendable {
    case accepted
    case questionable
    case refused
  }

  /// What is to be done about an algorithm of which the RFC says so; `nil` if it says nothing.
  public func judgement(_ level: RequirementLevel?) -> Judgement {
    switch (self, level) {
    case (_, .must), (_, .should), (_, .shouldPlus): .accepted
    case (.modern, _): .refused
    case (.rfc8221, .mustNot): .refused
    case (.rfc8221, .shouldNot), (.rfc8221, .mustMinus), (.rfc8221, .shouldMinus),
      (.rfc8221, nil):
      .questionable
    case (.legacy, .mustNot), (.legacy, .shouldNot): .questionable
    default: .accepted
    }
  }
}

extension ESPProposal {
  /// Each algorithm with what RFC 8221 says about it.
  var requirements: [(algorithm: String, level: RequirementLevel?)] {
    switch transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      let keyBits = (keyBytes - cipher.keys.saltBytes) * 8
      return [(cipher.title, cipher.requirement(keyBits: keyBits, checkBits: checkBits))]
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let checkBits):
      let keyBits = (keyBytes - cipher.keys.saltBytes) * 8
      return [
        (cipher.title, cipher.requirement(keyBits: keyBits)),
        (hash.title, hash.requirement(checkBits: checkBits)),
      ]
    }
  }

  /// Whether two packets with one counter give both away: then a key must never be used again.
  var isCounterMode: Bool {
    switch transforms {
    case .aead: true
    case .encryptionAndAuthentication(let cipher, _, _, _): cipher == .aesCTR
    }
  }

  /// Whether packets are encrypted.
  var encrypts: Bool {
    switch transforms {
    case .aead(let cipher, _, _): cipher != .aesGMAC
    case .encryptionAndAuthentication(let cipher, _, _, _): cipher != .null
    }
  }
}
