/// An SA to be added that has what is asked about, and a flaw for which every kernel refuses it, but
/// only once it has found all else to be good.
struct AssociationProbe {
  let feature: Feature
  /// Without the flaw.
  let association: SecurityAssociation
  var hasFlaw = true

  /// `nil` for a family that has no IPsec.
  init?(_ feature: Feature, _ family: AddressFamily) {
    guard family == .ipv4 || family == .ipv6 else { return nil }
    self.feature = feature
    association = feature.association(family)
  }

  /// What to ask the kernel to add.
  var request: Operation {
    guard hasFlaw else { return .addAssociation(association) }
    var association = association
    if association.proto == .ipComp {
      association.encapsulation = Encapsulation(.espInUDP)
    } else {
      // A window, and no bitmap for it.
      var state = ExtendedReplayState(window: 1)
      state.bitmap = []
      association.extendedReplayState = state
    }
    return .addAssociation(association)
  }
}

extension Feature {
  /// An SA that has the feature and as little else as possible. Its algorithms are those that ESP and
  /// AH are never built without.
  fileprivate func association(_ family: AddressFamily) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: .documentation(1, family), to: .documentation(2, family), spi: 0x1000, mode: .tunnel)
    switch self {
    case .proto(let proto, _): association.proto = proto
    case .compression: association.proto = .ipComp
    case .mode(let mode, _): association.mode = mode
    case .iptfs: association.mode = .iptfs
    case .encapsulation(let kind, _): association.encapsulation = Encapsulation(kind)
    default: break
    }
    if association.proto == .ipComp {
      association.mode = .transport
      association.compression = Compression(name: algorithm?.name ?? "deflate")
      return association
    }
    // IP-TFS has no SAs without a direction, and only incoming ones tell what of it works.
    if association.mode == .iptfs { association.direction = .incoming }
    if case .aead(let name, let keyBytes, let checkBits) = self {
      association.aead = AEAD(name: name, key: .random(count: keyBytes), checkBits: checkBits)
      return association
    }
    association.authentication = Authentication(
      name: "hmac(sha256)", key: .random(count: 32), truncationBits: 128)
    if case .authentication(let name, let keyBytes, let checkBits) = self {
      association.authentication = Authentication(
        name: name, key: .random(count: keyBytes), truncationBits: checkBits)
    }
    if association.proto == .esp {
      association.encryption = Encryption(name: "cbc(aes)", key: .random(count: 16))
    }
    if case .encryption(let name, let keyBytes) = self {
      association.encryption = Encryption(name: name, key: .random(count: keyBytes))
    }
    return association
  }
}

// MARK: - What a refusal says

extension Feature {
  /// The kernel's words for not supporting it, where it has words for the thing.
  fileprivate var complaint: String? {
    switch self {
    case .mode, .iptfs: "Unsupported mode"
    case .encapsulation: "Unsupported encapsulation type"
    default: nil
    }
  }
}

extension AssociationProbe {
  /// Whether the flaw may have been the reason or anything else: before Linux 6.1 kernels give none.
  func isAmbiguous(_ refusal: KernelRefusal) -> Bool {
    hasFlaw && refusal.errno == .invalidArgument && refusal.explanation == nil
  }

  /// What a refusal that is not ambiguous says about the feature; `nil` if nothing.
  func answer(to refusal: KernelRefusal) -> Feature.Answer? {
    let words = refusal.explanation ?? ""
    if refusal.errno == .invalidArgument {
      if hasFlaw, words.contains(flaw) { return .present }
      if words.contains("cryptographic") { return answerToKey }
      if words.isEmpty || feature.complaint.map(words.contains) == true {
        return answerToComplaint
      }
    }
    let cause = RefusalCause(of: .refused(refusal), to: .addAssociation(association))
    return cause.flatMap { answer(to: $0, isExplained: !words.isEmpty) }
  }

  /// The kernel's words for the flaw.
  private var flaw: String {
    association.proto == .ipComp
      ? "not compatible with encapsulation" : "replay window is too large"
  }

  /// The kernel looks for algorithms, mode and protocol, then sets up cryptography, and after that
  /// encapsulation. What it stops at tells that it has what comes before.
  private func answer(to cause: RefusalCause, isExplained: Bool) -> Feature.Answer? {
    switch (feature, cause) {
    case (_, .noIPv6): .absent(cause)
    case (.proto, .noProtocol), (.encapsulation, .noProtocol), (.iptfs, .noProtocol),
      (.mode, .noMode), (.iptfs, .noMode), (.encapsulation, .noEncapsulation):
      .absent(cause)
    // IPComp is good for nothing without its one algorithm.
    case (.proto(.ipComp, _), .noAlgorithm): .absent(cause)
    case (.proto, .algorithmIncomplete), (.mode, .algorithmIncomplete): .present
    // Without words this may be the mode as well.
    case (.mode, .noProtocol) where isExplained: .present
    case (_, .noProtocol), (_, .algorithmIncomplete): feature.algorithm.map { _ in .absent(cause) }
    case (_, .noAlgorithm(let name)), (_, .truncation(let name, _)):
      name == feature.algorithm?.name ? .absent(cause) : nil
    default: nil
    }
  }

  /// The kernel set up cryptography, and a cipher or a hash did not like its key.
  private var answerToKey: Feature.Answer? {
    switch feature {
    case .proto, .mode: .present
    default: feature.algorithm.map { .absent(.keyLength($0.name, bytes: $0.keyBytes)) }
    }
  }

  /// The kernel does not like what is asked about: of algorithms the key. If it does not say so, there
  /// was no flaw that it could have meant.
  private var answerToComplaint: Feature.Answer? {
    switch feature {
    case .mode(let mode, let family): .absent(.noMode(mode, family))
    case .iptfs(let family): .absent(.noMode(.iptfs, family))
    case .encapsulation(let kind, let family): .absent(.noEncapsulation(kind, family))
    default: feature.algorithm.map { .absent(.keyLength($0.name, bytes: $0.keyBytes)) }
    }
  }
}
