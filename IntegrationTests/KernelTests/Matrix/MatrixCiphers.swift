import XFRMLab

@testable import XFRMKit

/// How packets are wrapped, and what in what.
struct Way: Hashable, Sendable, CustomStringConvertible {
  var mode: Mode
  var family: AddressFamily
  var inner: AddressFamily?

  /// Every mode over every family, and those with outer addresses across families.
  static let all = [Mode.transport, .tunnel, .beet].flatMap { mode in
    [AddressFamily.ipv4, .ipv6].flatMap { family in
      let other: AddressFamily = family == .ipv4 ? .ipv6 : .ipv4
      return [Way(mode: mode, family: family)]
        + (mode == .transport ? [] : [Way(mode: mode, family: family, inner: other)])
    }
  }

  var description: String { "\(mode) " + (inner.map { "\($0)-in-\(family)" } ?? "\(family)") }

  var needs: [Feature] { [.mode(mode, family)] }

  func protection(_ proposal: ESPProposal, isInUDP: Bool = false) -> Protection {
    Protection(proposal, mode: mode, family: family, carrying: inner, isInUDP: isInUDP)
  }
}

/// Every cipher and every hash, in every way.
enum MatrixCiphers {
  static let aeads = inEveryWay("AEADs") { AEADAlgorithm.all.flatMap(\.proposals) }

  static let encryptions = inEveryWay("Ciphers with a hash") {
    EncryptionAlgorithm.all.flatMap { cipher in
      cipher.testedKeys.map { cipher.with(.hmacSHA256, keyBytes: $0) }
    }
  }

  static let hashes = inEveryWay("Hashes with a cipher") {
    AuthenticationAlgorithm.all.filter { $0 != .hmacSHA256 }.map {
      EncryptionAlgorithm.aesCBC.with($0, keyBytes: 16)
    }
  }

  /// The other pairs, each in one way.
  static let pairs: [MatrixCase] = {
    let pairs = EncryptionAlgorithm.all.filter { $0 != .aesCBC }.flatMap { cipher in
      AuthenticationAlgorithm.all.filter { $0 != .hmacSHA256 }.map {
        cipher.with($0, keyBytes: cipher.keys.longest)
      }
    }
    return pairs.enumerated().map { number, proposal in
      carried("Pairs of cipher and hash", proposal, Way.all[number % Way.all.count])
    }
  }()

  private static func inEveryWay(
    _ feature: String, _ proposals: () -> [ESPProposal]
  ) -> [MatrixCase] {
    proposals().flatMap { proposal in Way.all.map { carried(feature, proposal, $0) } }
  }

  private static func carried(
    _ feature: String, _ proposal: ESPProposal, _ way: Way
  ) -> MatrixCase {
    MatrixCase(
      feature: feature, name: "\(proposal) \(way)", needs: way.needs + proposal.features
    ) { rig in
      try rig.carryESP(way.protection(proposal))
    }
  }
}

extension AEADAlgorithm {
  /// With every length of key and check value.
  fileprivate var proposals: [ESPProposal] {
    checkValues.flatMap { value in
      keys.totalBytes.map { ESPProposal(.aead(self, keyBytes: $0, checkBits: value.bits)) }
    }
  }
}

extension EncryptionAlgorithm {
  /// All lengths if they are few, or the longest.
  fileprivate var testedKeys: [Int] {
    self == .aesCBC || self == .aesCTR ? keys.totalBytes : [keys.longest]
  }

  fileprivate func with(_ hash: AuthenticationAlgorithm, keyBytes: Int) -> ESPProposal {
    ESPProposal(
      .encryptionAndAuthentication(
        self, keyBytes: keyBytes, hash, truncationBits: hash.checkBits))
  }
}
