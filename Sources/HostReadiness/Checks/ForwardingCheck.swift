internal import Netlink

extension CheckDefinition {
  static let ipForward = CheckDefinition(
    id: "sys.ip-forward", group: .routing, title: "IPv4 forwarding",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "reads net.ipv4.ip_forward",
    why: "at 0 the host drops what comes out of a tunnel for anybody but itself",
    advice: "set net.ipv4.ip_forward to 1, unless the host has tunnels for itself only"
  ) { $0.judgeSwitch("net/ipv4/ip_forward") }

  static let allForwarding = CheckDefinition(
    id: "sys.conf-all-forwarding", group: .routing, title: "IPv4 forwarding, all interfaces",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "reads net.ipv4.conf.all.forwarding and the same of each interface that is up",
    why: "an interface with 0 forwards nothing that comes in by it, whatever the others do",
    advice: "set net.ipv4.conf.INTERFACE.forwarding to 1", related: ["sys.ip-forward"]
  ) { $0.judgeForwarding() }

  static let ipv6Forwarding = CheckDefinition(
    id: "sys.ipv6-forwarding", group: .routing, title: "IPv6 forwarding",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "reads net.ipv6.conf.all.forwarding",
    why: "at 0 the host drops what comes out of a tunnel over IPv6 for anybody but itself",
    advice: "set net.ipv6.conf.all.forwarding to 1; where router advertisements give the host its "
      + "route, set net.ipv6.conf.INTERFACE.accept_ra to 2 first, or it goes"
  ) { $0.judgeIPv6Forwarding() }

  static let routeLocalnet = CheckDefinition(
    id: "sys.route-localnet", group: .routing, title: "Routes to 127.0.0.0/8",
    importance: Importance(algo: .recommended),
    about: "reads net.ipv4.conf.all.route_localnet",
    why: "Algo's clients ask the resolver at an address of the loopback interface",
    advice: "Algo sets net.ipv4.conf.all.route_localnet to 1; see that it can"
  ) { $0.judgeSwitch("net/ipv4/conf/all/route_localnet") }
}

extension Findings {
  /// Judges a setting that is to be 1.
  fileprivate func judgeSwitch(_ path: String) -> Judgement {
    guard let value = network.settings[path] else { return notShown(path) }
    let evidence = [evidence(path)]
    guard value == 0 else { return Judgement(status: .pass, summary: "on", evidence: evidence) }
    let name = KernelSettings.name(of: path)
    guard profile.use != .algo || network.settings.readOnly.contains(path) else {
      return Judgement(
        status: .absent, summary: "off; Algo turns it on", evidence: evidence,
        explanation: Explanation(cause: "\(name) is 0 until Algo sets it"), severity: .optional)
    }
    return Judgement(
      status: .fail, summary: "off", evidence: evidence,
      explanation: Explanation(cause: "\(name) is 0", remedies: [set(path, to: 1)]))
  }

  fileprivate func judgeForwarding() -> Judgement {
    let path = KernelSettings.path("forwarding", of: "all")
    var general = judgeSwitch(path)
    guard general.status == .pass else {
      // The kernel has both names for one thing.
      if general.status == .fail {
        general.explanation.remedies = [set("net/ipv4/ip_forward", to: 1)]
      }
      return general
    }
    let off = settingInterfaces.map { KernelSettings.path("forwarding", of: $0) }
      .filter { network.settings[$0] == 0 }
    guard let first = off.first else { return general }
    let names = off.map(KernelSettings.name)
    return Judgement(
      status: .fail,
      summary: off.count == 1 ? "off at one interface" : "off at \(off.count) interfaces",
      evidence: off.map { evidence($0) },
      explanation: Explanation(
        cause: "\(names.asList) \(off.count == 1 ? "is" : "are") 0",
        remedies: [set(first, to: 1)] + off.dropFirst().map { set($0, to: 1) }))
  }

  /// A host that forwards takes no route from router advertisements, unless told to.
  private func keepAdvertisedRoute(_ interface: String) -> Remedy {
    let name = KernelSettings.name(of: KernelSettings.path("accept_ra", of: interface, "ipv6"))
    return Remedy(
      "first, if \(interface) has its route for IPv6 from router advertisements, have it keep that",
      command: "sysctl -w \(name)=2 | tee -a /etc/sysctl.d/60-ipsec.conf")
  }

  fileprivate func judgeIPv6Forwarding() -> Judgement {
    let path = "net/ipv6/conf/all/forwarding"
    if ipv6.isGone {
      return Judgement(
        status: .absent, summary: "no IPv6", explanation: explainIPv6(), severity: .optional)
    }
    var judgement = judgeSwitch(path)
    // Where there is no way to anybody over IPv6, nothing is forwarded.
    if judgement.status == .fail, let topology = network.known,
      topology.defaultRoute(.ipv6) == nil
    {
      judgement.severity = .optional
      judgement.explanation.cause =
        "\(KernelSettings.name(of: path)) is 0, and no default route for "
        + "IPv6 is there to forward to"
      judgement.explanation.remedies = []
    }
    if judgement.status == .fail, let route = network.known?.defaultRoute(.ipv6),
      let link = network.known?.link(route.interfaceIndex)
    {
      judgement.explanation.remedies.insert(keepAdvertisedRoute(link.name), at: 0)
    }
    return judgement
  }
}
