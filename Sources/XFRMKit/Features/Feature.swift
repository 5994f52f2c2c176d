/// Something that a kernel's IPsec may have or lack.
///
/// Whether a network device takes work off the processor depends on the device, so it is not here.
@nonexhaustive
public enum Feature: Hashable, Sendable, Codable {
  /// The kernel takes the message, or sends it, and what it stands for is built in.
  case message(MessageType)
  /// The kernel knows the attribute. What it does not know it ignores without a word.
  case attribute(AttributeType)
  /// ESP, AH or IPComp over a family.
  case proto(IPProtocol, AddressFamily)
  /// SAs of a family may have the mode. This does not say that any protocol is there.
  case mode(Mode, AddressFamily)
  /// ESP in UDP or TCP over a family.
  case encapsulation(Encapsulation.Kind, AddressFamily)
  /// IP-TFS carries traffic over a family: a kernel without `CONFIG_XFRM_IPTFS` may have the mode
  /// and do nothing.
  case iptfs(AddressFamily)
  /// Policies that are searched before the main ones: `CONFIG_XFRM_SUB_POLICY`.
  case subPolicies
  /// ``XFRMInterface``s: `CONFIG_XFRM_INTERFACE`.
  case interface
  /// ``XFRMInterface/metadataCollecting``
  case metadataCollectingInterface

  // Algorithms go by the kernel's names; keys are counted with their salts.

  /// An authenticated cipher, for ESP.
  case aead(String, keyBytes: Int, checkBits: UInt32)
  /// A cipher, for ESP with a hash; asked about with `hmac(sha256)`.
  case encryption(String, keyBytes: Int)
  /// A keyed hash, for ESP with a cipher; asked about with `cbc(aes)`.
  case authentication(String, keyBytes: Int, checkBits: UInt32)
  /// For IPComp.
  case compression(String)
}

// MARK: - Features to ask for together

extension Feature {
  /// ``Operation/setDefaultActions(_:)``; since Linux 5.15.
  public static var defaultActions: Feature { .message(.setDefaultActions) }
  /// ``Operation/migrate(_:)``: `CONFIG_XFRM_MIGRATE`.
  public static var migration: Feature { .message(.migrate) }
  /// Moving a single SA: `CONFIG_XFRM_MIGRATE`; since Linux 7.2.
  public static var stateMigration: Feature { .message(.migrateState) }

  /// Every message of the interface through Linux 7.2.
  public static var messages: [Feature] {
    (MessageType.newAssociation.rawValue...MessageType.migrateState.rawValue).map {
      .message(MessageType(rawValue: $0))
    }
  }

  /// Every attribute of the interface through Linux 7.2.
  public static var attributes: [Feature] {
    (AttributeType.algorithmAuthentication.rawValue...AttributeType.iptfsPacketSize.rawValue).map {
      .attribute(AttributeType(rawValue: $0))
    }
  }

  /// ESP, AH and IPComp.
  public static var protocols: [Feature] {
    overBothFamilies { family in [IPProtocol.esp, .ah, .ipComp].map { .proto($0, family) } }
  }

  /// The modes that SAs are set up in today, and whether IP-TFS does more than exist.
  public static var modes: [Feature] {
    overBothFamilies { family in
      [Mode.transport, .tunnel, .beet, .iptfs].map { .mode($0, family) } + [.iptfs(family)]
    }
  }

  /// ESP in UDP and in TCP.
  public static var encapsulations: [Feature] {
    overBothFamilies { family in
      [Encapsulation.Kind.espInUDP, .espInTCP].map { .encapsulation($0, family) }
    }
  }

  /// The two sorts of ``XFRMInterface``.
  public static var interfaces: [Feature] { [.interface, .metadataCollectingInterface] }

  /// Everything but algorithms, of which each takes a slow guest seconds.
  public static var all: [Feature] {
    messages + attributes + protocols + modes + encapsulations + interfaces + [.subPolicies]
  }

  private static func overBothFamilies(_ features: (AddressFamily) -> [Feature]) -> [Feature] {
    [AddressFamily.ipv4, .ipv6].flatMap(features)
  }
}

extension ESPProposal {
  /// What a kernel needs for it besides ESP.
  public var features: [Feature] {
    switch transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      [.aead(cipher.name, keyBytes: keyBytes, checkBits: checkBits)]
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let bits):
      [
        .encryption(cipher.name, keyBytes: keyBytes),
        .authentication(hash.name, keyBytes: hash.keys.longest, checkBits: bits),
      ]
    }
  }
}

// MARK: - What the prober needs to know

extension Feature {
  /// Whether a kernel that is asked about it may load a module.
  var mayTakeModule: Bool {
    switch self {
    case .message, .attribute, .subPolicies: false
    default: true
    }
  }

  /// An algorithm's name, and its key's length.
  var algorithm: (name: String, keyBytes: Int)? {
    switch self {
    case .aead(let name, let keyBytes, _), .encryption(let name, let keyBytes),
      .authentication(let name, let keyBytes, _):
      (name, keyBytes)
    case .compression(let name): (name, 0)
    default: nil
    }
  }
}

extension Feature: CustomStringConvertible {
  public var description: String {
    switch self {
    case .message(let type): "message \(type.rawValue)"
    case .attribute(let type): "attribute \(type.rawValue)"
    case .proto(let proto, let family): "\(proto) over \(family)"
    case .mode(let mode, let family): "\(mode) mode for \(family)"
    case .encapsulation(let kind, let family): "\(kind) over \(family)"
    case .iptfs(let family): "traffic through IP-TFS over \(family)"
    case .subPolicies: "sub policies"
    case .interface: "xfrm interfaces"
    case .metadataCollectingInterface: "xfrm interfaces that collect metadata"
    case .aead(let name, let keyBytes, let checkBits),
      .authentication(let name, let keyBytes, let checkBits):
      "\(name) with a key of \(keyBytes) bytes and \(checkBits) bits of check value"
    case .encryption(let name, let keyBytes): "\(name) with a key of \(keyBytes) bytes"
    case .compression(let name): name
    }
  }
}
