internal import XFRMKit

extension CheckDefinition {
  /// What rules for IPsec need of the packet filter.
  static let packetFilter: [CheckDefinition] =
    [
      filterPolicy, filterTables, legacyTables, masquerade, filterMatches, segmentSize,
      filterBackend, filterConflicts,
    ].map(\.forgiving)

  private static let filterPolicy = CheckDefinition(
    id: "nf.policy", group: .packetFilter, title: "iptables: match policy",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .required, libreswan: .optional),
    about: "asks the kernel for the match policy of iptables, in a private network namespace",
    why: "`-m policy` tells what came out of a tunnel from what did not; without it "
      + "iptables-restore refuses a whole file of rules, such as Algo's",
    advice: "load xt_policy, or use `ipsec` and `meta ipsec` of nft", related: ["nf.nft-xfrm"],
    dependsOn: [netlink.id], probe: .extensions([.policy])
  ) { $0.judgeExtension("nf.policy", .policy) }

  private static let filterTables = CheckDefinition(
    id: "nf.nft-xfrm", group: .packetFilter, title: "nft: ipsec",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .optional, libreswan: .optional),
    about: "makes a rule of nf_tables with `ipsec in reqid` and takes it away again, in a private "
      + "network namespace",
    why: "it tells what came out of a tunnel from what did not, where rules are nft's",
    advice: "load nft_xfrm, or use the match policy of iptables", related: ["nf.policy"],
    dependsOn: [netlink.id], probe: .rule(.requestID, in: .regular)
  ) { $0.judgeTables() }

  private static let masquerade = CheckDefinition(
    id: "nf.nat", group: .packetFilter, title: "Masquerading",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .required, libreswan: .recommended),
    about: "asks the kernel for the target MASQUERADE of iptables, and for masquerade of nft if it "
      + "has not, in a private network namespace",
    why: "clients with addresses of a pool reach the Internet by the host's own address only",
    advice: "load xt_MASQUERADE or nft_masq; Red Hat's have them in kernel-modules-extra",
    dependsOn: [netlink.id], probe: .masquerade
  ) { $0.judgeMasquerade() }

  private static let filterMatches = CheckDefinition(
    id: "nf.matches", group: .packetFilter, title: "iptables: Algo's matches",
    importance: Importance(strongswan: .optional, algo: .required),
    about: "asks the kernel for the matches \(FilterNeed.matches.map(\.item.name).asList) of "
      + "iptables, in a private network namespace",
    why: "Algo's rules name them, and iptables-restore refuses a whole file for one of them",
    advice: "load the modules that the check names", dependsOn: [netlink.id],
    probe: .extensions(FilterNeed.matches)
  ) { $0.judgeMatches() }

  private static let segmentSize = CheckDefinition(
    id: "nf.tcp-mss", group: .packetFilter, title: "iptables: target TCPMSS",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "asks the kernel for the target TCPMSS of iptables, in a private network namespace",
    why: "where the MTU is below 1500, TCP connections through a tunnel stall unless their segment "
      + "size is clamped",
    advice: "load xt_TCPMSS", related: ["net.mtu"], dependsOn: [netlink.id],
    probe: .extensions([.segmentSize])
  ) { $0.judgeSegmentSize() }
}

