/// What the kernel demands of an SA, in its order: `verify_newsa_info` and what follows it.
///
/// An SA's family, the lengths of its attributes and those of a security context (S1, S4, S5) cannot
/// be wrong here: they follow from the values.
enum AssociationRules {
  typealias Check = RuleCheck<SecurityAssociation>

  static let all = shape + replay + mode + direction + features + advice

  // MARK: S2, S3: selector, protocol and what belongs to it

  private static let shape: [Check] = [
    .refused(
      "S2.family", "Invalid address family in selector",
      "a selector is for IPv4 or IPv6, or leaves the family open",
      fix: "make the selector of two prefixes of one family"
    ) { ![.unspecified, .ipv4, .ipv6].contains($0.selector.family) },
    .refused(
      "S2.prefix", "Invalid prefix length in selector",
      "prefixes have at most 32 bits for IPv4 and 128 for IPv6",
      fix: "shorten the selector's prefixes"
    ) { association in
      guard let family = association.effectiveSelectorFamily else { return nil }
      return association.selector.excessivePrefix(family)
    },
    .refused(
      "S3.protocol", "Unsupported protocol", "an SA speaks ESP, AH or IPComp",
      fix: "set one of these protocols"
    ) { $0.proto.isForAssociations ? nil : "this one is \($0.proto)" },
    .refused(
      "S3.ah-authentication", "Missing required attribute for AH", "AH needs authentication",
      fix: "give it an authentication algorithm"
    ) { $0.proto == .ah && $0.authentication == nil },
    .refused(
      "S3.ah-excess", "Invalid attributes for AH",
      "AH has no AEAD, encryption, compression or traffic flow padding",
      fix: "remove them, or use ESP"
    ) {
      $0.proto == .ah
        && ($0.aead != nil || $0.encryption != nil || $0.compression != nil
          || $0.trafficFlowPadding != nil)
    },
    .refused(
      "S3.esp-compression", "Invalid attribute for ESP: COMP", "ESP does not compress",
      fix: "put an IPComp SA inside the ESP one"
    ) { $0.proto == .esp && $0.compression != nil },
    .refused(
      "S3.esp-algorithm", "Missing required attribute for ESP",
      "ESP needs an AEAD, or encryption with authentication",
      fix: "give it algorithms, for instance those of ESPProposal.aes256gcm16"
    ) {
      $0.proto == .esp && $0.aead == nil && $0.encryption == nil && $0.authentication == nil
    },
    .refused(
      "S3.esp-aead-alone", "AEAD can't be used with",
      "an AEAD does encryption and authentication by itself",
      fix: "remove the separate algorithms, or the AEAD"
    ) {
      $0.proto == .esp && $0.aead != nil && ($0.encryption != nil || $0.authentication != nil)
    },
    .refused(
      "S3.padding-mode", "TFC padding can only be used in tunnel mode",
      "traffic flow padding is for tunnel mode", fix: "remove it, or use tunnel mode"
    ) { $0.proto == .esp && $0.trafficFlowPadding != nil && $0.mode != .tunnel },
    .refused(
      "S3.iptfs-mode", "IP-TFS options can only be used in IP-TFS mode",
      "IP-TFS options are for IP-TFS mode", fix: "remove them, or use that mode"
    ) { $0.iptfs != IPTFSOptions() && $0.mode != .iptfs },
    .refused(
      "S3.comp-algorithm", "Missing required attribute for COMP",
      "IPComp needs a compression algorithm", fix: "give it deflate"
    ) { $0.proto == .ipComp && $0.compression == nil },
    .refused(
      "S3.comp-excess", "Invalid attributes for COMP",
      "IPComp compresses only: no AEAD, encryption, authentication or padding",
      fix: "remove them, and put an ESP SA around this one"
    ) {
      $0.proto == .ipComp
        && ($0.aead != nil || $0.encryption != nil || $0.authentication != nil
          || $0.trafficFlowPadding != nil)
    },
    .refused(
      "S3.comp-spi", "SPI is too large for COMP", "IPComp's index (CPI) has 16 bits",
      fix: "choose one below 0x10000"
    ) { $0.proto == .ipComp && $0.spi.rawValue >= 0x10000 ? "this one is \($0.spi)" : nil },
    .refused(
      "S3.mobility-excess", "Invalid attributes for DSTOPTS/ROUTING",
      "the Mobile IPv6 protocols have no algorithms, encapsulation, context or padding",
      fix: "remove them"
    ) {
      $0.proto.isMobility
        && ($0.aead != nil || $0.encryption != nil || $0.authentication != nil
          || $0.compression != nil || $0.encapsulation != nil || $0.securityContext != nil
          || $0.trafficFlowPadding != nil)
    },
    .refused(
      "S3.mobility-address", "Missing required COADDR attribute",
      "the Mobile IPv6 protocols need a care-of address", fix: "give it one"
    ) { $0.proto.isMobility && $0.careOfAddress == nil },
  ]

