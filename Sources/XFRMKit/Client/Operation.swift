/// One change to the kernel's databases.
public indirect enum Operation: Equatable, Sendable {
  /// Adds an SA; one with the same destination, SPI and protocol must not exist.
  case addAssociation(SecurityAssociation)
  /// Changes lifetime, encapsulation ports, output mark and interface ID of an SA, or completes one
  /// whose SPI was allocated. Nothing else changes: the kernel ignores new keys without a word.
  case updateAssociation(SecurityAssociation)
  /// Deletes one SA: `XFRM_MSG_DELSA`.
  case deleteAssociation(SecurityAssociationID)
  /// Deletes every SA of a protocol: ``IPProtocol/any`` for all, ``IPProtocol/ipsec`` for ESP, AH
  /// and IPComp.
  case flushAssociations(IPProtocol)
  /// Adds a policy; one with the same selector, direction, type, mark and interface ID must not
  /// exist.
  case addPolicy(Policy)
  /// Adds a policy, or replaces the one with the same key in one step: at no moment is there none.
  case updatePolicy(Policy)
  /// Deletes one policy: `XFRM_MSG_DELPOLICY`.
  case deletePolicy(PolicyKey)
  /// Deletes every policy of a type, whatever its direction, but those of single sockets.
  case flushPolicies(Policy.Kind)

  /// Lets an SA reach its soft or hard limit now. The soft one announces, the hard one deletes.
  case expireAssociation(SecurityAssociationID, isHard: Bool)
  /// Lets a policy reach its soft or hard limit now.
  case expirePolicy(PolicyKey, isHard: Bool)
  /// Sets sequence numbers, counters and the thresholds of announcements of an SA, as a standby
  /// does that takes over. At least one of them must be there.
  case setCheckpoint(AssociationCheckpoint)
  /// Moves SAs and a policy's templates to other endpoints.
  case migrate(Migration)
  /// Announces an acquire to all who listen, once for each template of its policy, as the kernel
  /// does when it needs an SA.
  case acquire(Acquire)
  /// Says what becomes of packets that no policy matches; since Linux 5.15.
  case setDefaultActions(DefaultActions)
  /// Says from which prefix lengths on policies are found by hash; since Linux 3.18. The tables are
  /// rebuilt after the kernel has answered.
  case setHashThresholds(ipv4: SPDInfo.HashThreshold?, ipv6: SPDInfo.HashThreshold?)
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
    case .expireAssociation(let id, let isHard): "expire \(id) \(isHard ? "(hard)" : "(soft)")"
    case .expirePolicy(let key, let isHard): "expire \(key) \(isHard ? "(hard)" : "(soft)")"
    case .setCheckpoint(let checkpoint): "set the checkpoint of \(checkpoint.id)"
    case .migrate(let migration): "migrate \(migration)"
    case .acquire(let acquire): "announce that \(acquire) is needed"
    case .setDefaultActions(let actions):
      "set default actions in \(actions.incoming), fwd \(actions.forwarded), "
        + "out \(actions.outgoing)"
    case .setHashThresholds: "set the hash thresholds of policies"
    }
  }
}
