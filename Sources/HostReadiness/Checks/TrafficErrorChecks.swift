internal import XFRMKit

extension CheckDefinition {
  /// What others have left in the caller's network namespace, or are using.
  static let leftovers = CheckDefinition(
    id: "xfrm.leftovers", group: .features, title: "SAs and policies already there",
    importance: .always(.optional),
    about: "counts the SAs and policies of this network namespace",
    why: "an IKE daemon at work has some; those of one that has died meet packets that a new one "
      + "is to protect",
    advice: "`xfrmctl state list` and `xfrmctl policy list` show them; `xfrmctl state flush` and "
      + "`xfrmctl policy flush` take them away", dependsOn: [netlink.id], probe: .leftovers
  ) { findings in
    findings.judge(
      "xfrm.leftovers", works: "none",
      differs: { found in
        Judgement(
          status: .fail, summary: found,
          explanation: Explanation(
            cause: "an IKE daemon is at work, or what it has set up has outlived it",
            remedies: [Remedy("see whose they are", command: "xfrmctl policy list")]))
      }, denied: { .denied("could not be counted", $0) })
  }

  /// Which packets the kernel has dropped, and why.
  static let errors = CheckDefinition(
    id: "xfrm.stat-errors", group: .features, title: "Packets dropped so far",
    importance: .always(.optional), about: "reads the counters of /proc/net/xfrm_stat",
    why: "each counts packets that IPsec dropped for one reason since the host was started",
    advice: "watch whether a counter still grows; the check says what each means",
    related: ["xfrm.stats"]
  ) { findings in
    guard let counters = findings.ipsec.counters else {
      return Judgement(
        status: .unknown, summary: "not counted",
        explanation: Explanation(cause: "\(IPsecFacts.counterFile) is not there"))
    }
    let raised = counters.byName.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let first = raised.first else { return Judgement(status: .pass, summary: "none") }
    return Judgement(
      status: .fail, summary: "\(first.key): \(first.value)",
      evidence: raised.map { name, count in
        Evidence(
          "\(IPsecFacts.counterFile) \(name)", "\(count): \(ErrorCounters.meaning(of: name))")
      },
      explanation: Explanation(
        cause: "\(first.key) counts packets that were dropped because "
          + ErrorCounters.meaning(of: first.key)))
  }
}
