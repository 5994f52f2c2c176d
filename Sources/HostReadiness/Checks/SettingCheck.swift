extension CheckDefinition {
  static let reversePathFilter = CheckDefinition(
    id: "sys.rp-filter", group: .routing, title: "Reverse path filter",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about:
      "reads net.ipv4.conf.all.rp_filter and the same of each interface that is up; the higher "
      + "of both counts",
    why: "at 1 the kernel drops packets out of a tunnel whose answers would leave by another "
      + "interface than they came in by",
    advice: "set net.ipv4.conf.all.rp_filter to 2, which lets them pass if there is any way back"
  ) { $0.judgeReversePathFilter() }

  static let redirects = CheckDefinition(
    id: "sys.redirects", group: .routing, title: "ICMP redirects",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .optional, libreswan: .recommended),
    about: "reads net.ipv4.conf.*.send_redirects and accept_redirects of each interface that is up",
    why: "a redirect has hosts go round the gateway, and so round the tunnel",
    advice: "set send_redirects and accept_redirects to 0, of all and of each interface"
  ) { $0.judgeRedirects() }

  static let noPMTUDiscovery = CheckDefinition(
    id: "sys.no-pmtu-disc", group: .routing, title: "Path MTU discovery",
    importance: Importance(
      gateway: .optional, strongswan: .recommended, algo: .recommended, libreswan: .optional),
    about: "reads net.ipv4.ip_no_pmtu_disc",
    why:
      "unless it is 0, charon sets a flag on its SAs that Linux 6.10 and later refuses for inbound "
      + "ones, so that a peer that changes its address loses the tunnel",
    advice: "set net.ipv4.ip_no_pmtu_disc to 0"
  ) { $0.judgePMTUDiscovery() }

  static let larvalDrop = CheckDefinition(
    id: "sys.larval-drop", group: .routing, title: "Packets that wait for an SA",
    importance: .always(.optional), about: "reads net.core.xfrm_larval_drop",
    why: "at 0 programs that send may hang until the IKE daemon has the SA, or gives up",
    advice: "set net.core.xfrm_larval_drop to 1"
  ) { findings in
    let path = "net/core/xfrm_larval_drop"
    guard let value = findings.network.settings[path] else { return findings.notShown(path) }
    let evidence = [findings.evidence(path)]
    guard value == 0 else {
      return Judgement(status: .pass, summary: "are dropped", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "make their senders wait", evidence: evidence,
      explanation: Explanation(
        cause: "\(KernelSettings.name(of: path)) is 0", remedies: [findings.set(path, to: 1)]))
  }
}

extension Findings {
  fileprivate func judgeReversePathFilter() -> Judgement {
    let path = KernelSettings.path("rp_filter", of: "all")
    let settings = network.settings
    guard let general = settings[path] else { return notShown(path) }
    // The kernel takes the higher of both.
    let strict = settingInterfaces.filter { name in
      max(general, settings[ipv4: "rp_filter", of: name] ?? 0) == 1
    }
    guard !strict.isEmpty else {
      return Judgement(
        status: .pass, summary: "lets tunnels pass", evidence: [evidence(path)])
    }
    let paths = strict.map { KernelSettings.path("rp_filter", of: $0) }
    return Judgement(
      status: .fail, summary: "strict at \(strict.briefly(limit: 28))",
      evidence: [evidence(path)] + paths.map { evidence($0) },
      explanation: Explanation(
        cause:
          "packets out of a tunnel are dropped at \(strict.asList) if their answers would leave "
          + "by another interface; the higher of the interface's value and that of all counts",
        remedies: [set(path, to: 2)]))
  }

  fileprivate func judgeRedirects() -> Judgement {
    let settings = network.settings
    let send = KernelSettings.path("send_redirects", of: "all")
    let accept = KernelSettings.path("accept_redirects", of: "all")
    guard let sendsAll = settings[send], let acceptsAll = settings[accept] else {
      return notShown(settings[send] == nil ? send : accept)
    }
    // Redirects are sent where either allows it; a router accepts them where both do, others where
    // either does.
    let sending = settingInterfaces.filter {
      sendsAll != 0 || settings[ipv4: "send_redirects", of: $0] != 0
    }
    let accepting = settingInterfaces.filter { name in
      let own = settings[ipv4: "accept_redirects", of: name] != 0
      return settings[ipv4: "forwarding", of: name] == 1
        ? acceptsAll != 0 && own : acceptsAll != 0 || own
    }
    let wrong =
      sending.map { KernelSettings.path("send_redirects", of: $0) }
      + accepting.map { KernelSettings.path("accept_redirects", of: $0) }
    guard !wrong.isEmpty else {
      return Judgement(
        status: .pass, summary: "neither sent nor accepted",
        evidence: [evidence(send), evidence(accept)])
    }
    let words = [sending.isEmpty ? nil : "sent", accepting.isEmpty ? nil : "accepted"]
      .compactMap { $0 }.asList
    let changed = Set([send, accept] + wrong).filter { settings[$0] != 0 }.sorted()
    return Judgement(
      status: .fail, summary: "are \(words)",
      evidence: [evidence(send), evidence(accept)] + wrong.map { evidence($0) },
      explanation: Explanation(
        cause: "redirects are \(words) at \(Set(sending + accepting).sorted().asList)",
        remedies: [turnOff(changed)]))
  }

  /// Sets several settings to 0 by one command.
  private func turnOff(_ paths: [String]) -> Remedy {
    let isFixed = paths.contains { network.settings.readOnly.contains($0) }
    if isFixed, let first = paths.first { return set(first, to: 0) }
    let words = paths.map { "\(KernelSettings.name(of: $0))=0" }.joined(separator: " ")
    return Remedy(
      "turn redirects off, now and at each boot",
      command: "sysctl -w \(words) | tee -a /etc/sysctl.d/60-ipsec.conf")
  }

  fileprivate func judgePMTUDiscovery() -> Judgement {
    let path = "net/ipv4/ip_no_pmtu_disc"
    guard let value = network.settings[path] else { return notShown(path) }
    let evidence = [evidence(path)]
    let name = KernelSettings.name(of: path)
    guard value != 0 else { return Judgement(status: .pass, summary: "on", evidence: evidence) }
    guard host.kernelIsAtLeast(6, 10) else {
      return Judgement(
        status: .pass, summary: "off, which this kernel can bear", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "off (\(name.split(separator: ".").last ?? "") is \(value))",
      evidence: evidence,
      explanation: Explanation(
        cause: "\(name) is \(value), and this kernel refuses inbound SAs with the flag that charon "
          + "sets then when a peer's address changes", remedies: [set(path, to: 0)]))
  }
}

extension HostFacts {
  /// Whether the kernel is of a version or later; `false` for one whose release is no such number.
  func kernelIsAtLeast(_ major: Int, _ minor: Int) -> Bool {
    let numbers = kernelRelease.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { return false }
    return (numbers[0], numbers[1]) >= (major, minor)
  }
}

extension [String] {
  /// As a list, or if that is too long the first and how many more.
  func briefly(limit: Int) -> String {
    guard asList.count > limit, let first else { return asList }
    let text = count == 1 ? first : "\(first) and \(count - 1) more"
    return text.count > limit ? "\(count) interfaces" : text
  }
}
