extension AssociationRules {
  /// What the kernel takes without a word.
  static let advice: [Check] = identityAdvice + algorithmAdvice + lifeAdvice

  private static let identityAdvice: [Check] = [
    .advice(
      .dangerous, "D.spi-zero",
      "an SA with SPI 0 is never found by a packet, nor to be deleted but with all others",
      fix: "choose an SPI from 0x100 on"
    ) { $0.spi == 0 },
    .advice(
      .questionable, "D.spi-reserved", "the SPIs 1 to 255 are reserved by IANA",
      fix: "choose one from 0x100 on"
    ) { [.esp, .ah].contains($0.proto) && (1...255).contains($0.spi.rawValue) },
    .advice(
      .dangerous, "D.destination", "an SA leads to one host",
      fix: "set the peer's address"
    ) { $0.destination.isUnspecified || $0.destination.isMulticast ? "to \($0.destination)" : nil },
    .advice(
      .questionable, "D.source",
      "without a source address the kernel takes the SA for any", fix: "set the source"
    ) { $0.source.isUnspecified },
    .advice(
      .dangerous, "D.families", "source and destination are of one family",
      fix: "set both to IPv4, or both to IPv6"
    ) { !$0.source.isUnspecified && $0.source.family != $0.destination.family },
    .advice(
      .questionable, "D.selector-host-bits",
      "bits behind a prefix's length make two selectors different that match the same",
      fix: "clear them"
    ) { $0.selector.hasHostBits },
    .advice(
      .questionable, "D.selector-ports", "ports are for protocols that have them",
      fix: "set the selector's protocol, or remove the ports"
    ) { $0.selector.hasPortsWithoutProtocol },
    .advice(
      .questionable, "D.mask-alone",
      "a mask for the output mark without the mark is ignored", fix: "set the output mark"
    ) { $0.outputMarkMask != nil && $0.outputMark == nil },
    .advice(
      .questionable, "D.encapsulation-port", "encapsulation has two ports",
      fix: "set both, 4500 if there is no NAT"
    ) { $0.encapsulation.map { $0.sourcePort == 0 || $0.destinationPort == 0 } ?? false },
    .advice(
      .questionable, "D.encapsulation-draft",
      "this encapsulation is from before RFC 3948; newer kernels refuse it", fix: "use espinudp"
    ) { $0.encapsulation?.kind == .draft },
    .advice(
      .questionable, "D.extra-flags",
      "flags that nobody knows do nothing, until a kernel knows them",
      fix: "remove them"
    ) { ($0.extraFlags?.rawValue ?? 0) & ~3 != 0 },
    .advice(
      .questionable, "D.padding",
      "from Linux 7.2 on padding is refused beyond 65535 bytes (“Excessive TFC padding”)",
      fix: "make it smaller"
    ) { ($0.trafficFlowPadding ?? 0) > 65_535 },
  ]

  private static let algorithmAdvice: [Check] = [
    .advice(
      .dangerous, "D.no-integrity",
      "encryption without authentication lets anybody change packets unseen",
      fix: "use an AEAD, or add authentication"
    ) {
      $0.proto == .esp && $0.encryption != nil
        && ($0.authentication == nil
          || $0.authentication?.name == AuthenticationAlgorithm.null.name)
    },
    .advice(
      .questionable, "D.no-encryption", "packets can be read by anybody on the way",
      fix: "use an AEAD, or another cipher than the null one"
    ) {
      $0.proto == .esp
        && ($0.encryption.flatMap { EncryptionAlgorithm(named: $0.name) } == .null
          || $0.aead?.name == AEADAlgorithm.aesGMAC.name)
    },
    .advice(
      .dangerous, "D.short-key",
      "a key shorter than the hash's output weakens it, and the kernel takes any",
      fix: "make a random one of that length"
    ) { association in
      guard let authentication = association.authentication,
        let known = AuthenticationAlgorithm(named: authentication.name),
        authentication.key.count < known.keys.longest
      else { return nil }
      return "\(known.title) wants \(known.keys.longest) bytes, this one has "
        + "\(authentication.key.count)"
    },
    .advice(
      .questionable, "D.long-key", "a key longer than RFC's is not what a peer expects",
      fix: "make a random one of that length"
    ) { association in
      guard let authentication = association.authentication,
        let known = AuthenticationAlgorithm(named: authentication.name),
        authentication.key.count > known.keys.longest
      else { return nil }
      return "\(known.title) has \(known.keys.longest) bytes, this one \(authentication.key.count)"
    },
    .advice(
      .dangerous, "D.short-check", "a check value below 64 bits can be guessed",
      fix: "use the RFC's length"
    ) { association in
      let bits = association.authentication?.truncationBits ?? association.aead?.checkBits ?? 64
      guard (1..<64).contains(bits) else { return nil }
      return "this one has \(bits)"
    },
    .advice(
      .questionable, "D.check", "peers that go by the RFC have another check value",
      fix: "ask for the RFC's length (auth-trunc)"
    ) { association in
      guard let authentication = association.authentication,
        let known = AuthenticationAlgorithm(named: authentication.name)
      else { return nil }
      let bits =
        authentication.truncationBits.flatMap { $0 == 0 ? nil : $0 }
        ?? known.kernelCheckBits
      guard bits != known.checkBits, bits >= 64 else { return nil }
      return "\(known.title) has \(known.checkBits) bits, this one \(bits)"
    },
    .advice(
      .dangerous, "D.forbidden", "RFC 8221 forbids the algorithm (MUST NOT)",
      fix: "use AES-GCM"
    ) { association in
      let names = association.algorithmNames { $0 == .mustNot }
      return names.isEmpty ? nil : names.joined(separator: ", ")
    },
    .advice(
      .questionable, "D.discouraged", "RFC 8221 advises against the algorithm",
      fix: "use AES-GCM"
    ) { association in
      let names = association.algorithmNames { $0 == .shouldNot || $0 == .mustMinus }
      return names.isEmpty ? nil : names.joined(separator: ", ")
    },
  ]

