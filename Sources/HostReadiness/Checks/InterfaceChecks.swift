internal import XFRMKit

extension CheckDefinition {
  static let interface: [CheckDefinition] =
    [
      kernel, netlink, queries, events, allocation, policies(.ipv4), policies(.ipv6),
      socketPolicies(.ipv4), socketPolicies(.ipv6),
    ] + [pfKey, acquireExpiry, statistics]

  private static let queries = feature(
    "xfrm.query", .interface, "Listing SAs and policies", .always(.required),
    about: "counts and lists the SAs and policies of a private network namespace",
    why: "whoever manages SAs has to see those that are there",
    advice:
      "nothing that is configured forbids this: run the check as root, or boot another kernel",
    probe: .queries
  ) { findings in
    findings.judge("xfrm.query") { .denied("refuses to list them", $0) }
  }

  private static let events = feature(
    "xfrm.events", .interface, "Announcements of the kernel",
    Importance(
      minimal: .recommended, gateway: .recommended, strongswan: .required, algo: .required,
      libreswan: .required),
    about: "listens to acquires, expiries, migrations and mappings in a private network namespace",
    why: "an IKE daemon that does not hear of what the kernel needs can neither set up nor renew "
      + "SAs; charon does not start",
    advice: "run the daemon with CAP_NET_ADMIN, or boot another kernel", probe: .events
  ) { findings in
    findings.judge("xfrm.events") { .denied("nobody may listen", $0) }
  }

  private static let allocation = feature(
    "xfrm.allocspi", .interface, "Allocating an SPI", .always(.required),
    about: "has the kernel choose an SPI for ESP from c0000000 to cfffffff, as charon does",
    why: "an IKE daemon has to know an SPI before there is an SA; that one is granted does not "
      + "prove that there is ESP", advice: "boot another kernel", related: ["xfrm.esp4"],
    probe: .allocation
  ) { findings in
    findings.judge("xfrm.allocspi") { .denied("kernel grants none", $0) }
  }

  private static func policies(_ family: AddressFamily) -> CheckDefinition {
    let id: CheckID = family == .ipv6 ? "xfrm.policy.v6" : "xfrm.policy.v4"
    return feature(
      id, .interface, "Policies for \(family)",
      family == .ipv6
        ? Importance(
          minimal: .optional, gateway: .recommended, strongswan: .recommended, algo: .required,
          libreswan: .recommended) : .always(.required),
      about: "adds a policy for \(family) in each direction, reads it back and deletes it, in a "
        + "private network namespace",
      why: "without policies no packet finds its SA; that they are granted does not prove that "
        + "there is ESP",
      advice: "boot a kernel with CONFIG_XFRM_USER" + (family == .ipv6 ? " and CONFIG_IPV6" : ""),
      related: [family == .ipv6 ? "xfrm.esp6" : "xfrm.esp4"], probe: .policies(family)
    ) { findings in
      let judgement = findings.judge(id) { .denied("kernel refuses them", $0) }
      // The kernel takes policies for IPv6 without IPv6 that is loaded, or turned on.
      guard family == .ipv6, judgement.status == .fail || findings.ipv6.isGone else {
        return judgement
      }
      return judgement.status == .unknown
        ? judgement : findings.judgeWithoutIPv6(judgement.evidence) ?? judgement
    }
  }

  private static func socketPolicies(_ family: AddressFamily) -> CheckDefinition {
    let id: CheckID = family == .ipv6 ? "xfrm.sockpolicy.v6" : "xfrm.sockpolicy.v4"
    return feature(
      id, .interface, "Exempt sockets, \(family)",
      Importance(
        minimal: .optional, gateway: .recommended, strongswan: .required, algo: .required,
        libreswan: .required),
      about: "gives a UDP socket policies of its own (IP_XFRM_POLICY), in a private network "
        + "namespace",
      why: "IKE's own packets have to pass in clear: without this a policy for all traffic catches "
        + "them, too", advice: "run the daemon with CAP_NET_ADMIN, or boot another kernel",
      probe: .socketPolicies(family)
    ) { findings in
      findings.judgeSocket(id, family) { .denied("kernel exempts none", $0) }
    }
  }
}

extension Findings {
  /// What follows from what a socket was asked.
  ///
  /// - Parameter denied: What follows from the kernel's no.
  func judgeSocket(
    _ id: CheckID, _ family: AddressFamily, works: String = "works",
    denied: (XFRMError) -> Judgement
  ) -> Judgement {
    let outcome = probes[id].outcome
    if family == .ipv6, ipv6 == .notLoaded, !outcome.works {
      // Whoever opens such a socket has IPv6 loaded, so it is not missed where that is possible.
      guard modules.autoload.obstacle == nil, !modules.autoload.isDisabled else {
        return Judgement(
          status: .fail, summary: "ipv6 is not loaded", evidence: condition(.ipv6).evidence,
          explanation: explain([.ipv6]), severity: .recommended)
      }
      return Judgement(
        status: .unknown, summary: "ipv6 is not loaded", evidence: condition(.ipv6).evidence,
        explanation: Explanation(
          cause: "IPv6 is loaded with the first socket for it, and was not to be loaded to ask",
          remedies: [Remedy(.load, [.ipv6])]), severity: .recommended)
    }
    if family == .ipv6, !outcome.works, case .notRun(.mightLoadModules) = outcome,
      let judgement = judgeWithoutIPv6([])
    {
      return judgement
    }
    return judge(id, works: works, denied: denied)
  }
}
