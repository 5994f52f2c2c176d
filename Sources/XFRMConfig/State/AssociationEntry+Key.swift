public import XFRMKit

extension AssociationEntry.Protection {
  /// Bytes of key material that it takes: the cipher's key with its salt, then the hash's.
  public var keyBytes: Int {
    switch self {
    case .esp(let proposal):
      switch proposal.transforms {
      case .aead(_, let keyBytes, _): keyBytes
      case .encryptionAndAuthentication(_, let keyBytes, let hash, _): keyBytes + hash.keys.longest
      }
    case .ah(let hash, _): hash.keys.longest
    case .ipComp: 0
    }
  }

  /// Whether the same key must never be used by two SAs, nor twice by one that starts counting
  /// anew: the cipher runs on a counter, or authenticates with one (RFC 8221, RFC 4106, RFC 3686,
  /// RFC 4543, RFC 7634).
  public var needsFreshKeys: Bool {
    guard case .esp(let proposal) = self else { return false }
    return switch proposal.transforms {
    case .aead: true
    case .encryptionAndAuthentication(let cipher, _, _, _): cipher.name.contains("ctr(")
    }
  }
}

extension AssociationEntry {
  /// Whether its key must never have been installed before: its algorithms need that, or it is a
  /// generated one and packets have numbers that the other end takes but once. An SA that is made
  /// anew begins them anew, so that with an old key the other end drops all, until it has new ones.
  ///
  /// Whoever names a key that stays the same has chosen that (``KeyReference/isStatic``).
  public var needsFreshKey: Bool {
    if protection.needsFreshKeys { return true }
    return key?.isStatic == false && association.refusesReplays
  }

  /// The SA with its key.
  /// - Parameter material: As many bytes as ``Protection/keyBytes`` says; `nil` if it is to have
  ///   another length.
  public func keyed(with material: Secret) -> SecurityAssociation? {
    guard material.count == protection.keyBytes else { return nil }
    var association = association
    switch protection {
    case .esp(let proposal):
      switch proposal.transforms {
      case .aead(let cipher, _, let checkBits):
        association.aead = AEAD(name: cipher.name, key: material, checkBits: checkBits)
      case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let bits):
        association.encryption = Encryption(name: cipher.name, key: material[..<keyBytes])
        association.authentication = Authentication(
          name: hash.name, key: material[keyBytes...], truncationBits: bits)
      }
    case .ah(let hash, let bits):
      association.authentication = Authentication(
        name: hash.name, key: material, truncationBits: bits)
    case .ipComp(let compression):
      association.compression = Compression(compression)
    }
    return association
  }
}

extension SecurityAssociation {
  /// Whether packets with numbers that were taken already are dropped.
  var refusesReplays: Bool {
    (extendedReplayState?.window ?? UInt32(replayWindow)) > 0
  }
}

extension Secret {
  fileprivate subscript(range: PartialRangeUpTo<Int>) -> Secret {
    withBytes { Secret($0.extracting(..<range.upperBound)) }
  }

  fileprivate subscript(range: PartialRangeFrom<Int>) -> Secret {
    withBytes { Secret($0.extracting(range.lowerBound...)) }
  }
}
