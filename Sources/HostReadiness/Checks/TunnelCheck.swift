internal import XFRMKit
internal import XFRMLab

extension CheckDefinition {
  /// Whether a tunnel carries packets both ways.
  static func tunnel(_ tunnel: LiveTunnel) -> CheckDefinition {
    CheckDefinition(
      id: tunnel.id, group: .traffic, title: tunnel.title, importance: tunnel.importance,
      about:
        "with --live: sends packets both ways through a tunnel between two private network namespaces, "
        + tunnel.proposals + tunnel.manner + ", and compares what arrives with what the SAs of "
        + "both ends count",
      why: tunnel.purpose,
      advice: "boot another kernel; where SAs are granted and carry nothing it is the kernel, or a "
        + "driver for cryptographic hardware, that is broken",
      related: [.liveMTU(tunnel.family), nothingInClear.id],
      dependsOn: [.esp(over: tunnel.family)], demand: .traffic
    ) { findings in
      if let judgement = findings.untried(tunnel.family) { return judgement }
      guard let attempts = findings.traffic?.tunnels[tunnel.id] else { return .nothingSent }
      var judgement = findings.judge(attempts, tunnel)
      judgement.duration = attempts.reduce(.zero) { $0 + $1.duration }
      return judgement
    }
  }
}

extension LiveTunnel {
  fileprivate var importance: Importance {
    if isCompressed { return Importance(strongswan: .recommended, algo: .recommended) }
    if isInUDP {
      return Importance(
        minimal: .recommended, gateway: .recommended, strongswan: .required, algo: .required,
        libreswan: .required)
    }
    return .always(.required)
  }

  fileprivate var proposals: String {
    isInUDP || isCompressed
      ? "with the profile's first proposal" : "with each of the profile's proposals"
  }

  fileprivate var manner: String {
    isInUDP ? " inside UDP" : isCompressed ? " after compressing them (IPComp)" : ""
  }

  fileprivate var purpose: String {
    if isInUDP { return "peers behind a NAT, which is most of them, are reached in UDP only" }
    if isCompressed {
      return "a peer that asks for compression is promised it even where the kernel has no IPComp, "
        + "and then gets no packets"
    }
    return "SAs that the kernel grants are of no use unless packets go through them"
  }
}

extension Findings {
  fileprivate func judge(
    _ attempts: [TrafficFindings.Attempt<TunnelTrial>], _ tunnel: LiveTunnel
  ) -> Judgement {
    let evidence = attempts.map(\.evidence)
    let trials = attempts.compactMap(\.trial)
    if let flaw = trials.lazy.compactMap(flaw).first {
      return Judgement(
        status: .fail, summary: flaw.summary, evidence: evidence, explanation: flaw.explanation)
    }
    if let obstacle = attempts.lazy.compactMap(\.obstacle).first { return undecided(obstacle) }
    // What the kernel does not know is for the checks of its protocols and algorithms to say.
    guard !trials.isEmpty else { return denied(attempts.lazy.compactMap(\.denial).first, tunnel) }
    let packets = trials.reduce(into: DatagramResult()) { $0 += $1.datagrams }
    return Judgement(
      status: .pass, summary: "\(packets.delivered) of \(packets.sent) packets arrived",
      evidence: evidence)
  }

  private func denied(_ error: XFRMError?, _ tunnel: LiveTunnel) -> Judgement {
    guard let error else { return .nothingSent }
    return Judgement(
      status: tunnel.isCompressed ? .absent : .fail,
      summary: tunnel.isCompressed ? "kernel has no IPComp" : "kernel refuses the SAs",
      evidence: [error.evidence],
      explanation: Explanation(
        cause: error.cause.map(\.explanation) ?? "\(error)",
        remedies: tunnel.isCompressed
          ? [
            Remedy(
              "load ipcomp and deflate, or turn compression off on both ends (compress = no)",
              command: "modprobe -a ipcomp deflate")
          ] : []))
  }

  private func flaw(_ trial: TunnelTrial) -> (summary: String, explanation: Explanation)? {
    let packets = trial.datagrams
    if packets.delivered < packets.sent || packets.wrong > 0 {
      let summary =
        packets.delivered < packets.sent
        ? "\(packets.delivered) of \(packets.sent) packets arrived"
        : "\(packets.wrong) packets changed or came twice"
      return (
        summary,
        trial.clear > 0
          ? explain(clear: trial.protection.title) : explain(dropped: trial.dropped ?? [:])
      )
    }
    for direction in trial.directions {
      let sent = UInt64(direction.datagrams.sent)
      for (gateway, usage) in [
        (direction.from, direction.encrypted), (direction.to, direction.decrypted),
      ] where usage.packets != sent {
        return (
          "SAs counted \(usage.packets) of \(sent) packets",
          trial.clear > 0
            ? explain(clear: trial.protection.title)
            : Explanation(
              cause: "all packets arrived, and \(gateway) counted \(usage.packets) of \(sent) for "
                + "its SA (\(trial.protection.title))", remedies: [anotherKernel])
        )
      }
      if let decompressed = direction.decompressed, decompressed.packets != sent {
        return (
          "\(decompressed.packets) of \(sent) packets were compressed",
          Explanation(
            cause: "the kernel has IPComp and sends uncompressed what compresses well",
            remedies: [anotherKernel])
        )
      }
    }
    return nil
  }
}

extension TrafficFindings.Attempt<TunnelTrial> {
  /// `aes256gcm16 over IPv4: 40 of 40 arrived, 40 encrypted, 40 decrypted, 0 in clear`
  var evidence: Evidence {
    switch outcome {
    case .failure(let error):
      var evidence = error.evidence
      evidence.source = "\(protection.title): \(evidence.source)"
      return evidence
    case .success(let trial):
      let packets = trial.datagrams
      let encrypted = trial.directions.reduce(0) { $0 + $1.encrypted.packets }
      let decrypted = trial.directions.reduce(0) { $0 + $1.decrypted.packets }
      let compressed =
        protection.isCompressed
        ? ", \(trial.directions.reduce(0) { $0 + ($1.decompressed?.packets ?? 0) }) compressed" : ""
      return Evidence(
        protection.title,
        "\(packets.delivered) of \(packets.sent) packets arrived\(compressed), \(encrypted) "
          + "encrypted, \(decrypted) decrypted, \(trial.clear) in clear")
    }
  }
}
