import XFRMLab

@testable import XFRMKit

/// What is not ESP alone: AH, IPComp, ESP-in-UDP.
enum MatrixProtocols {
  static let inUDP: [MatrixCase] = [ESPProposal.aes256gcm16, .aes256sha256, .chacha20poly1305]
    .flatMap { proposal in
      Way.all.map { way in
        MatrixCase(
          feature: "ESP-in-UDP", name: "\(proposal) \(way) in UDP",
          needs: way.needs + proposal.features + [.encapsulation(.espInUDP, way.family)]
        ) { rig in
          try rig.carryESP(way.protection(proposal, isInUDP: true))
        }
      }
    }

  static let ah: [MatrixCase] = AuthenticationAlgorithm.all.filter { $0 != .null }.flatMap { hash in
    Way.all.filter { $0.mode != .beet }.map { way in
      MatrixCase(
        feature: "AH", name: "\(hash.name) \(way)",
        needs: way.needs + [
          .proto(.ah, way.family),
          .authentication(hash.name, keyBytes: hash.keys.longest, checkBits: hash.checkBits),
        ]
      ) { rig in
        let (_, traffic) = try rig.carry(way.protection(.aes256gcm16)) { $0.useAH(hash) }
        return traffic.complaints(.ah, isReadable: true)
      }
    }
  }

  /// With ESP behind it and alone.
  static let ipComp: [MatrixCase] = Way.all.filter { $0.mode != .beet && $0.inner == nil }.flatMap {
    way in
    [true, false].map { isEncrypted in
      MatrixCase(
        feature: "IPComp", name: "IPComp\(isEncrypted ? " and ESP" : "") \(way)",
        needs: way.needs + [.proto(.ipComp, way.family), .compression("deflate")]
      ) { rig in
        var protection = way.protection(.aes256gcm16)
        protection.isCompressed = true
        let (_, traffic) = try rig.carry(protection, payloadBytes: 512) { plan in
          if !isEncrypted { plan.keepOnlyIPComp() }
        }
        var complaints = Complaints()
        complaints.expect(
          "shorter than what they carry", traffic.packets.allSatisfy { $0.length < 512 })
        return complaints.texts
          + traffic.complaints(
            isEncrypted ? .esp : .ipComp, isReadable: isEncrypted ? false : nil)
      }
    }
  }
}

extension ProtectionPlan {
  /// AH in the place of ESP, with the same key both ways.
  mutating func useAH(_ hash: AuthenticationAlgorithm) {
    let authentication = Authentication(
      name: hash.name, key: hash.randomKey(), truncationBits: hash.checkBits)
    changeAssociations { association in
      association.proto = .ah
      association.aead = nil
      association.authentication = authentication
    }
    changePolicies { $0.templates[0].proto = .ah }
  }

  fileprivate mutating func keepOnlyIPComp() {
    a.associations.removeAll { $0.proto != .ipComp }
    b.associations.removeAll { $0.proto != .ipComp }
    changePolicies { $0.templates.removeAll { $0.proto != .ipComp } }
  }
}