  // MARK: S7, S8: mode and mapping

  private static let mode: [Check] = [
    .refused(
      "S7.mode", "Unsupported mode", "this mode is not for SAs",
      fix: "use transport or tunnel mode"
    ) {
      [.transport, .tunnel, .routeOptimization, .beet, .iptfs].contains($0.mode)
        ? nil : "this one is \($0.mode)"
    },
    .refused(
      "S7.iptfs", nil, "IP-TFS mode is for ESP, in a direction that the SA names",
      fix: "set the direction"
    ) { $0.mode == .iptfs && ($0.proto != .esp || $0.direction == nil) },
    .refused(
      "S8.mapping-encapsulation", "MTIMER_THRESH attribute can only be set",
      "a mapping threshold is for encapsulated SAs", fix: "remove it, or encapsulate in UDP"
    ) { $0.mappingThresholdSeconds != nil && $0.encapsulation == nil },
    .refused(
      "S8.mapping-direction", "MTIMER_THRESH attribute should not be set on output SA",
      "a mapping threshold is for incoming SAs", fix: "remove it"
    ) { $0.mappingThresholdSeconds != nil && $0.direction == .outgoing },
  ]

  // MARK: S12 to S20: what comes with the algorithms and devices

  private static let features: [Check] = [
    .refused(
      "S12.truncation", "Invalid length requested for truncated ICV",
      "a check value is not longer than the hash",
      fix: "leave the truncation at the RFC's length"
    ) { association in
      guard let authentication = association.authentication,
        let known = AuthenticationAlgorithm(named: authentication.name),
        let bits = authentication.truncationBits, bits > known.fullBits
      else { return nil }
      return "\(known.title) has \(known.fullBits) bits, \(bits) are asked for"
    },
    .refused(
      "S14.route-family", "Requested mode not found", errno: .protocolNotSupported,
      "route optimization is for IPv6", fix: "use transport or tunnel mode"
    ) { $0.mode == .routeOptimization && $0.innerFamily == .ipv4 },
    .refused(
      "S14.family-change", "Only tunnel modes can accommodate a change of family",
      errno: .protocolNotSupported,
      "in transport mode the selector is of the SA's own family",
      fix: "use tunnel mode, or a selector of the SA's family"
    ) { !$0.mode.hasOuterAddresses && $0.innerFamily != $0.family },
    .refused(
      "S16.esp-cipher", "AEAD or CRYPT must be provided",
      "ESP with authentication only needs the null cipher besides",
      fix: "set encryption to ecb(cipher_null) with no key, if integrity alone is meant"
    ) {
      $0.proto == .esp && $0.authentication != nil && $0.encryption == nil && $0.aead == nil
    },
    .refused(
      "S16.key", "unable to initialize cryptographic operations",
      "keys have the lengths that their algorithm takes", fix: "make a random one of such a length"
    ) { association in
      guard let wrong = association.wrongKey else { return nil }
      return wrong.explanation
    },
    .refused(
      "S16.check-value", "Requested AEAD algorithm not found", errno: .notImplemented,
      "the kernel knows an AEAD by its name and check value together",
      fix: "use the algorithm's own check value: 128 bits"
    ) { association in
      guard let aead = association.aead, let known = AEADAlgorithm(named: aead.name),
        !known.checkValues.contains(where: { $0.bits == aead.checkBits })
      else { return nil }
      let error = AlgorithmError.checkLength(
        algorithm: known.title, valid: known.checkValues.map(\.bits), bits: aead.checkBits)
      return "\(error)"
    },
    .refused(
      "S16.encapsulation", "Unsupported encapsulation type for ESP",
      "ESP goes into UDP or TCP", fix: "use espinudp"
    ) {
      guard $0.proto == .esp, let kind = $0.encapsulation?.kind else { return nil }
      // Older kernels take the one from before RFC 3948 as well.
      return [.espInUDP, .espInTCP, .draft].contains(kind) ? nil : "this one is \(kind)"
    },
    .refused(
      "S16.ah-encapsulation", "AH is not compatible with encapsulation",
      "AH protects the addresses, so it passes no NAT", fix: "use ESP"
    ) { $0.proto == .ah && $0.encapsulation != nil },
    .refused(
      "S16.comp-encapsulation", "IPComp is not compatible with encapsulation",
      "IPComp is not encapsulated", fix: "encapsulate the ESP SA around it"
    ) { $0.proto == .ipComp && $0.encapsulation != nil },
    .refused(
      "S16.comp-mode", "Unsupported XFRM mode for IPcomp",
      "IPComp knows transport and tunnel mode", fix: "use one of these"
    ) { $0.proto == .ipComp && ![.transport, .tunnel].contains($0.mode) },
    .refused(
      "S17.keepalive-direction", "NAT keepalive is only supported for outbound SAs",
      "keepalives are sent by outgoing SAs that say so", fix: "set the direction, or remove it"
    ) { ($0.natKeepaliveSeconds ?? 0) != 0 && $0.direction != .outgoing },
    .refused(
      "S17.keepalive-encapsulation", "NAT keepalive is only supported for UDP",
      "keepalives are for ESP in UDP", fix: "encapsulate in UDP, or remove it"
    ) { ($0.natKeepaliveSeconds ?? 0) != 0 && $0.encapsulation?.kind != .espInUDP },
    .refused(
      "S18.window-bitmap", "replay window is too large for the chosen bitmap",
      "a replay window has 32 packets at most for each word of its bitmap",
      fix: "make the bitmap as long as the window"
    ) {
      guard let state = $0.extendedReplayState else { return nil }
      let room = 32 * state.bitmap.count
      return state.window > room ? "\(state.window) packets, room for \(room)" : nil
    },
    .refused(
      "S18.window-zero", "ESN replay window must be > 0",
      "extended sequence numbers need a replay window, unless the SA says that it is outgoing",
      fix: "set the direction, or a window"
    ) {
      $0.flags.contains(.extendedSequenceNumbers) && $0.direction != .outgoing
        && $0.extendedReplayState?.window == 0
    },
    .refused(
      "S19.offload-flags", "Unrecognized flags in offload request",
      "offload knows the flags incoming and packet", fix: "remove the others"
    ) { $0.offload.map { $0.flags.rawValue & ~7 != 0 } ?? false },
    .refused(
      "S19.offload-direction", "Mismatched SA and offload direction",
      "an SA is offloaded in its own direction", fix: "set the flag incoming as the SA has it"
    ) { association in
      guard let offload = association.offload, let direction = association.direction else {
        return false
      }
      return offload.flags.contains(.incoming) != (direction == .incoming)
    },
    .refused(
      "S19.offload-padding", "TFC padding can't be offloaded",
      "traffic flow padding cannot be offloaded", fix: "remove one of them"
    ) { $0.offload != nil && ($0.trafficFlowPadding ?? 0) != 0 },
    .kernelOnly(
      "S11.cpu-number", "pCPU number too big", errno: .outOfRange,
      "a CPU is one that the machine may have",
      fix: "see /sys/devices/system/cpu/possible"),
    .kernelOnly(
      "S19.offload-device", "Type doesn't support offload",
      "this protocol cannot be offloaded", fix: "remove the offload"),
    .kernelOnly(
      "S19.offload-esn", "Device doesn't support offload with ESN",
      "the device cannot offload extended sequence numbers",
      fix: "remove the offload, or the flag"),
    .kernelOnly(
      "S19.offload-refused", "Device failed to offload this state",
      "the device does not offload this SA", fix: "remove the offload"),
    .kernelOnly(
      "S20.iptfs-packet", "acket size must be",
      "IP-TFS packets are longer than their headers, or follow the path MTU",
      fix: "set the packet size to 0, or larger"),
    .kernelOnly(
      "S21.tunnels", "SA is in use by tunnels", errno: .notPermitted,
      "the SA belongs to a tunnel-mode IPComp SA", fix: "delete that one; this goes with it"),
    .kernelOnly(
      "S21.valid", "SA must be in VALID state",
      "a larval SA has no limits to reach", fix: "complete it first, or delete it"),
  ]
}

extension SecurityAssociation {
  /// Of its selector, as the kernel reads it; `nil` if it stays open.
  fileprivate var effectiveSelectorFamily: AddressFamily? {
    guard selector.family == .unspecified else { return selector.family }
    return flags.contains(.anyFamily) ? nil : family
  }

  /// Of the packets that it carries.
  fileprivate var innerFamily: AddressFamily { effectiveSelectorFamily ?? family }
}

extension Selector {
  /// Says which prefix has too many bits.
  func excessivePrefix(_ family: AddressFamily) -> String? {
    let limit: UInt8 = family == .ipv6 ? 128 : 32
    return [source, destination].first { $0.length > limit }.map { "/\($0.length) is longer" }
  }
}

extension Encapsulation.Kind {
  /// `UDP_ENCAP_ESPINUDP_NON_IKE`
  static var draft: Self { Self(rawValue: 1) }
}

extension IPProtocol {
  /// Mobile IPv6's routing header and destination options.
  var isMobility: Bool { rawValue == 43 || rawValue == 60 }
  var isForAssociations: Bool { [.esp, .ah, .ipComp].contains(self) || isMobility }
}
