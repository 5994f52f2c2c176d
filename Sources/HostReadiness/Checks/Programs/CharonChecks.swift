extension CheckDefinition {
  static let netlinkPlugin = CheckDefinition(
    id: "sw.plugin-netlink", group: .programs, title: "charon uses the kernel's IPsec",
    importance: Importance(
      gateway: .optional, strongswan: .recommended, algo: .recommended),
    about: "reads whether charon's plugin kernel-netlink is to be loaded",
    why: "without it charon has no way to the kernel's SAs, policies and routes",
    advice: "set load = yes in strongswan.d/charon/kernel-netlink.conf", related: ["xfrm.netlink"]
  ) { $0.judgeNetlinkPlugin() }

  static let libipsecPlugin = CheckDefinition(
    id: "sw.plugin-libipsec", group: .programs, title: "charon leaves ESP to the kernel",
    importance: .always(.recommended),
    about:
      "looks for the plugin kernel-libipsec, whether it is to be loaded, and whether a running "
      + "charon uses libipsec",
    why: "with it charon does ESP itself, over a TUN device: packet by packet in its own memory, "
      + "without IPComp and MOBIKE; Algo does not support that",
    advice: "set load = no in strongswan.d/charon/kernel-libipsec.conf and restart charon",
    related: ["sw.ipsec-tun", "sw.plugin-netlink"]
  ) { $0.judgeLibipsec() }

  static let userlandTunnel = CheckDefinition(
    id: "sw.ipsec-tun", group: .programs, title: "No TUN interface ipsecN",
    importance: .always(.recommended),
    about:
      "looks for interfaces ipsec0, ipsec1 and so on that are TUN devices, not xfrm interfaces",
    why: "kernel-libipsec makes one: traffic then goes through charon and not through XFRM",
    advice: "take the plugin kernel-libipsec out of use", related: ["sw.plugin-libipsec"]
  ) { findings in
    let tunnels = findings.programs.tunnels
    guard !tunnels.isEmpty else { return Judgement(status: .pass, summary: "none") }
    let names = tunnels.compactMap {
      $0.source.split(separator: "/").dropLast().last.map(String.init)
    }
    return Judgement(
      status: .fail, summary: String("\(names.asList): ESP outside the kernel".prefix(38)),
      evidence: tunnels,
      explanation: Explanation(
        cause: "\(names.asList) looks like kernel-libipsec's, which does ESP in charon",
        remedies: [findings.withoutLibipsec]))
  }

  static let tunDevice = CheckDefinition(
    id: "sw.tun", group: .programs, title: "TUN device", importance: .always(.optional),
    about: "looks for /dev/net/tun",
    why: "kernel IPsec does without; kernel-libipsec and OpenVPN need it",
    advice: "`modprobe tun`, if one of those is wanted", related: ["sw.plugin-libipsec"]
  ) { findings in
    findings.programs.hasTunDevice
      ? Judgement(
        status: .pass, summary: "there", evidence: [Evidence("/dev/net/tun", "is there")])
      : Judgement(
        status: .absent, summary: "not there",
        explanation: Explanation(cause: "there is no /dev/net/tun; kernel IPsec does without"))
  }
}

extension Findings {
  /// Whether strongSwan's daemon is there.
  var hasCharon: Bool {
    programs.installed[.charon] != nil || programs.running.contains { $0.daemon == .charon }
  }

  /// How to have the kernel do ESP again.
  fileprivate var withoutLibipsec: Remedy {
    let plugin = programs.plugins["kernel-libipsec"]
    let file = plugin?.setting?.file
    return Remedy(
      "set load = no for kernel-libipsec in \(file ?? "strongswan.d/charon/kernel-libipsec.conf"), "
        + "and restart strongSwan",
      command: file.flatMap {
        $0.hasSuffix("/kernel-libipsec.conf") ? "sed -i -E 's/^( *load) *=.*/\\1 = no/' \($0)" : nil
      })
  }

  fileprivate func judgeNetlinkPlugin() -> Judgement {
    guard hasCharon else {
      return Judgement(
        status: .absent, summary: "no strongSwan yet",
        explanation: Explanation(cause: "charon is not installed"), severity: .optional)
    }
    guard let setting = programs.plugins["kernel-netlink"]?.setting else {
      return Judgement(
        status: .unknown, summary: "no setting for it",
        explanation: Explanation(
          cause: "nothing in strongswan.d says whether kernel-netlink is loaded; usually it is"),
        severity: .optional)
    }
    let evidence = [Evidence(setting.file, "load = \(setting.value)")]
    guard !setting.isOn else {
      return Judgement(status: .pass, summary: "kernel-netlink is loaded", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "kernel-netlink is not loaded", evidence: evidence,
      explanation: Explanation(
        cause: "\(setting.file) says load = \(setting.value)",
        remedies: [Remedy("set load = yes in \(setting.file), and restart strongSwan")]))
  }

  fileprivate func judgeLibipsec() -> Judgement {
    let plugin = programs.plugins["kernel-libipsec"]
    var evidence = programs.userlandESP
    if let setting = plugin?.setting {
      evidence.append(Evidence(setting.file, "load = \(setting.value)"))
    }
    if let library = plugin?.library { evidence.append(Evidence(library, "is there")) }
    let isWanted = plugin?.setting?.isOn == true && (plugin?.library != nil || hasCharon)
    guard isWanted || !programs.userlandESP.isEmpty else {
      return Judgement(
        status: .pass,
        summary: plugin?.library == nil ? "no kernel-libipsec here" : "kernel-libipsec is off",
        evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "kernel-libipsec is on", evidence: evidence,
      explanation: Explanation(
        cause: "charon does ESP itself: every packet goes through its memory, slower than in the "
          + "kernel, and not supported by Algo",
        remedies: [withoutLibipsec]))
  }
}
