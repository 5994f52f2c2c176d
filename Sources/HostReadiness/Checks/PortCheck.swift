extension CheckDefinition {
  /// The ports of IKE and of WireGuard.
  static let ports: [CheckDefinition] = [
    port(500, of: "IKE"), port(4500, of: "IKE and ESP behind NAT"), wireguardPort,
  ].map(\.forgiving)

  private static func port(_ number: UInt16, of use: String) -> CheckDefinition {
    CheckDefinition(
      id: CheckID(rawValue: "udp.port\(number)"), group: .encapsulation,
      title: "UDP port \(number)",
      importance: Importance(
        minimal: .optional, gateway: .recommended, strongswan: .required, algo: .required,
        libreswan: .required),
      about: "looks who has UDP port \(number) (\(use)) in /proc/net/udp and /proc/net/udp6",
      why: "an IKE daemon that does not get the port does not start, or hears nothing",
      advice: "stop the program that has it; of two IKE daemons keep one"
    ) { $0.judgePort(number) { findings, name in findings.isOwn(daemon: name) } }
  }

  private static let wireguardPort = CheckDefinition(
    id: "udp.port51820", group: .encapsulation, title: "UDP port 51820",
    importance: Importance(algo: .recommended),
    about: "looks who has UDP port 51820 (WireGuard) in /proc/net/udp and /proc/net/udp6",
    why: "Algo has WireGuard listen there, too",
    advice: "stop the program that has it, or set wireguard_port in Algo's config.cfg"
  ) { $0.judgePort(51820) { _, _ in false } }
}

extension Findings {
  /// IKE daemons, by the first 15 characters of their names.
  private static let daemons = ["charon", "charon-systemd", "pluto", "iked", "racoon"]

  /// Whether a daemon is the one that the host is wanted for.
  fileprivate func isOwn(daemon name: String) -> Bool {
    switch profile.use {
    case .minimal, .gateway: Self.daemons.contains(name)
    case .strongswan, .algo: name.hasPrefix("charon")
    case .libreswan: name == "pluto"
    }
  }

  private var toSeeAll: Remedy {
    host.container.map { Remedy("run the check on the host of this \($0) container") } ?? .asRoot
  }

  fileprivate func judgePort(
    _ number: UInt16, isWelcome: (Findings, String) -> Bool
  ) -> Judgement {
    let source = "/proc/net/udp"
    guard let sockets = network.ports.sockets else {
      return Judgement(
        status: .unknown, summary: "not known",
        explanation: Explanation(cause: "only the running system has \(source)"))
    }
    let owners = sockets.filter { $0.port == number }.map(\.owner)
    let names = owners.map(\.description)
    let evidence = [Evidence(source, names.isEmpty ? "nobody" : Set(names).sorted().asList)]
    let strangers = owners.filter { owner in
      switch owner {
      case .process(let name, _): !isWelcome(self, name)
      case .kernel: number != 51820
      case .unknown: true
      }
    }
    guard let stranger = strangers.first(where: { $0 != .unknown }) ?? strangers.first else {
      return Judgement(
        status: .pass, summary: names.first.map { "\($0) has it" } ?? "free", evidence: evidence)
    }
    guard case .process(let name, let identifier) = stranger else {
      return Judgement(
        status: stranger == .unknown ? .unknown : .fail, summary: "\(stranger) has it",
        evidence: evidence,
        explanation: Explanation(
          cause: stranger == .unknown
            ? "whose socket it is only root gets to see" : "no process has its socket open",
          remedies: stranger == .unknown ? [toSeeAll] : []))
    }
    let isRival = Self.daemons.contains(name)
    return Judgement(
      status: .fail, summary: "\(stranger) has it", evidence: evidence,
      explanation: Explanation(
        cause: isRival
          ? "\(name) is another IKE daemon, and two of them get in each other's way, in the "
            + "kernel's databases, too" : "while \(name) has it, no IKE daemon gets it",
        remedies: [
          Remedy(
            "stop \(name), and keep it from starting again",
            command: "systemctl status \(identifier)")
        ]))
  }
}

extension UDPPorts.Owner: CustomStringConvertible {
  var description: String {
    switch self {
    case .process(let name, let identifier): "\(name) (\(identifier))"
    case .kernel: "the kernel itself"
    case .unknown: "somebody"
    }
  }
}
