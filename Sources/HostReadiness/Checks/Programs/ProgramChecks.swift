internal import Netlink
internal import XFRMKit

extension CheckDefinition {
  /// The programs around the kernel, and what may be wrong with them.
  static let programs: [CheckDefinition] = [
    strongSwan, libreswan, netlinkPlugin, libipsecPlugin, userlandTunnel, tunDevice, appArmor,
    unitSandbox, wireGuard, dirtyFrag, usersAndESP,
  ]

  static let strongSwan = CheckDefinition(
    id: "sw.strongswan", group: .programs, title: "strongSwan",
    importance: Importance(
      minimal: .optional, gateway: .optional, strongswan: .recommended, algo: .optional,
      libreswan: .optional),
    about: "looks for charon's program and for a process that runs it",
    why: "charon negotiates the SAs that the kernel then uses; before it is set up, none is there",
    advice: "install strongswan; Algo does that itself", related: ["sw.plugin-netlink"]
  ) { findings in
    var judgement = findings.judge(.charon)
    if judgement.status == .absent {
      judgement.explanation = Explanation(
        cause: "charon is not installed",
        remedies: findings.profile.use == .strongswan
          ? [findings.host.installing("strongswan")] : [])
    }
    return judgement
  }

  static let libreswan = CheckDefinition(
    id: "sw.libreswan", group: .programs, title: "One IKE daemon at most",
    importance: .always(.recommended),
    about: "looks for programs and processes of libreswan (pluto) and strongSwan (charon)",
    why: "two of them fight for UDP ports 500 and 4500, and for the kernel's SAs",
    advice: "stop and disable the one that is not wanted", related: ["sw.strongswan"]
  ) { $0.judgeDaemons() }

  static let wireGuard = CheckDefinition(
    id: "sw.wireguard", group: .programs, title: "WireGuard",
    importance: Importance(algo: .recommended),
    about: "makes a WireGuard interface in a private network namespace, and deletes it",
    why: "Algo sets up WireGuard beside IPsec, unless told not to",
    advice: "a kernel of 5.6 or later with CONFIG_WIREGUARD; or wireguard_enabled: false for Algo",
    related: ["env.kernel-version"], probe: KernelProbe { $0.makeWireGuard() }
  ) { findings in
    findings.judgeWireGuard()
  }
}

extension Findings {
  fileprivate func judge(_ daemon: IKEDaemon) -> Judgement {
    let running = programs.running.filter { $0.daemon == daemon }
    if !running.isEmpty {
      return Judgement(status: .pass, summary: "runs", evidence: running.map(\.evidence))
    }
    if let file = programs.installed[daemon] {
      return Judgement(
        status: .pass, summary: "installed, not running", evidence: [Evidence(file, "is there")])
    }
    return Judgement(status: .absent, summary: "not installed")
  }

  fileprivate func judgeDaemons() -> Judgement {
    let running = Set(programs.running.map(\.daemon))
    let evidence =
      programs.running.map(\.evidence)
      + programs.installed.values.sorted().map { Evidence($0, "is there") }
    if running.count > 1 {
      return Judgement(
        status: .fail, summary: "strongSwan and libreswan both run", evidence: evidence,
        explanation: Explanation(
          cause: "both want UDP ports 500 and 4500, and change the kernel's SAs",
          remedies: [
            Remedy(
              "stop the one that is not wanted, for libreswan:",
              command: "systemctl disable --now ipsec")
          ]))
    }
    let unwanted: IKEDaemon =
      switch profile.use {
      case .libreswan: .charon
      case .algo, .strongswan, .gateway, .minimal: .pluto
      }
    let name = unwanted == .pluto ? "libreswan" : "strongSwan"
    // By hand and for gateways, either will do.
    let hasChoice = profile.use == .minimal || profile.use == .gateway
    guard !hasChoice, running.contains(unwanted) || programs.installed[unwanted] != nil else {
      return Judgement(
        status: .pass,
        summary: running.first.map { $0 == .charon ? "strongSwan" : "libreswan" } ?? "none runs",
        evidence: evidence)
    }
    guard running.contains(unwanted) else {
      return Judgement(
        status: .pass, summary: "\(name) is there, but does not run", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "\(name) runs", evidence: evidence,
      explanation: Explanation(
        cause: "it has UDP ports 500 and 4500, which the other daemon will want",
        remedies: [
          Remedy(
            "stop \(name)",
            command: unwanted == .pluto
              ? "systemctl disable --now ipsec" : "systemctl disable --now strongswan")
        ]))
  }

  fileprivate func judgeWireGuard() -> Judgement {
    let outcome = probes["sw.wireguard"].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "works", evidence: [Evidence(request, "made and deleted")])
    case .different(let request, let difference):
      return Judgement(
        status: .fail, summary: "kernel makes something else of it",
        evidence: [Evidence(request, difference)], explanation: Explanation(cause: difference))
    case .refused(let error):
      var explanation = explain([.wireGuard], after: error)
      explanation.remedies.append(
        Remedy("where nobody wants WireGuard, tell Algo: wireguard_enabled: false in config.cfg"))
      return Judgement(
        status: .fail, summary: "not in this kernel", evidence: [error.evidence],
        explanation: explanation)
    case .notRun:
      return .notAsked
    }
  }
}

/// `wireguard`: what it is set up with comes later, by another interface of the kernel's.
private struct WireGuardKind: InterfaceKind {
  static var name: String { "wireguard" }

  func encode(into data: inout MessageBuilder) {}
}

extension ProbeSession {
  fileprivate mutating func makeWireGuard() -> ProbeOutcome {
    let request = "make a WireGuard interface"
    do throws(NetlinkError) {
      try route.add(InterfaceName("wg-probe"), WireGuardKind())
      try route.deleteInterface("wg-probe")
      return .works(request)
    } catch {
      return .refused(XFRMError(request, error))
    }
  }
}
