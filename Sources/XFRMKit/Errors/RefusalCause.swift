/// What probably lies behind a refusal.
@nonexhaustive
public enum RefusalCause: Hashable, Sendable {
  /// The caller lacks `CAP_NET_ADMIN`.
  case notPrivileged
  /// The caller lacks `CAP_SYS_ADMIN`, which entering a network namespace takes.
  case mayNotEnterNamespace
  /// The kernel has no XFRM netlink interface: xfrm_user is neither built in nor loadable.
  case noNetlinkInterface
  /// The protocol's module is neither built in nor loadable.
  case noProtocol(IPProtocol, AddressFamily)
  /// IPv6 is not built in, or its module not loaded.
  case noIPv6
  /// The mode is not available for the family.
  case noMode(Mode, AddressFamily)
  /// The protocol does not go into that over the family.
  case noEncapsulation(Encapsulation.Kind, AddressFamily)
  /// The kernel knows no algorithm of this name, or not with this length of check value.
  case noAlgorithm(String)
  /// The algorithm is known, but a part it is composed of (seqiv, echainiv, authenc, ctr, a random
  /// number generator) cannot be instantiated.
  case algorithmIncomplete(String)
  /// The algorithm does not take keys, with their salt, of this length.
  case keyLength(String, bytes: Int)
  /// The hash has fewer bits than asked for.
  case truncation(String, bits: UInt32)
  /// It breaks a rule of the kernel's.
  case breach(Finding)
  /// There is one already.
  case exists
  /// There is none.
  case missing
  /// There is none to update, or, since Linux 6.10, one of another direction.
  case missingInDirection
  /// No SPI of the range is free, or none was found: the kernel draws as many as the range has.
  case noFreeSPI
}

extension RefusalCause {
  /// One clause that says why.
  public var explanation: String {
    switch self {
    case .notPrivileged:
      "this takes CAP_NET_ADMIN in the user namespace that owns the network namespace"
    case .mayNotEnterNamespace:
      "entering a network namespace takes CAP_SYS_ADMIN, in its user namespace and in one's own"
    case .noNetlinkInterface: "no xfrm_user in this kernel"
    case .noProtocol(let proto, let family): "no \(proto.module(family)) in this kernel"
    case .noIPv6: "no IPv6 in this kernel, or its module is not loaded"
    case .noMode(let mode, let family): "no \(mode) mode for \(family)"
    case .noEncapsulation(let kind, let family): "no \(kind) over \(family) in this kernel"
    case .noAlgorithm(let name): "no \(name) in this kernel"
    case .algorithmIncomplete(let name):
      "this kernel knows \(name) but lacks a part that it is composed of"
    case .keyLength(let name, let bytes):
      Self.keyed(name).map {
        "\(AlgorithmError.keyLength(algorithm: $0.title, valid: $0.keys, bytes: bytes))"
      } ?? "\(name) does not take a key of \(bytes) bytes"
    case .truncation(let name, let bits): "\(name) has fewer than \(bits) bits"
    case .breach(let finding): "\(finding.explanation): \(finding.rule.remedy)"
    case .exists: "there is one already"
    case .missing: "there is none"
    case .missingInDirection: "there is none, or it has another direction, which no update changes"
    case .noFreeSPI: "no SPI of that range was found free; a wider one has more to draw from"
    }
  }

  private static func keyed(_ name: String) -> (any KeyedAlgorithm)? {
    AEADAlgorithm(named: name) ?? EncryptionAlgorithm(named: name)
      ?? AuthenticationAlgorithm(named: name)
  }
}

extension IPProtocol {
  /// The kernel module that speaks the protocol for a family: `esp4`, `ipcomp6`.
  public func module(_ family: AddressFamily) -> String {
    let suffix = family == .ipv6 ? "6" : "4"
    return switch self {
    case .esp: "esp" + suffix
    case .ah: "ah" + suffix
    case .ipComp: family == .ipv6 ? "ipcomp6" : "ipcomp"
    default: "\(self)"
    }
  }
}

// MARK: - Finding the cause

extension RefusalCause {
  /// What any failure tells by itself.
  init?(of failure: NetlinkError) {
    switch failure {
    case .system(.open, .protocolNotSupported): self = .noNetlinkInterface
    case .system(.open, .notPermitted), .system(.configure, .notPermitted),
      .system(.join, .notPermitted), .system(.send, .notPermitted),
      .system(.setOption, .notPermitted):
      self = .notPrivileged
    case .system(.enterNamespace, .notPermitted): self = .mayNotEnterNamespace
    case .refused(let refusal) where refusal.errno == .notPermitted && refusal.explanation == nil:
      self = .notPrivileged
    default: return nil
    }
  }

  init?(of failure: NetlinkError, to query: Query) {
    switch (failure, query) {
    case (.refused(let refusal), .association) where refusal.errno == .noSuchProcess,
      (.refused(let refusal), .checkpoint) where refusal.errno == .noSuchProcess:
      self = .missing
    case (.refused(let refusal), .allocateSPI) where refusal.errno == .noSuchFile:
      self = .noFreeSPI
    case (.refused(let refusal), .policy) where refusal.errno == .noSuchFile: self = .missing
    default: self.init(of: failure)
    }
  }

