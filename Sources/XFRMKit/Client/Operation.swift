/// One change to the kernel's databases.
public enum Operation: Equatable, Sendable {
  /// Adds an SA; one with the same destination, SPI and protocol must not exist.
  case addAssociation(SecurityAssociation)
  /// Changes lifetime, encapsulation ports, output mark and interface ID of an SA, or completes one
  /// whose SPI was allocated. Nothing else changes: the kernel ignores new keys without a word.
  case updateAssociation(SecurityAssociation)
  case deleteAssociation(SecurityAssociationID)
  /// Deletes every SA of a protocol: ``IPProtocol/any`` for all, ``IPProtocol/ipsec`` for ESP, AH
  /// and IPComp.
  case flushAssociations(IPProtocol)
  /// Adds a policy; one with the same selector, direction, type, mark and interface ID must not
  /// exist.
  case addPolicy(Policy)
  /// Adds a policy, or replaces the one with the same key in one step: at no moment is there none.
  case updatePolicy(Policy)
  case deletePolicy(PolicyKey)
  /// Deletes every policy of a type, whatever its direction, but those of single sockets.
  case flushPolicies(Policy.Kind)
}

extension Operation: CustomStringConvertible {
  /// `add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000`
  public var description: String {
    switch self {
    case .addAssociation(let association): "add \(association.id)"
    case .updateAssociation(let association): "update \(association.id)"
    case .deleteAssociation(let id): "delete \(id)"
    case .flushAssociations(let proto):
      "delete all \(proto == .any ? "" : proto == .ipsec ? "IPsec " : "\(proto) ")SAs"
    case .addPolicy(let policy): "add \(policy)"
    case .updatePolicy(let policy): "replace \(policy)"
    case .deletePolicy(let key): "delete \(key)"
    case .flushPolicies(let kind): "delete all \(kind) policies"
    }
  }
}