extension Findings {
  /// What the probe for a single extension found out.
  fileprivate func judgeExtension(_ id: CheckID, _ need: FilterNeed) -> Judgement {
    let outcome = probes[id].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "there", evidence: [Evidence(request, "the kernel knows it")])
    case .different(let request, _):
      return lacking(
        [need.module], "kernel lacks \(need.item)", Evidence(request, "the kernel knows none"))
    case .refused(let error):
      return noFilter(error, [need.module])
    case .notRun:
      return .notAsked
    }
  }

  fileprivate func judgeMatches() -> Judgement {
    let outcome = probes["nf.matches"].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "there", evidence: [Evidence(request, "the kernel knows them")])
    case .different(let request, let missing):
      let names = missing.split(separator: ", ").map(String.init)
      let modules = FilterNeed.matches.filter { names.contains($0.item.name) }.map(\.module)
      return lacking(
        modules, "kernel lacks \(names.briefly(limit: 25))",
        Evidence(request, "the kernel does not know \(missing)"))
    case .refused(let error):
      return noFilter(error, FilterNeed.matches.map(\.module))
    case .notRun:
      return .notAsked
    }
  }

  fileprivate func judgeMasquerade() -> Judgement {
    let outcome = probes["nf.nat"].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "iptables can", evidence: [Evidence(request, "the kernel knows it")]
      )
    case .different(let request, let difference):
      let evidence = Evidence(request, "added and deleted, but \(difference)")
      guard profile.use == .algo else {
        return Judgement(status: .pass, summary: "nft can", evidence: [evidence])
      }
      return lacking([.xtMasquerade], "nft can, but iptables cannot", evidence)
    case .refused(let error) where error.failure.errno == .noSuchFile:
      return lacking([.xtMasquerade], "neither iptables nor nft can", error.evidence)
    case .refused(let error):
      return noFilter(error, [.xtMasquerade])
    case .notRun:
      return .notAsked
    }
  }

  fileprivate func judgeSegmentSize() -> Judgement {
    var judgement = judgeExtension("nf.tcp-mss", .segmentSize)
    guard judgement.status != .pass, let link = network.known?.outerLink, link.mtu >= 1500 else {
      return judgement
    }
    judgement.severity = .optional
    return judgement
  }

  fileprivate func judgeTables() -> Judgement {
    let outcome = probes["nf.nft-xfrm"].outcome
    if let undecided = undecided(outcome) { return undecided }
    guard case .refused(let error) = outcome else {
      return Judgement(
        status: .pass, summary: "works",
        evidence: [Evidence(outcome.request, "added and deleted")])
    }
    var judgement: Judgement
    if error.failure.errno == .noSuchFile {
      judgement = lacking([.nftXfrm], "kernel lacks nft_xfrm", error.evidence)
    } else {
      judgement = lacking([.nfTables], "no nf_tables", error.evidence)
      if condition(.nfTables).state.isPresent {
        judgement.summary = "no nf_tables for IPv4"
        judgement.explanation = Explanation(
          cause: "nf_tables is there, but refuses tables for IPv4: the kernel was probably built "
            + "without CONFIG_NF_TABLES_IPV4")
      }
    }
    // One of the two is enough.
    if probes["nf.policy"].outcome.works { judgement.severity = .optional }
    return judgement
  }

  /// Judges that something is not in the kernel, though it was asked to load it.
  func lacking(
    _ modules: [KernelModule], _ summary: String, _ evidence: Evidence
  ) -> Judgement {
    var explanation = explain(modules)
    if explanation.cause == nil {
      explanation.cause = "no \(modules.map(\.name).asList) in this kernel"
    }
    return Judgement(
      status: .fail, summary: summary,
      evidence: [evidence] + modules.flatMap { condition($0).evidence }, explanation: explanation)
  }

  /// Judges that there is nobody to ask: neither ip_tables nor what translates to nf_tables.
  private func noFilter(_ error: XFRMError, _ modules: [KernelModule]) -> Judgement {
    guard condition(.ipTables).state.mayBeLoaded else {
      return lacking([.ipTables] + modules, "kernel has nothing for iptables", error.evidence)
    }
    return ipTablesNotLoaded(error, [.ipTables])
  }

  /// What is left where iptables would load what the kernel does not by itself.
  func ipTablesNotLoaded(_ error: XFRMError, _ modules: [KernelModule]) -> Judgement {
    let names = modules.map(\.name)
    return Judgement(
      status: .unknown, summary: "\(names.asList) not loaded",
      evidence: [error.evidence] + modules.flatMap { condition($0).evidence },
      explanation: Explanation(
        cause: "\(names.asList) would be loaded by iptables, not by the kernel itself, so that "
          + "nothing could be asked",
        remedies: [
          Remedy(
            "load \(names.asList) and check again",
            command: (["modprobe"] + (names.count == 1 ? [] : ["-a"]) + names)
              .joined(separator: " "))
        ]))
  }
}