  private static let lifeAdvice: [Check] = [
    .advice(
      .dangerous, "D.limit-zero", "a limit of 0 bytes or packets is reached by the first packet",
      fix: "set it to Lifetime.unlimited, or more"
    ) { association in
      [association.lifetime.soft, association.lifetime.hard]
        .contains { $0.bytes == 0 || $0.packets == 0 }
    },
    .advice(
      .questionable, "D.soft-limit", "a soft limit that comes after the hard one is never reached",
      fix: "lower it"
    ) { $0.lifetime.hasLateSoftLimit },
    .advice(
      .dangerous, "D.no-replay-window",
      "without a replay window old packets are accepted again",
      fix: "set the replay window to 32, or use an extended replay state"
    ) {
      $0.direction == .incoming && [.esp, .ah].contains($0.proto) && $0.replayWindow == 0
        && ($0.extendedReplayState?.window ?? 0) == 0
    },
    .advice(
      .questionable, "D.window-cut", "the kernel cuts this replay window to 32 packets",
      fix: "use an extended replay state, which may go without extended sequence numbers"
    ) { $0.replayWindow > 32 ? "\($0.replayWindow) were asked for" : nil },
    .advice(
      .dangerous, "D.wrap",
      "sequence numbers that start again make an AEAD or counter mode repeat its IVs, which breaks it",
      fix: "use extended sequence numbers"
    ) {
      guard $0.extraFlags?.contains(.sequenceMayWrap) == true,
        !$0.flags.contains(.extendedSequenceNumbers)
      else { return false }
      return $0.aead != nil || $0.encryption?.name == EncryptionAlgorithm.aesCTR.name
    },
  ]
}

extension SecurityAssociation {
  /// The algorithms about which RFC 8221 says so.
  fileprivate func algorithmNames(_ isMeant: (RequirementLevel) -> Bool) -> [String] {
    var names: [String] = []
    func add(_ title: String?, _ level: RequirementLevel?) {
      if let title, let level, isMeant(level) { names.append(title) }
    }
    if let encryption, let known = EncryptionAlgorithm(named: encryption.name) {
      add(known.title, known.requirement(keyBits: known.keys.bits(of: encryption.key)))
    }
    if let authentication, let known = AuthenticationAlgorithm(named: authentication.name),
      known != .null
    {
      let bits = authentication.truncationBits ?? known.kernelCheckBits
      add(known.title, known.requirement(checkBits: bits))
    }
    if let aead, let known = AEADAlgorithm(named: aead.name) {
      add(
        known.title,
        known.requirement(keyBits: known.keys.bits(of: aead.key), checkBits: aead.checkBits))
    }
    return names
  }
}

extension Lifetime {
  var hasLateSoftLimit: Bool {
    func isLate(_ soft: UInt64, _ hard: UInt64, none: UInt64) -> Bool {
      soft != none && hard != none && soft > hard
    }
    return isLate(soft.bytes, hard.bytes, none: Self.unlimited)
      || isLate(soft.packets, hard.packets, none: Self.unlimited)
      || isLate(soft.secondsFromAdd, hard.secondsFromAdd, none: 0)
      || isLate(soft.secondsFromUse, hard.secondsFromUse, none: 0)
  }
}

extension Selector {
  var hasHostBits: Bool { source.hasHostBits || destination.hasHostBits }

  /// Those whose ports, types or keys the kernel looks at.
  var hasPortsWithoutProtocol: Bool {
    let withPorts: [UInt8] = [1, 6, 17, 33, 47, 58, 132, 135, 136]
    return (sourcePort.mask != 0 || destinationPort.mask != 0)
      && !withPorts.contains(proto.rawValue)
  }
}
