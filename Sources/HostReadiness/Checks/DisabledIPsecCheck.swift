extension CheckDefinition {
  /// Interfaces at which the kernel does no IPsec, or does not insist on it.
  static let disabledIPsec = CheckDefinition(
    id: "sys.disable-xfrm", group: .routing, title: "IPsec at the interfaces",
    importance: .always(.recommended),
    about:
      "reads disable_xfrm and disable_policy of each interface that is up, but for the loopback "
      + "and tunnels",
    why: "with disable_xfrm nothing that leaves by an interface is encrypted, and with "
      + "disable_policy what comes in by it need not have been",
    advice: "set net.ipv4.conf.INTERFACE.disable_xfrm and disable_policy to 0"
  ) { $0.judgeDisabledIPsec() }
}

extension Findings {
  fileprivate func judgeDisabledIPsec() -> Judgement {
    let general = KernelSettings.path("disable_xfrm", of: "all")
    guard network.settings[general] != nil else {
      // The probes tell whether there is IPsec; this is about interfaces of their own.
      var judgement = notShown(general)
      judgement.severity = .optional
      return judgement
    }
    let paths = (["all"] + settingInterfaces).flatMap { interface in
      [
        KernelSettings.path("disable_xfrm", of: interface),
        KernelSettings.path("disable_policy", of: interface),
        KernelSettings.path("disable_policy", of: interface, "ipv6"),
      ]
    }
    let off = paths.filter { (network.settings[$0] ?? 0) != 0 }
    guard !off.isEmpty else {
      return Judgement(
        status: .pass, summary: "not disabled", evidence: [evidence(general)])
    }
    return Judgement(
      status: .fail, summary: "disabled at \(places(off).briefly(limit: 25))",
      evidence: off.map { evidence($0) },
      explanation: Explanation(
        cause: off.map { "\(KernelSettings.name(of: $0)) is \(network.settings[$0] ?? 0)" }.asList
          + ", so that packets pass there as if there were no policy",
        remedies: off.map { set($0, to: 0) }))
  }

  private func places(_ paths: [String]) -> [String] {
    let conf = paths.compactMap { path in
      // net/ipv4/conf/INTERFACE/setting
      path.split(separator: "/").dropFirst(3).first.map(String.init)
    }
    return Set(conf).sorted()
  }
}
