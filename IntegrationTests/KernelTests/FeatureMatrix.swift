import XFRMKit

extension Bed {
  /// What the kernel of the bed is known to have, by its version and by how it was built; `nil` for
  /// what cannot be known of a machine that may be any.
  static func known(_ feature: Feature) -> Feature.Answer? {
    let isAny = name == "host"
    switch feature {
    case .attribute(.padding): return .unknown(.cannotTell)
    // Distributions, and 6.12's later releases, have some from newer kernels.
    case .attribute(.cpu) where name == "qemu-6.12": return .present
    case .attribute(let type):
      return isAtLeast(version(of: type)) ? .present : isAny ? nil : .absent(nil)
    case .stateMigration: return isAtLeast((7, 2)) ? nil : .absent(nil)
    case .migration, .subPolicies: return isAny ? nil : .present
    case .message: return .present
    case .mode(.iptfs, let family):
      return isAtLeast((6, 14)) ? .present : isAny ? nil : .absent(.noMode(.iptfs, family))
    case .mode: return .present
    case .proto(.esp, .ipv4), .encapsulation(_, .ipv4), .iptfs(.ipv4):
      if isAny {
        return hasESP || !isAtLeast((6, 14)) ? nil : .absent(.noProtocol(.esp, .ipv4))
      }
    default: if isAny { return nil }
    }

    switch feature {
    case .proto, .encapsulation(.espInUDP, _): return .present
    case .encapsulation(let kind, let family): return .absent(.noEncapsulation(kind, family))
    case .iptfs(let family): return .absent(.noMode(.iptfs, family))
    case .interface, .metadataCollectingInterface:
      return name == "uml" ? .absent(nil) : .present
    default: return nil
    }
  }

  private static func version(of attribute: AttributeType) -> (Int, Int) {
    switch attribute {
    case .direction: (6, 10)
    case .natKeepalive: (6, 11)
    case .cpu: (6, 13)
    case _ where attribute.rawValue >= AttributeType.iptfsDropTime.rawValue: (6, 14)
    default: (5, 17)
    }
  }
}
