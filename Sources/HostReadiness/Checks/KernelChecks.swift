internal import XFRMKit

// What the kernel's files tell.

extension CheckDefinition {
  /// Whether the kernel was built with IPsec at all.
  static let kernel = CheckDefinition(
    id: "xfrm.kernel", group: .interface, title: "IPsec in the kernel",
    importance: .always(.required),
    about: "looks for /proc/net/xfrm_stat and net.core.xfrm_acq_expires, which kernels with "
      + "CONFIG_XFRM have",
    why: "without CONFIG_XFRM the kernel has no IPsec, and no module can add it",
    advice: "boot a kernel with CONFIG_XFRM; where that cannot be chosen, move to another host",
    related: ["xfrm.netlink"]
  ) { findings in
    let facts = findings.ipsec
    let evidence = [
      Evidence(IPsecFacts.counterFile, facts.counters == nil ? "is not there" : "is there"),
      Evidence(IPsecFacts.acquireFile, facts.acquireSeconds == nil ? "is not there" : "is there"),
    ]
    if facts.hasXFRM {
      return Judgement(status: .pass, summary: "there", evidence: evidence)
    }
    switch findings.probes.interface.outcome {
    case .refused(let error) where error.cause == .noNetlinkInterface:
      guard findings.modules.configuration?["XFRM"] == .notSet else { break }
      return Judgement(
        status: .fail, summary: "kernel has no IPsec", evidence: evidence + [error.evidence],
        explanation: Explanation(
          cause: "CONFIG_XFRM is not set",
          remedies: [Remedy("boot a kernel with CONFIG_XFRM; no module can add it")]))
    case .works:
      // Who lives in a user namespace is not shown the files.
      return Judgement(status: .pass, summary: "there, as netlink shows", evidence: evidence)
    case .refused(let error) where error.refusal != nil:
      return Judgement(
        status: .pass, summary: "there, as netlink shows", evidence: evidence + [error.evidence])
    case .refused, .different, .notRun: break
    }
    return Judgement(
      status: .unknown, summary: "the files do not tell", evidence: evidence,
      explanation: Explanation(
        cause: "what CONFIG_XFRM brings does not show, and the kernel was not asked or has no "
          + "netlink interface for it"))
  }

  /// Whether PF_KEY is there, and with it the file that units may name.
  static let pfKey = feature(
    "xfrm.pfkey", .interface, "PF_KEY sockets",
    Importance(
      gateway: .optional, strongswan: .optional, algo: .required, libreswan: .optional),
    about: "looks for /proc/net/pfkey, which the module af_key makes",
    why: "IKE daemons do without since 2019, but a unit that names /proc/net/pfkey, as Algo's "
      + "does, fails with 226/NAMESPACE where it is missing",
    advice: "`modprobe af_key`, and af_key in a file below /etc/modules-load.d",
    related: ["mod.af_key"], dependsOn: []
  ) { findings in
    let condition = findings.condition(.afKey)
    if findings.ipsec.hasPFKey || condition.state.isPresent {
      return Judgement(status: .pass, summary: "there", evidence: condition.evidence)
    }
    let isUnknown = condition.state == .unknown
    return Judgement(
      status: isUnknown ? .unknown : .fail,
      summary: isUnknown
        ? "the files do not tell" : findings.summary(without: .afKey) ?? "not in this kernel",
      evidence: [Evidence("/proc/net/pfkey", "is not there")] + condition.evidence,
      explanation: findings.explain([.afKey]),
      // Whoever sets up such a unit loads what can be loaded.
      severity: condition.state.mayBeLoaded ? .recommended : nil)
  }

  static let acquireExpiry = feature(
    "xfrm.acq-expires", .interface, "Time to answer an acquire",
    Importance(
      minimal: .optional, gateway: .optional, strongswan: .recommended, algo: .recommended,
      libreswan: .optional),
    about: "reads net.core.xfrm_acq_expires, and whether settings can be changed",
    why: "the kernel forgets an acquire after so many seconds; charon sets 165 when it starts, but "
      + "cannot where /proc/sys is read-only",
    advice: "`net.core.xfrm_acq_expires = 165` in a file below /etc/sysctl.d", dependsOn: []
  ) { findings in
    guard let seconds = findings.ipsec.acquireSeconds else {
      return Judgement(
        status: .unknown, summary: "does not show",
        explanation: Explanation(
          cause: "\(IPsecFacts.acquireFile) is not there, as in user namespaces and in kernels "
            + "without IPsec"), severity: .optional)
    }
    let evidence = [Evidence(IPsecFacts.acquireFile, "\(seconds)")]
    guard seconds < 165, findings.ipsec.settingsAreWritable == false else {
      return Judgement(status: .pass, summary: "\(seconds) s", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "\(seconds) s, and cannot be changed",
      evidence: evidence + [Evidence("/proc/self/mounts", "/proc/sys is read-only")],
      explanation: Explanation(
        cause: "/proc/sys is read-only here, so that an IKE daemon cannot give itself more time",
        remedies: [
          Remedy(
            "set it where settings can be changed: on the host of a container, at boot",
            command: findings.host.container == nil
              ? "sysctl -w net.core.xfrm_acq_expires=165" : nil)
        ]))
  }

  static let statistics = feature(
    "xfrm.stats", .interface, "Counters of dropped packets",
    Importance(
      gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .recommended),
    about: "looks for /proc/net/xfrm_stat",
    why: "without them nobody sees why packets get lost; libreswan up to 5.2 takes the kernel for "
      + "one without IPsec", advice: "boot a kernel with CONFIG_XFRM_STATISTICS",
    related: ["xfrm.stat-errors"], dependsOn: []
  ) { findings in
    if findings.ipsec.counters != nil {
      return Judgement(
        status: .pass, summary: "there", evidence: [Evidence(IPsecFacts.counterFile, "is there")])
    }
    let isNotSet = findings.modules.configuration?["XFRM_STATISTICS"] == .notSet
    return Judgement(
      status: isNotSet || findings.probes.interface.outcome.works ? .fail : .unknown,
      summary: "not there", evidence: [Evidence(IPsecFacts.counterFile, "is not there")],
      explanation: Explanation(
        cause: isNotSet
          ? "CONFIG_XFRM_STATISTICS is not set" : "\(IPsecFacts.counterFile) is not there",
        remedies: [Remedy("boot a kernel with CONFIG_XFRM_STATISTICS, if it is needed")]))
  }
}