  init?(of failure: NetlinkError, to operation: Operation) {
    if let cause = RefusalCause(knownOf: failure, to: operation) {
      self = cause
    } else if case .refused(let refusal) = failure, !operation.isSilent(refusal),
      let finding = operation.finding(for: refusal)
    {
      self = .breach(finding)
    } else {
      return nil
    }
  }

  /// What has a cause of its own, rather than a rule.
  private init?(knownOf failure: NetlinkError, to operation: Operation) {
    guard case .refused(let refusal) = failure else {
      self.init(of: failure)
      return
    }
    switch (operation, refusal.errno) {
    case (.addAssociation, .fileExists), (.addPolicy, .fileExists): self = .exists
    case (.updateAssociation, .noSuchProcess): self = .missingInDirection
    case (.deleteAssociation, .noSuchProcess), (.setCheckpoint, .noSuchProcess),
      (.expireAssociation, .noSuchFile), (.deletePolicy, .noSuchFile),
      (.expirePolicy, .noSuchFile), (.migrate, .noSuchFile):
      self = .missing
    case (.updateAssociation, _) where operation.isSilent(refusal): return nil
    case (.addAssociation(let association), _), (.updateAssociation(let association), _):
      self.init(of: refusal, to: association)
    default: self.init(of: failure)
    }
  }

  /// The kernel checks algorithms, then mode and protocol, then keys; its words tell which.
  private init?(of refusal: KernelRefusal, to association: SecurityAssociation) {
    let words = refusal.explanation ?? ""
    switch refusal.errno {
    // Kernels before 6.1 say next to nothing; of a missing type and a missing mode the type is the
    // one that happens.
    case .protocolNotSupported where words.contains("type not found") || words.isEmpty:
      self = .noProtocol(association.proto, association.family)
    // What is of no kernel breaks a rule; this is what newer ones have.
    case .protocolNotSupported where words.contains("mode not found"),
      .invalidArgument where words == "Unsupported mode" && association.mode == .iptfs:
      let inner = association.selector.family
      self = .noMode(association.mode, inner == .unspecified ? association.family : inner)
    case .invalidArgument where words.contains("encapsulation type"):
      guard let kind = association.encapsulation?.kind,
        [.espInUDP, .espInTCP, .draft].contains(kind)
      else { return nil }
      self = .noEncapsulation(kind, association.family)
    case .addressFamilyNotSupported: self = .noIPv6
    case .notImplemented:
      guard let name = association.algorithmName(in: words) else { return nil }
      self = .noAlgorithm(name)
    case .noSuchFile where words.contains("cryptographic"):
      self = .algorithmIncomplete(association.transformName)
    case .invalidArgument where words.contains("truncated ICV"):
      guard let authentication = association.authentication else { return nil }
      self = .truncation(authentication.name, bits: authentication.truncationBits ?? 0)
    case .invalidArgument where words.contains("cryptographic"):
      guard let cause = association.wrongKey else { return nil }
      self = cause
    case .invalidArgument where words.isEmpty:
      // The kernel is silent about ciphers that are combined with a hash.
      guard association.offload == nil, let cause = association.wrongKey else { return nil }
      self = cause
    default: self.init(of: .refused(refusal))
    }
  }
}

extension Operation {
  /// Whether a refusal without words may be about something that cannot be seen here: the
  /// encapsulation that an SA has already and an update cannot change, or a device.
  fileprivate func isSilent(_ refusal: KernelRefusal) -> Bool {
    guard refusal.errno == .invalidArgument, refusal.explanation == nil else { return false }
    return switch self {
    case .updateAssociation: true
    case .addAssociation(let association): association.offload != nil
    default: false
    }
  }
}

extension SecurityAssociation {
  /// The algorithm that "Requested CRYPT algorithm not found" is about.
  fileprivate func algorithmName(in words: String) -> String? {
    if words.contains("AEAD") { return aead?.name }
    if words.contains("CRYPT") { return encryption?.name }
    if words.contains("AUTH") { return authentication?.name }
    if words.contains("COMP") { return compression?.name }
    let names = [aead?.name, authentication?.name, encryption?.name, compression?.name]
    return words.isEmpty ? names.compactMap { $0 }.joined(separator: " or ") : nil
  }

  /// The algorithms as the kernel composes them.
  fileprivate var transformName: String {
    if let aead { return aead.name }
    if let compression { return compression.name }
    return [authentication?.name, encryption?.name].compactMap { $0 }.joined(separator: " with ")
  }

  /// The first key whose length kernels do not take, as far as the tables tell.
  var wrongKey: RefusalCause? {
    if let aead, AEADAlgorithm(named: aead.name)?.takes(aead.key) == false {
      return .keyLength(aead.name, bytes: aead.key.count)
    }
    if let encryption, EncryptionAlgorithm(named: encryption.name)?.takes(encryption.key) == false {
      return .keyLength(encryption.name, bytes: encryption.key.count)
    }
    if let authentication, let known = AuthenticationAlgorithm(named: authentication.name),
      known.isKeyChecked, !known.takes(authentication.key)
    {
      return .keyLength(authentication.name, bytes: authentication.key.count)
    }
    return nil
  }
}
