internal import XFRMKit

extension CheckDefinition {
  static let features: [CheckDefinition] =
    [esn, largeWindow, mark, outputMark, interfaceID, xfrmInterface, vti(.ipv4), vti(.ipv6)]
    + [direction, perCPU, iptfs, lastUsed, defaultActions, migration, offload]
    + [leftovers, errors]

  /// What every use but the barest may profit from.
  static let useful = Importance(
    gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .optional)
  /// What IKE daemons set up by themselves.
  static let usual = Importance(
    gateway: .optional, strongswan: .recommended, algo: .optional, libreswan: .recommended)

  // MARK: SAs

  private static let esn = association(
    "xfrm.esn", .features, "Extended sequence numbers", usual,
    .esp(.ipv4) { association in
      association.flags.insert(.extendedSequenceNumbers)
      association.replayWindow = 0
      association.extendedReplayState = ExtendedReplayState(window: 32)
    }, "an ESP SA with sequence numbers of 64 bits",
    why: "fast tunnels use up 32 bits in hours; with AES-CBC it takes authencesn besides")

  private static let largeWindow = association(
    "xfrm.replay-large", .features, "Replay window of 1024 packets", useful,
    .esp(.ipv4) { association in
      association.replayWindow = 0
      association.extendedReplayState = ExtendedReplayState(window: 1024)
    }, "an ESP SA with a replay window of 1024 packets",
    why: "where packets overtake each other a window of 32 drops good ones")

  private static let mark = association(
    "xfrm.mark", .features, "SAs by packet mark", useful,
    .esp(.ipv4) { $0.mark = Mark(0x2a) }, "an ESP SA for packets with a mark",
    why: "virtual tunnel interfaces and tunnels with equal addresses are told apart by marks")

  private static let outputMark = association(
    "xfrm.setmark", .features, "Marks of sent packets", useful,
    .esp(.ipv4, since: .linux("4.19")) { association in
      association.outputMark = 0x2a
      association.outputMarkMask = 0xff
    }, "an ESP SA that marks what it sends",
    why: "routes for the packets that a tunnel makes are chosen by it")

  private static let interfaceID = association(
    "xfrm.ifid", .features, "SAs by interface ID", usual,
    .esp(.ipv4, since: .linux("4.19")) { $0.interfaceID = 42 }, "an ESP SA with an interface ID",
    why: "xfrm interfaces find their SAs by it", related: ["xfrm.interface"])

  private static let direction = association(
    "xfrm.sadir", .features, "SAs with a direction", useful,
    .esp(.ipv4, since: .linux("6.10")) { $0.direction = .incoming }, "an incoming ESP SA",
    why: "the kernel refuses what makes no sense for a direction once it is told; older kernels "
      + "ignore it")

  private static let perCPU = association(
    "xfrm.pcpu", .features, "SAs for one processor", useful,
    .esp(.ipv4, since: .linux("6.13")) { association in
      association.direction = .outgoing
      association.replayWindow = 0
      association.cpu = 0
    }, "an outgoing ESP SA for the first processor",
    why: "one tunnel uses several processors only with an SA for each (RFC 9611)")

  private static let iptfs: CheckDefinition = {
    let origin = SAKind.Origin.linux("6.14", option: "XFRM_IPTFS")
    var kind = SAKind.esp(.ipv4, .iptfs, since: origin) { association in
      association.direction = .incoming
      association.iptfs.dropTimeMicroseconds = 1_000_000
    }
    kind.furtherModules = [.iptfs]
    return association(
      "xfrm.iptfs", .features, "IP traffic flow security", useful, kind,
      "an ESP SA over IPv4 in IP-TFS mode",
      why: "peers that hide sizes and times of packets (RFC 9347) ask for it")
  }()

  // MARK: The rest

  private static let lastUsed = feature(
    "xfrm.lastused", .features, "Time of last use", useful,
    about: "judges by the kernel's version; no SA shows it before a packet has used it",
    why: "daemons find idle peers by it", advice: "boot Linux 6.2 or a later kernel"
  ) { findings in
    let evidence = [Evidence("/proc/sys/kernel/osrelease", findings.host.kernelRelease)]
    return findings.host.isAtLeast(6, 2) && findings.probes.interface.outcome.works
      ? Judgement(status: .pass, summary: "since Linux 6.2", evidence: evidence)
      : Judgement(
        status: .unknown, summary: "shows with traffic only", evidence: evidence,
        explanation: Explanation(
          cause: "it came with Linux 6.2; earlier kernels may have been given it"))
  }

  private static let defaultActions = feature(
    "xfrm.default", .features, "Blocking by default", useful,
    about: "blocks what no policy matches in a private network namespace, and allows it again",
    why: "hosts that send nothing in clear can do without a policy that blocks",
    advice: "boot Linux 5.15 or a later kernel", probe: .defaultActions
  ) { findings in
    findings.judge("xfrm.default") {
      .denied(
        "kernel has no default actions", $0, because: "they came with Linux 5.15",
        [Remedy("boot Linux 5.15 or a later kernel, if they are needed")])
    }
  }

  private static let migration = feature(
    "xfrm.migrate", .features, "Moving SAs to other addresses",
    Importance(
      gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .recommended),
    about: "asks the kernel for a migration of nothing, in a private network namespace",
    why: "libreswan keeps tunnels of mobile clients alive with it; strongSwan sets up new SAs",
    advice: "boot a kernel with CONFIG_XFRM_MIGRATE", probe: .migration
  ) { findings in
    let lack = Judgement(
      status: .fail, summary: "kernel moves none",
      explanation: Explanation(
        cause: "CONFIG_XFRM_MIGRATE is not set",
        remedies: [Remedy("boot a kernel with CONFIG_XFRM_MIGRATE, if it is needed")]))
    return findings.judge("xfrm.migrate", differs: { _ in lack }, denied: { _ in lack })
  }

  private static let offload = feature(
    "xfrm.offload", .features, "Joined and offloaded ESP", useful,
    about: "looks for esp4_offload, which nothing loads by itself",
    why: "with it ESP packets are joined, split and left to devices that encrypt; then packet "
      + "filters and captures no longer see them",
    advice: "`modprobe esp4_offload`, if throughput matters more than seeing the packets",
    dependsOn: []
  ) { findings in
    let condition = findings.condition(.esp4Offload)
    if condition.state.isPresent {
      return Judgement(
        status: .pass, summary: "on" + findings.how(.esp4Offload), evidence: condition.evidence)
    }
    return Judgement(
      status: .fail, summary: findings.summary(without: .esp4Offload) ?? "not in this kernel",
      evidence: condition.evidence,
      explanation: Explanation(cause: "nothing loads esp4_offload by itself"))
  }
}

extension HostFacts {
  /// Whether the kernel calls itself a version or a later one.
  fileprivate func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    let numbers = kernelRelease.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
  }
}
