internal import XFRMKit

extension CheckDefinition {
  /// Whether there is what `iptables-legacy` sets up.
  static let legacyTables = CheckDefinition(
    id: "nf.legacy-tables", group: .packetFilter, title: "iptables-legacy: tables",
    importance: Importance(strongswan: .optional, algo: .required),
    about:
      "asks the kernel for the tables filter, nat and mangle of ip_tables and ip6_tables, in a "
      + "private network namespace",
    why:
      "Algo has its rules loaded by iptables-legacy, and newer kernels may be built without what "
      + "that needs",
    advice: "load ip_tables and ip6_tables, or boot a kernel with CONFIG_IP_NF_IPTABLES_LEGACY",
    dependsOn: [netlink.id], probe: .legacyTables
  ) { $0.judgeLegacyTables() }
}

extension Findings {
  fileprivate func judgeLegacyTables() -> Judgement {
    let outcome = probes["nf.legacy-tables"].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "filter, nat and mangle", evidence: [Evidence(request, "there")])
    case .different(let request, let missing):
      let names = missing.split(separator: ", ").map(String.init)
      let modules = LegacyTable.all.filter { names.contains("\($0)") }.map(\.module)
      return lacking(
        modules, "no table \(names.briefly(limit: 28))", Evidence(request, "no \(missing)"))
    case .refused(let error):
      let core: KernelModule = error.request.contains("IPv6") ? .ip6Tables : .ipTables
      guard !condition(core).state.mayBeLoaded else { return ipTablesNotLoaded(error, [core]) }
      var judgement = lacking([core], "kernel has no \(core.name)", error.evidence)
      if condition(core).state.isPresent {
        judgement.explanation = Explanation(
          cause:
            "\(core.name) is there, but not for iptables-legacy: the kernel was probably built "
            + "without CONFIG_NETFILTER_XTABLES_LEGACY",
          remedies: [
            Remedy(
              "boot a kernel with CONFIG_NETFILTER_XTABLES_LEGACY, or have the rules set up by nft")
          ])
      }
      return judgement
    case .notRun:
      return .notAsked
    }
  }
}
