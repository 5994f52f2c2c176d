internal import XFRMKit
internal import XFRMLab

extension CheckDefinition {
  /// Whether nothing that a policy protects goes over the wire in clear.
  static let nothingInClear = CheckDefinition(
    id: "live.clear", group: .traffic, title: "Nothing in clear", importance: .always(.required),
    about:
      "with --live: watches the wire between the gateways while all tunnels are tried: no packet in clear, "
      + "none whose payload can be read; packets that no policy is about show that those would have "
      + "been seen",
    why: "packets that leave in clear arrive as well, and nobody notices",
    advice: "look for what exempts packets from policies: net.ipv4.conf.*.disable_xfrm, marks, "
      + "priorities",
    dependsOn: [.esp(over: .ipv4)], demand: .traffic
  ) { findings in
    if let judgement = findings.untried(.ipv4) { return judgement }
    return findings.judgeClear()
  }
}

extension Findings {
  fileprivate func judgeClear() -> Judgement {
    let attempts = LiveTunnel.all.flatMap { traffic?.tunnels[$0.id] ?? [] }
    let trials = attempts.compactMap(\.trial)
    guard !trials.isEmpty else {
      return attempts.lazy.compactMap(\.obstacle).first.map(undecided) ?? .nothingSent
    }
    let evidence = trials.map(\.wireEvidence)
    let sent = trials.reduce(0) { $0 + $1.datagrams.sent }
    if let leaking = trials.first(where: { $0.clear > 0 }) {
      return Judgement(
        status: .fail,
        summary: "\(trials.reduce(0) { $0 + $1.clear }) packets went in clear", evidence: evidence,
        explanation: explain(clear: leaking.protection.title))
    }
    if let open = trials.first(where: { $0.isReadableDespiteEncryption }) {
      return Judgement(
        status: .fail, summary: "payloads could be read on the wire", evidence: evidence,
        explanation: Explanation(
          cause: "what went as ESP was not encrypted: \(open.readable) packets could be read "
            + "(\(open.protection.title))", remedies: [anotherKernel]))
    }
    guard trials.allSatisfy(\.isCaptureProven) else {
      return Judgement(
        status: .unknown, summary: "the capture proves nothing", evidence: evidence,
        explanation: Explanation(
          cause: "the capture missed packets, or did not see those that were sent in clear to test "
            + "it"))
    }
    return Judgement(
      status: .pass, summary: "0 of \(sent) packets, watched on the wire", evidence: evidence)
  }
}

extension TunnelTrial {
  fileprivate var isReadableDespiteEncryption: Bool {
    readable > 0 && protection.proposal.isEncrypting
  }

  /// `aes256gcm16 over IPv4, on the wire: 40 ESP, 0 in clear, 5 of 5 of the control in clear`
  fileprivate var wireEvidence: Evidence {
    let isInUDP = protection.isInUDP
    return Evidence(
      "\(protection.title), on the wire",
      "\(wire[isInUDP ? .espInUDP : .esp]) \(isInUDP ? "ESP-in-UDP" : "ESP"), \(clear) in clear, "
        + "\(readable) readable; of \(control.sent) sent in clear as a control "
        + "\(min(wire[.clear], control.sent)) seen"
        + (wire.missed > 0 ? "; \(wire.missed) missed" : ""))
  }
}

extension ESPProposal {
  /// Whether it hides what it carries; some only prove who sent it.
  fileprivate var isEncrypting: Bool {
    let authenticating = [AEADAlgorithm.aesGMAC.name, EncryptionAlgorithm.null.name]
    return !algorithms.contains { authenticating.contains($0.name) }
  }
}
