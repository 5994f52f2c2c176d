public import XFRMKit

/// For each rule something that breaks it and, as far as possible, nothing else.
public enum RuleExamples {
  public struct Example<Object: Sendable>: Sendable, CustomStringConvertible {
    public var rule: String
    public var object: Object
    /// The first kernel that refuses it, as (major, minor); older ones do not know the attribute.
    public var since: (Int, Int)
    public var description: String { rule }
  }

  /// An SA without a fault.
  public static let association: SecurityAssociation = {
    var association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1001, mode: .tunnel)
    association.requestID = 7
    association.replayWindow = 32
    ESPProposal.aes256gcm16.protect(&association)
    return association
  }()

  /// A policy without a fault.
  public static let policy = Policy(
    Selector(
      from: IPPrefix(.v4(0x0a01_0000), length: 16), to: IPPrefix(.v4(0x0a02_0000), length: 16)),
    direction: .outgoing, templates: [Template(association)])

  // MARK: What the kernel refuses

  public static let refusedAssociations: [Example<SecurityAssociation>] = [
    sa("S2.family") { $0.selector.family = AddressFamily(rawValue: 3) },
    sa("S2.prefix") {
      $0.selector = Selector(from: IPPrefix(.v4(1), length: 33), to: .any(.ipv4))
    },
    sa("S3.protocol") { $0.proto = .udp },
    ah("S3.ah-authentication") { $0.authentication = nil },
    ah("S3.ah-excess") { $0.encryption = Encryption(name: "cbc(aes)", key: .random(count: 16)) },
    sa("S3.esp-compression") { $0.compression = Compression(name: "deflate") },
    sa("S3.esp-algorithm") { $0.aead = nil },
    sa("S3.esp-aead-alone") {
      $0.encryption = Encryption(name: "cbc(aes)", key: .random(count: 16))
    },
    sa("S3.padding-mode") {
      $0.mode = .transport
      $0.trafficFlowPadding = 100
    },
    sa("S3.iptfs-mode", since: (6, 14)) { $0.iptfs.packetBytes = 0 },
    comp("S3.comp-algorithm") { $0.compression = nil },
    comp("S3.comp-excess") { ESPProposal.aes256gcm16.protect(&$0) },
    comp("S3.comp-spi") { $0.spi = 0x10000 },
    mobility("S3.mobility-excess") { $0.trafficFlowPadding = 1 },
    mobility("S3.mobility-address") { $0.careOfAddress = nil },

    sa("S6.esn-state") { $0.flags.insert(.extendedSequenceNumbers) },
    extended("S6.bitmap") { $0.extendedReplayState = ExtendedReplayState(window: 4_128) },
    comp("S6.esn-protocol") { $0.extendedReplayState = ExtendedReplayState(window: 32) },
    extended("S6.legacy-window") { $0.replayWindow = 32 },
    outgoing("S6.out-window", extended: true) { $0.extendedReplayState?.window = 1 },
    outgoing("S6.out-sequence", extended: true) { $0.extendedReplayState?.incomingSequence = 1 },
    outgoing("S6.out-bitmap", extended: true) { $0.extendedReplayState?.bitmap = [0] },
    outgoing("S6.out-high", extended: true) { $0.extendedReplayState?.outgoingSequence = 1 << 32 },
    outgoing("S6.out-exhausted", extended: true) {
      $0.extendedReplayState?.outgoingSequence = 0xffff_ffff
    },
    outgoing("S6.out-end", extended: true) {
      $0.flags.insert(.extendedSequenceNumbers)
      $0.extendedReplayState?.outgoingSequence = .max
    },
    incoming("S6.in-sequence", extended: true) { $0.extendedReplayState?.outgoingSequence = 1 },
    incoming("S6.in-high", extended: true) { $0.extendedReplayState?.incomingSequence = 1 << 32 },
    incoming("S6.in-exhausted", extended: true) {
      $0.extendedReplayState?.incomingSequence = 0xffff_ffff
    },
    incoming("S6.in-end", extended: true) {
      $0.flags.insert(.extendedSequenceNumbers)
      $0.extendedReplayState?.incomingSequence = .max
    },

    sa("S7.mode") { $0.mode = .inTrigger },
    sa("S7.iptfs", since: (6, 14)) { $0.mode = .iptfs },
    sa("S8.mapping-encapsulation") { $0.mappingThresholdSeconds = 1 },
    outgoing("S8.mapping-direction") {
      $0.encapsulation = Encapsulation(.espInUDP)
      $0.mappingThresholdSeconds = 1
    },
    outgoing("S9.decapsulate-dscp") { $0.flags.insert(.decapsulateDSCP) },
    outgoing("S9.icmp") { $0.flags.insert(.icmp) },
    outgoing("S9.wildcard") { $0.flags.insert(.wildcardReceive) },
    outgoing("S9.window") { $0.replayWindow = 32 },
    outgoing("S9.sequence") {
      $0.replayState = ReplayState()
      $0.replayState?.incomingSequence = 1
    },
    outgoing("S9.iptfs", since: (6, 14)) {
      $0.mode = .iptfs
      $0.iptfs.reorderWindow = 1
    },
    incoming("S10.path-mtu") { $0.flags.insert(.noPathMTUDiscovery) },
    incoming("S10.encapsulate-dscp") { $0.extraFlags = .dontEncapsulateDSCP },
    incoming("S10.wrap") { $0.extraFlags = .sequenceMayWrap },
    incoming("S10.iptfs", since: (6, 14)) {
      $0.mode = .iptfs
      $0.iptfs.dontFragment = true
    },
    sa("S11.cpu-direction", since: (6, 13)) { $0.cpu = 0 },

    cbc("S12.truncation") { $0.authentication?.truncationBits = 264 },
    sa("S14.route-family") {
      $0.mode = .routeOptimization
      $0.trafficFlowPadding = nil
    },
    sa("S14.family-change") {
      $0.mode = .transport
      $0.selector = .any(.ipv6)
    },
    cbc("S16.esp-cipher") { $0.encryption = nil },
    sa("S16.key") { $0.aead?.key = .random(count: 16) },
    cbc("S16.key") { $0.encryption?.key = .random(count: 17) },
    sa("S16.check-value") { $0.aead?.checkBits = 120 },
    sa("S16.encapsulation") {
      $0.encapsulation = Encapsulation(Encapsulation.Kind(rawValue: 3))
    },
    ah("S16.ah-encapsulation") { $0.encapsulation = Encapsulation(.espInUDP) },
    comp("S16.comp-encapsulation") { $0.encapsulation = Encapsulation(.espInUDP) },
    comp("S16.comp-mode") { $0.mode = .beet },
    incoming("S17.keepalive-direction", since: (6, 11)) {
      $0.encapsulation = Encapsulation(.espInUDP)
      $0.natKeepaliveSeconds = 20
    },
    outgoing("S17.keepalive-encapsulation", since: (6, 11)) { $0.natKeepaliveSeconds = 20 },
    extended("S18.window-bitmap") { $0.extendedReplayState?.window = 65 },
    extended("S18.window-zero") {
      $0.flags.insert(.extendedSequenceNumbers)
      $0.extendedReplayState?.window = 0
    },
    sa("S19.offload-flags") {
      $0.offload = SecurityAssociation.Offload(
        interfaceIndex: 1, flags: SecurityAssociation.Offload.Flags(rawValue: 8))
    },
    outgoing("S19.offload-direction") {
      $0.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: .incoming)
    },
    sa("S19.offload-padding") {
      $0.trafficFlowPadding = 100
      $0.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: [])
    },
  ]

  public static let refusedPolicies: [Example<Policy>] = [
    policy("P1.share") { $0.share = 4 },
    policy("P2.action") { $0.action = Policy.Action(rawValue: 2) },
    policy("P3.family") { $0.selector.family = .unspecified },
    policy("P3.prefix") {
      $0.selector.source.length = 33
    },
    policy("P4.direction") { $0.direction = Policy.Direction(rawValue: 3) },
    policy("P5.index") { $0.index = 8 },
    policy("P7.type") { $0.kind = Policy.Kind(rawValue: 2) },
    policy("T1.count") { $0.templates = Array(repeating: $0.templates[0], count: 7) },
    policy("P9.offload", since: (6, 2)) {
      $0.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: [])
    },
    policy("T3.optional") { $0.templates[0].isOptional = true },
    policy("T3.family-change") {
      $0.templates = [Template(from: .v6(1, 1), to: .v6(1, 2), mode: .transport, requestID: 7)]
    },
    policy("T4.mode") { $0.templates[0].mode = Mode(rawValue: 6) },
    policy("T5.family") { $0.templates[0].family = AddressFamily(rawValue: 3) },
    policy("T6.protocol") { $0.templates[0].proto = .any },
  ]

  // MARK: What the kernel does not look at

  public static let unwiseAssociations: [Example<SecurityAssociation>] = [
    sa("D.spi-zero") { $0.spi = 0 },
    sa("D.spi-reserved") { $0.spi = 255 },
    sa("D.destination") { $0.destination = .v4(0xe000_0001) },
    sa("D.source") { $0.source = .v4(0) },
    sa("D.families") { $0.source = .v6(1, 1) },
    sa("D.selector-host-bits") {
      $0.selector = Selector(from: IPPrefix(.v4(1), length: 24), to: .any(.ipv4))
    },
    sa("D.selector-ports") {
      $0.selector = .any(.ipv4)
      $0.selector.destinationPort = Selector.Port(80)
    },
    sa("D.mask-alone") { $0.outputMarkMask = 0xff },
    sa("D.encapsulation-port") {
      $0.encapsulation = Encapsulation(.espInUDP, sourcePort: 0)
    },
    sa("D.encapsulation-draft") {
      $0.encapsulation = Encapsulation(Encapsulation.Kind(rawValue: 1))
    },
    sa("D.extra-flags") { $0.extraFlags = SecurityAssociation.ExtraFlags(rawValue: 8) },
    sa("D.padding") { $0.trafficFlowPadding = 65_536 },
    cbc("D.no-integrity") { $0.authentication = nil },
    cbc("D.no-encryption") { $0.encryption = Encryption(name: "cipher_null", key: .empty) },
    cbc("D.short-key") { $0.authentication?.key = .random(count: 31) },
    cbc("D.long-key") { $0.authentication?.key = .random(count: 33) },
    cbc("D.short-check") { $0.authentication?.truncationBits = 32 },
    cbc("D.check") { $0.authentication?.truncationBits = nil },
    cbc("D.forbidden") { $0.encryption = Encryption(name: "cbc(des)", key: .random(count: 8)) },
    cbc("D.discouraged") {
      $0.encryption = Encryption(name: "cbc(des3_ede)", key: .random(count: 24))
    },
    sa("D.limit-zero") { $0.lifetime.hard.packets = 0 },
    sa("D.soft-limit") {
      $0.lifetime.soft.secondsFromAdd = 20
      $0.lifetime.hard.secondsFromAdd = 10
    },
    incoming("D.no-replay-window") { $0.replayWindow = 0 },
    sa("D.window-cut") { $0.replayWindow = 64 },
    sa("D.wrap") { $0.extraFlags = .sequenceMayWrap },
  ]

  public static let unwisePolicies: [Example<Policy>] = [
    policy("D.depth") { $0.templates = Array(repeating: $0.templates[0], count: 6) },
    policy("D.clear") { $0.templates = [] },
    policy("D.block-templates") { $0.action = .block },
    policy("D.policy-host-bits") { $0.selector.source.address = .v4(0x0a01_0001) },
    policy("D.policy-ports") { $0.selector.sourcePort = Selector.Port(53) },
    policy("D.policy-limits") { $0.lifetime.hard.bytes = 1_000 },
    policy("D.policy-soft-limit") {
      $0.lifetime.soft.secondsFromUse = 20
      $0.lifetime.hard.secondsFromUse = 10
    },
    policy("D.masks") {
      $0.direction = .incoming
      $0.templates[0].algorithms.authentication = 0
    },
    policy("D.tunnel-end") { $0.templates[0].destination = .v4(0) },
    policy("D.optional") {
      $0.direction = .incoming
      $0.templates[0].isOptional = true
    },
    policy("D.template-mode") { $0.templates[0].mode = .inTrigger },
    policy("D.request-id") { $0.templates[0].requestID = 0 },
  ]

  // MARK: Makers

  private static func sa(
    _ rule: String, since: (Int, Int) = (6, 1), _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    var object = association
    spoil(&object)
    return Example(rule: rule, object: object, since: since)
  }

  private static func cbc(
    _ rule: String, _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule) {
      $0.aead = nil
      ESPProposal.aes256sha256.protect(&$0)
      spoil(&$0)
    }
  }

  private static func ah(
    _ rule: String, _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    cbc(rule) {
      $0.proto = .ah
      $0.encryption = nil
      spoil(&$0)
    }
  }

  private static func comp(
    _ rule: String, _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule) {
      $0.proto = .ipComp
      $0.aead = nil
      $0.replayWindow = 0
      $0.compression = Compression(name: "deflate")
      spoil(&$0)
    }
  }

  private static func mobility(
    _ rule: String, _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule) {
      $0.source = .v6(0xfd00 << 48, 1)
      $0.destination = .v6(0xfd00 << 48, 2)
      $0.proto = IPProtocol(rawValue: 60)
      $0.mode = .routeOptimization
      $0.aead = nil
      $0.replayWindow = 0
      $0.careOfAddress = .v6(0xfd00 << 48, 3)
      spoil(&$0)
    }
  }

  /// With a replay state of 64 packets, without a direction.
  private static func extended(
    _ rule: String, _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule) {
      $0.replayWindow = 0
      $0.extendedReplayState = ExtendedReplayState(window: 64)
      spoil(&$0)
    }
  }

  private static func outgoing(
    _ rule: String, since: (Int, Int) = (6, 10), extended: Bool = false,
    _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule, since: since) {
      $0.direction = .outgoing
      $0.replayWindow = 0
      if extended { $0.extendedReplayState = ExtendedReplayState(window: 0) }
      spoil(&$0)
    }
  }

  private static func incoming(
    _ rule: String, since: (Int, Int) = (6, 10), extended: Bool = false,
    _ spoil: (inout SecurityAssociation) -> Void
  ) -> Example<SecurityAssociation> {
    sa(rule, since: since) {
      $0.direction = .incoming
      if extended {
        $0.replayWindow = 0
        $0.extendedReplayState = ExtendedReplayState(window: 64)
      }
      spoil(&$0)
    }
  }

  private static func policy(
    _ rule: String, since: (Int, Int) = (6, 1), _ spoil: (inout Policy) -> Void
  ) -> Example<Policy> {
    var object = policy
    spoil(&object)
    return Example(rule: rule, object: object, since: since)
  }
}
