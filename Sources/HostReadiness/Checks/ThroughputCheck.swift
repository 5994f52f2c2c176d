internal import XFRMKit
internal import XFRMLab

extension CheckDefinition {
  /// What a cipher gets through on this host.
  static func throughput(_ proposal: ESPProposal) -> CheckDefinition {
    CheckDefinition(
      id: .liveBench(proposal), group: .traffic, title: "Speed of \(proposal)",
      importance: .always(.optional),
      about:
        "with --live --bench: sends as much as goes through a tunnel over IPv4 for half a second: one TCP "
        + "connection, with sender, receiver and the cryptography of both ends on this machine's "
        + "processors",
      why: "a processor without instructions for a cipher, or a kernel that does not use them, is "
        + "many times slower with it",
      advice: "propose the fastest first; with the other end on another machine each does half of "
        + "the work",
      related: [LiveTunnel.v4.id], dependsOn: [.esp(over: .ipv4)], demand: .throughput
    ) { findings in
      findings.judge(
        findings.traffic?.throughput?[.liveBench(proposal)], over: .ipv4,
        refused: (.absent, "kernel lacks it"), findings.judge)
    }
  }
}

extension Findings {
  fileprivate func judge(_ trial: ThroughputTrial) -> Judgement {
    let evidence = [
      Evidence(
        "one TCP connection, both ends and their cryptography on this host",
        "\(trial.bytes) bytes in \(trial.duration); the SA counted \(trial.encrypted.bytes) bytes")
    ]
    guard trial.bytes > 0 else {
      return Judgement(
        status: .fail, summary: "nothing arrived", evidence: evidence,
        explanation: explain(dropped: [:]))
    }
    guard trial.encrypted.bytes >= UInt64(trial.bytes) else {
      return Judgement(
        status: .unknown, summary: "did not go through the SA", evidence: evidence,
        explanation: Explanation(
          cause: "\(trial.bytes) bytes arrived, and the SA counted \(trial.encrypted.bytes)"))
    }
    return Judgement(
      status: .pass,
      summary: "\(Int((trial.bitsPerSecond / 1e6).rounded())) Mbit/s (one flow, one host)",
      evidence: evidence)
  }
}
