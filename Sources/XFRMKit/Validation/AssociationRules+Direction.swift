extension AssociationRules {
  // MARK: S6: replay

  static let replay: [Check] = [
    .refused(
      "S6.esn-state", "Missing required attribute for ESN",
      "extended sequence numbers need an extended replay state",
      fix: "give it one, with a window"
    ) { $0.flags.contains(.extendedSequenceNumbers) && $0.extendedReplayState == nil },
    extended(
      "S6.bitmap", "ESN bitmap length must be <= 128",
      "a replay window has 4096 packets at most", fix: "make it smaller"
    ) { _, state in state.bitmap.count > 128 },
    extended(
      "S6.esn-protocol", "ESN only supported for ESP and AH",
      "an extended replay state is for ESP and AH", fix: "remove it"
    ) { association, _ in ![.esp, .ah].contains(association.proto) },
    extended(
      "S6.legacy-window", "ESN not compatible with legacy replay_window",
      "an SA has one replay window: the extended state's",
      fix: "set the replay window to 0"
    ) { association, _ in association.replayWindow != 0 },
    extended(
      "S6.out-window", "Replay window should be 0 for output SA",
      "an outgoing SA has no replay window", fix: "set the window to 0"
    ) { $0.direction == .outgoing && $1.window != 0 },
    extended(
      "S6.out-sequence", "Replay seq and seq_hi should be 0 for output SA",
      "an outgoing SA has not received anything", fix: "set the received sequence number to 0"
    ) { $0.direction == .outgoing && $1.incomingSequence != 0 },
    extended(
      "S6.out-bitmap", "Replay bmp_len should 0 for output SA",
      "an outgoing SA has no bitmap", fix: "set the bitmap to []"
    ) { $0.direction == .outgoing && !$1.bitmap.isEmpty },
    extended(
      "S6.out-high", "Replay oseq_hi should be 0 in non-ESN mode for output SA",
      "without the flag sequence numbers have 32 bits",
      fix: "set the flag esn"
    ) { $0.isLegacy(.outgoing) && $1.outgoingSequence >> 32 != 0 },
    extended(
      "S6.out-exhausted", "Replay oseq should be less than 0xFFFFFFFF in non-ESN mode",
      "the last sequence number leaves none to send with", fix: "set up a new SA"
    ) { $0.isLegacy(.outgoing) && UInt32(truncatingIfNeeded: $1.outgoingSequence) == .max },
    extended(
      "S6.out-end", "Replay oseq and oseq_hi should be less than 0xFFFFFFFF",
      "the last sequence number leaves none to send with", fix: "set up a new SA"
    ) { $0.isExtended(.outgoing) && $1.outgoingSequence == .max },
    extended(
      "S6.in-sequence", "Replay oseq and oseq_hi should be 0 for input SA",
      "an incoming SA has not sent anything", fix: "set the sent sequence number to 0"
    ) { $0.direction == .incoming && $1.outgoingSequence != 0 },
    extended(
      "S6.in-high", "Replay seq_hi should be 0 in non-ESN mode for input SA",
      "without the flag sequence numbers have 32 bits",
      fix: "set the flag esn"
    ) { $0.isLegacy(.incoming) && $1.incomingSequence >> 32 != 0 },
    extended(
      "S6.in-exhausted", "Replay seq should be less than 0xFFFFFFFF in non-ESN mode",
      "the last sequence number leaves none to receive", fix: "set up a new SA"
    ) { $0.isLegacy(.incoming) && UInt32(truncatingIfNeeded: $1.incomingSequence) == .max },
    extended(
      "S6.in-end", "Replay seq and seq_hi should be less than 0xFFFFFFFF",
      "the last sequence number leaves none to receive", fix: "set up a new SA"
    ) { $0.isExtended(.incoming) && $1.incomingSequence == .max },
  ]

  private static func extended(
    _ id: String, _ words: String, _ statement: String, fix: String,
    if isBroken: @escaping @Sendable (SecurityAssociation, ExtendedReplayState) -> Bool
  ) -> Check {
    .refused(id, words, statement, fix: fix) { association in
      association.extendedReplayState.map { isBroken(association, $0) } ?? false
    }
  }

  // MARK: S9 to S11: what a direction rules out

  static let direction: [Check] = [
    .refused(
      "S9.decapsulate-dscp", "Flag DECAP_DSCP should not be set for output SA",
      "an outgoing SA decapsulates nothing", fix: "remove the flag decap-dscp"
    ) { $0.direction == .outgoing && $0.flags.contains(.decapsulateDSCP) },
    .refused(
      "S9.icmp", "Flag ICMP should not be set for output SA",
      "an outgoing SA accepts no ICMP errors", fix: "remove the flag icmp"
    ) { $0.direction == .outgoing && $0.flags.contains(.icmp) },
    .refused(
      "S9.wildcard", "Flag WILDRECV should not be set for output SA",
      "an outgoing SA receives nothing", fix: "remove the flag wildrecv"
    ) { $0.direction == .outgoing && $0.flags.contains(.wildcardReceive) },
    .refused(
      "S9.window", "Replay window should be 0 for output SA",
      "an outgoing SA has no replay window", fix: "set the replay window to 0"
    ) { $0.direction == .outgoing && $0.replayWindow != 0 },
    .refused(
      "S9.sequence", "Replay seq and bitmap should be 0 for output SA",
      "an outgoing SA has not received anything",
      fix: "set the received sequence number and the bitmap to 0"
    ) {
      guard $0.direction == .outgoing, let state = $0.replayState else { return false }
      return state.incomingSequence != 0 || state.bitmap != 0
    },
    .refused(
      "S9.iptfs", nil, "an outgoing SA has no IP-TFS options for receiving",
      fix: "remove drop time and reorder window"
    ) {
      $0.direction == .outgoing
        && ($0.iptfs.dropTimeMicroseconds != nil || $0.iptfs.reorderWindow != nil)
    },
    .refused(
      "S10.path-mtu", "Flag NOPMTUDISC should not be set for input SA",
      "an incoming SA sends nothing", fix: "remove the flag nopmtudisc"
    ) { $0.direction == .incoming && $0.flags.contains(.noPathMTUDiscovery) },
    .refused(
      "S10.encapsulate-dscp", "Flag DONT_ENCAP_DSCP should not be set for input SA",
      "an incoming SA encapsulates nothing", fix: "remove the flag dont-encap-dscp"
    ) {
      $0.direction == .incoming && $0.extraFlags?.contains(.dontEncapsulateDSCP) == true
    },
    .refused(
      "S10.wrap", "Flag OSEQ_MAY_WRAP should not be set for input SA",
      "an incoming SA numbers nothing", fix: "remove the flag oseq-may-wrap"
    ) { $0.direction == .incoming && $0.extraFlags?.contains(.sequenceMayWrap) == true },
    .refused(
      "S10.iptfs", nil, "an incoming SA has no IP-TFS options for sending",
      fix: "remove fragmentation, delay, queue and packet size"
    ) {
      $0.direction == .incoming
        && ($0.iptfs.dontFragment || $0.iptfs.initialDelayMicroseconds != nil
          || $0.iptfs.queueBytes != nil || $0.iptfs.packetBytes != nil)
    },
    .refused(
      "S11.cpu-direction", "SA_PCPU only supported with SA_DIR",
      "an SA for one CPU names its direction", fix: "set the direction"
    ) { $0.cpu != nil && $0.direction == nil },
  ]
}

extension SecurityAssociation {
  fileprivate func isLegacy(_ direction: Direction) -> Bool {
    self.direction == direction && !flags.contains(.extendedSequenceNumbers)
  }

  fileprivate func isExtended(_ direction: Direction) -> Bool {
    self.direction == direction && flags.contains(.extendedSequenceNumbers)
  }
}
