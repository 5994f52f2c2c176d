internal import XFRMKit
internal import XFRMLab

extension CheckDefinition {
  /// Whether packets as long as a tunnel takes go through it, and senders of longer ones are told.
  static func longestPackets(_ family: AddressFamily) -> CheckDefinition {
    CheckDefinition(
      id: .liveMTU(family), group: .traffic, title: "Longest packets over \(family)",
      importance: .always(.required),
      about:
        "with --live: sends packets too long for a tunnel over \(family) until the sender is told how long "
        + "they may be, then packets of exactly that length, and of a byte more that may be "
        + "fragmented and that may not",
      why: "where long packets vanish without a word, connections are made and then hang",
      advice: "boot another kernel; until then lower the MTU, or clamp the MSS of TCP",
      related: [family == .ipv6 ? LiveTunnel.v6.id : LiveTunnel.v4.id],
      dependsOn: [.esp(over: family)], demand: .traffic
    ) { findings in
      findings.judge(
        findings.traffic?.lengths[.liveMTU(family)], over: family,
        refused: (.fail, "kernel refuses the SAs"), findings.judge)
    }
  }
}

extension Findings {
  fileprivate func judge(_ trial: MTUTrial) -> Judgement {
    let evidence =
      [
        ("a → b", trial.forth), ("b → a", trial.back),
      ].map { Evidence("\(trial.protection.title), \($0)", $1.words) }
      + [Evidence("longest packet on the wire", "\(trial.wire.longest) bytes")]
    // Without a tunnel nothing is too long.
    if trial.wire[.clear] > 0 {
      return Judgement(
        status: .fail, summary: "packets went in clear", evidence: evidence,
        explanation: explain(clear: trial.protection.title))
    }
    if let flaw = trial.flaw {
      return Judgement(
        status: .fail, summary: flaw.summary, evidence: evidence,
        explanation: Explanation(cause: flaw.cause, remedies: [anotherKernel]))
    }
    let lengths = Set([trial.forth.learned, trial.back.learned].compactMap { $0 }).sorted()
    return Judgement(
      status: .pass,
      summary: "\(lengths.map { "\($0)" }.asList) bytes of \(SiteToSite.mtu)", evidence: evidence)
  }
}

extension MTUTrial {
  fileprivate var flaw: (summary: String, cause: String)? {
    for result in [forth, back] {
      guard let learned = result.learned else {
        return (
          "nobody says how long they may be",
          "packets too long for the tunnel vanish, and the sender is not told (no ICMP “too big”)"
        )
      }
      if result.exact.isIncomplete {
        return (
          "\(result.exact.delivered) of \(result.exact.sent) arrived (\(learned) bytes)",
          "packets of \(learned) bytes are said to fit and do not arrive"
        )
      }
      if result.tooLong.refused < result.tooLong.sent {
        return (
          "too long ones are sent all the same",
          "packets of \(learned + 1) bytes that were not to be fragmented were taken, a byte more "
            + "than was said to fit"
        )
      }
      if result.fragmented.isIncomplete {
        return (
          "\(result.fragmented.delivered) of \(result.fragmented.sent) fragmented ones arrived",
          "packets of \(learned + 1) bytes, which may be fragmented, do not arrive"
        )
      }
    }
    if wire.longest > SiteToSite.mtu {
      return (
        "\(wire.longest) bytes on a wire for \(SiteToSite.mtu)",
        "ESP packets got longer than the wire's MTU, which a real wire would drop"
      )
    }
    return nil
  }
}

extension PathMTUResult {
  /// `told 1446 bytes; 4 of 4 of exactly that arrived, …`
  fileprivate var words: String {
    guard let learned else { return "told nothing" }
    return
      "told \(learned) bytes; \(exact.delivered) of \(exact.sent) of that length arrived; of a "
      + "byte more \(tooLong.refused) of \(tooLong.sent) refused, "
      + "\(fragmented.delivered) of \(fragmented.sent) fragmented and arrived"
  }
}

extension DatagramResult {
  fileprivate var isIncomplete: Bool { delivered < sent || wrong > 0 }

  /// How many the sender's kernel knew to be too long.
  fileprivate var refused: Int { refusals[.messageTooLong, default: 0] }
}
