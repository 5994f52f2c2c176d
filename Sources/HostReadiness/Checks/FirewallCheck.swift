internal import XFRMKit

extension CheckDefinition {
  static let filterBackend = CheckDefinition(
    id: "nf.backend", group: .packetFilter, title: "Form of the rules",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "looks what iptables is, and counts the rules of ip_tables and of nf_tables",
    why:
      "where there are rules of both forms a packet has to pass both, and each program shows its "
      + "own only",
    advice: "set up all rules by one of iptables-nft, iptables-legacy and nft"
  ) { $0.judgeBackend() }

  static let filterConflicts = CheckDefinition(
    id: "nf.conflicts", group: .packetFilter, title: "Other keepers of rules",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "looks whether ufw is enabled and whether firewalld or docker run",
    why: "they drop what they do not know, and undo or reorder rules that others have made",
    advice: "let UDP 500 and 4500, ESP and what tunnels forward through in the one that is there, "
      + "or turn it off"
  ) { $0.judgeConflicts() }
}

// MARK: - The form

extension Findings {
  fileprivate func judgeBackend() -> Judgement {
    let firewall = network.firewall
    var evidence = firewall.program.map { [$0] } ?? []
    guard let legacy = firewall.legacyRules, let tables = firewall.tableRules else {
      let isAsked = network.topology != nil
      return Judgement(
        status: .unknown, summary: isAsked ? "the rules are hidden from us" : "not asked",
        evidence: evidence,
        explanation: isAsked
          ? Explanation(
            cause: "the rules of the packet filter could not be read, which takes root",
            remedies: [.asRoot])
          : Judgement.notAsked.explanation)
    }
    let translated = tables.values.reduce(0, +)
    evidence.append(Evidence("rules of ip_tables and ip6_tables", "\(legacy)"))
    evidence.append(Evidence("rules of nf_tables", "\(translated)"))
    if legacy > 0, translated > 0 {
      return Judgement(
        status: .fail, summary: "both ip_tables and nf_tables", evidence: evidence,
        explanation: Explanation(
          cause: "there are \(legacy) rules that iptables-legacy shows and \(translated) that nft "
            + "shows, and packets have to pass both",
          remedies: [Remedy("see who made which, and make them again in one form")]))
    }
    if translated > 0, firewall.backend == .legacy || profile.use == .algo {
      return Judgement(
        status: .fail, summary: "nf_tables, not iptables-legacy", evidence: evidence,
        explanation: Explanation(
          cause:
            "there are \(translated) rules of nf_tables, which iptables-legacy neither shows nor "
            + "removes" + (profile.use == .algo ? ", and Algo uses that" : ""),
          remedies: [
            Remedy("see what they are, and who made them", command: "nft list ruleset")
          ]))
    }
    if legacy > 0, firewall.backend == .tables {
      return Judgement(
        status: .fail, summary: "ip_tables, iptables is not legacy", evidence: evidence,
        explanation: Explanation(
          cause: "there are \(legacy) rules of ip_tables, which this host's iptables does not show",
          remedies: [
            Remedy("see what they are, and who made them", command: "iptables-legacy-save")
          ]))
    }
    let summary = legacy > 0 ? "ip_tables only" : translated > 0 ? "nf_tables only" : "no rules yet"
    return Judgement(status: .pass, summary: summary, evidence: evidence)
  }
}

// MARK: - Others

extension Findings {
  fileprivate func judgeConflicts() -> Judgement {
    let managers = network.firewall.managers.sorted { $0.key.rawValue < $1.key.rawValue }
    guard !managers.isEmpty else {
      let source = Evidence("/etc/ufw/ufw.conf, /proc", "no ufw, firewalld or docker")
      // The files of a system that does not run do not tell who runs.
      return network.topology == nil
        ? Judgement(
          status: .unknown, summary: "not asked", explanation: Judgement.notAsked.explanation)
        : Judgement(status: .pass, summary: "none", evidence: [source])
    }
    let names = managers.map(\.key.rawValue)
    return Judgement(
      status: .fail, summary: names.asList, evidence: managers.map(\.value),
      explanation: Explanation(
        cause: managers.map { $0.key.harm(for: profile.use) }.joined(separator: "; "),
        remedies: managers.map { $0.key.remedy(for: profile.use) }))
  }
}

extension Firewall.Manager {
  fileprivate func harm(for use: Use) -> String {
    switch self {
    case .ufw where use == .minimal: "ufw drops IKE and ESP unless told otherwise"
    case .ufw: "ufw drops IKE, ESP and what is forwarded unless told otherwise"
    case .firewalld where use == .minimal || use == .algo:
      "firewalld drops IKE and ESP unless told otherwise"
    case .firewalld:
      "firewalld drops IKE and ESP, and rejects what is forwarded from one zone to another, unless "
        + "told otherwise"
    case .docker: "docker has what is forwarded dropped that is not its own"
    }
  }

  fileprivate func remedy(for use: Use) -> Remedy {
    switch self {
    case .ufw where use == .algo:
      Remedy("turn ufw off: Algo sets up rules of its own", command: "ufw disable")
    case .ufw where use == .minimal:
      Remedy("let IKE and ESP through ufw", command: Self.ufwCommand)
    case .ufw:
      Remedy(
        "let IKE and ESP through ufw, and what tunnels lead from one network to the other: "
          + "ufw route allow from NETWORK to NETWORK, once for each way",
        command: Self.ufwCommand)
    case .firewalld where use == .algo:
      Remedy(
        "turn firewalld off: Algo sets up rules of its own",
        command: "systemctl disable --now firewalld")
    case .firewalld where use == .minimal:
      Remedy("let IKE and ESP through firewalld", command: Self.firewalldCommand)
    case .firewalld:
      Remedy(
        "let IKE and ESP through firewalld, and what tunnels lead from one network to the other: a "
          + "policy for each way (firewall-cmd --permanent --new-policy NAME; then with --permanent "
          + "--policy NAME: --add-ingress-zone ZONE, --add-egress-zone ZONE and --add-rich-rule "
          + "'rule family=ipv4 source address=NETWORK destination address=NETWORK accept'), or "
          + "--add-forward where both are in one zone",
        command: Self.firewalldCommand)
    case .docker:
      Remedy(
        "let what comes out of tunnels, and what goes into them, pass docker's rules",
        command: ["in", "out"].map {
          "iptables -I DOCKER-USER -m policy --dir \($0) --pol ipsec -j ACCEPT"
        }.joined(separator: " && "))
    }
  }

  private static let firewalldCommand =
    "firewall-cmd --permanent --add-service=ipsec && firewall-cmd --reload"
  private static let ufwCommand = "ufw allow 500,4500/udp && ufw allow proto esp from any"
}
