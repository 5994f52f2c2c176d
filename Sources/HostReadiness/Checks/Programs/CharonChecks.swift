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

  static let appArmor = CheckDefinition(
    id: "sw.apparmor", group: .programs, title: "AppArmor's profile for charon",
    importance: Importance(gateway: .optional, strongswan: .optional, algo: .recommended),
    about: "reads whether AppArmor is on, and whether it has a profile for charon",
    why: "Algo has it enforce the profile; where AppArmor is off, Algo leaves it out",
    advice: "`apt install apparmor-utils`, then `aa-enforce /usr/lib/ipsec/charon`",
    related: ["sw.unit-sandbox"]
  ) { $0.judgeAppArmor() }

  static let unitSandbox = CheckDefinition(
    id: "sw.unit-sandbox", group: .programs, title: "charon's unit lets it work",
    importance: Importance(gateway: .recommended, strongswan: .recommended, algo: .recommended),
    about: "reads strongSwan's units and their drop-ins: paths that must exist, address families, "
      + "memory limits",
    why: "a sandbox that is too tight keeps charon from starting (226/NAMESPACE), or from the "
      + "kernel",
    advice: "mend the line that the check names, then `systemctl daemon-reload`",
    related: ["mod.af_key", "sw.apparmor"]
  ) { $0.judgeUnits() }
}

extension Findings {
  private var hasCharon: Bool {
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

  fileprivate func judgeAppArmor() -> Judgement {
    let appArmor = programs.appArmor
    let evidence = appArmor.profile.map { [Evidence($0, "is there")] } ?? []
    guard appArmor.isEnabled else {
      return Judgement(
        status: .absent, summary: "AppArmor is off",
        explanation: Explanation(cause: "/sys/module/apparmor/parameters/enabled does not say Y"),
        severity: .optional)
    }
    if let mode = appArmor.mode {
      let isEnforced = mode == "enforce"
      return Judgement(
        status: isEnforced ? .pass : .absent, summary: isEnforced ? "enforced" : "in mode \(mode)",
        evidence: evidence,
        explanation: isEnforced
          ? Explanation()
          : Explanation(
            cause: "AppArmor only takes note of what charon does",
            remedies: [Remedy("have it enforced", command: "aa-enforce /usr/lib/ipsec/charon")]),
        severity: isEnforced ? nil : .optional)
    }
    if appArmor.profile != nil, !appArmor.isListed {
      return Judgement(
        status: .unknown, summary: "there; only root sees if it is used", evidence: evidence,
        explanation: Explanation(cause: "the kernel's list of profiles could not be read"),
        severity: .optional)
    }
    return Judgement(
      status: .absent, summary: hasCharon ? "not loaded" : "no strongSwan yet", evidence: evidence,
      explanation: Explanation(
        cause: hasCharon ? "the kernel has no profile for charon" : "charon is not installed"),
      severity: .optional)
  }

  fileprivate func judgeUnits() -> Judgement {
    let units = programs.units
    guard !units.isEmpty else {
      return Judgement(
        status: .absent, summary: "no unit of strongSwan's",
        explanation: Explanation(cause: "strongSwan's units are not installed"), severity: .optional
      )
    }
    let hasPFKey = condition(.afKey).state.isPresent
    let problems = units.flatMap { $0.problems(hasPFKey: hasPFKey) }
    guard let first = problems.first else {
      return Judgement(status: .pass, summary: units.map(\.name).asShortList)
    }
    return Judgement(
      status: .fail,
      summary: problems.count == 1
        ? "a line stands in the way" : "\(problems.count) lines stand in the way",
      evidence: problems.map(\.line.evidence),
      explanation: Explanation(
        cause: "\(first.line.evidence.source): \(first.cause)",
        remedies: problems.map { Remedy($0.advice) }))
  }
}

extension [String] {
  /// The first, and how many more there are, in at most 38 characters.
  fileprivate var asShortList: String {
    let first = first?.prefix(26) ?? ""
    return count > 1 ? "\(first) and \(count - 1) more" : String(first)
  }
}
