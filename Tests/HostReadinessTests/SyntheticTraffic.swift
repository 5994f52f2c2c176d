import XFRMKit
import XFRMLab

@testable import HostReadiness

/// The report on a host, a kernel and what packets went through it.
func report(
  _ traffic: TrafficFindings?, _ kernel: ProbeResults = SyntheticKernel.capable,
  _ root: SyntheticRoot = Sample.host(), profile: Profile = Profile(.minimal)
) -> ReadinessReport {
  var options = root.options
  options.profile = profile
  var findings = Findings(options) { kernel }
  findings.traffic = traffic
  return ReadinessReport(findings)
}

extension TrafficFindings {
  /// Nothing was sent.
  static let nothing = TrafficFindings(isMeasuring: true)

  static func failed(_ error: LabError) -> TrafficFindings {
    var findings = nothing
    findings.failure = error
    return findings
  }

  /// Everything arrived, as it did on a kernel that can.
  static let working = working { _ in }

  static func working(_ change: (inout TrafficFindings) -> Void) -> TrafficFindings {
    var findings = nothing
    for tunnel in LiveTunnel.all {
      let protection = Protection(
        family: tunnel.family, isInUDP: tunnel.isInUDP, isCompressed: tunnel.isCompressed)
      findings.tunnels[tunnel.id] = [
        Attempt(protection: protection, outcome: .success(.working(protection)))
      ]
    }
    for family in [AddressFamily.ipv4, .ipv6] {
      findings.lengths[.liveMTU(family)] = Attempt(
        protection: Protection(family: family), outcome: .success(.working))
    }
    var usage = Usage()
    usage.bytes = 5_200_000
    for proposal in LiveCipher.all {
      let protection = Protection(proposal)
      findings.throughput?[.liveBench(proposal)] = Attempt(
        protection: protection,
        outcome: .success(
          ThroughputTrial(
            protection, bytes: 5_000_000, duration: .milliseconds(500), encrypted: usage)))
    }
    change(&findings)
    return findings
  }

  /// Changes what became of a tunnel's packets.
  mutating func change(_ tunnel: LiveTunnel, _ body: (inout TunnelTrial) -> Void) {
    tunnels[tunnel.id] = tunnels[tunnel.id]?.map { attempt in
      var attempt = attempt
      if var trial = attempt.trial {
        body(&trial)
        attempt.outcome = .success(trial)
      }
      return attempt
    }
  }
}

extension TunnelTrial {
  static func working(_ protection: Protection) -> TunnelTrial {
    var trial = TunnelTrial(protection)
    var datagrams = DatagramResult()
    datagrams.sent = 20
    datagrams.delivered = 20
    var usage = Usage()
    usage.packets = 20
    for (from, to) in [("gateway-a", "gateway-b"), ("gateway-b", "gateway-a")] {
      trial.directions.append(
        Direction(
          from: from, to: to, datagrams: datagrams, encrypted: usage, decrypted: usage,
          decompressed: protection.isCompressed ? usage : nil))
    }
    trial.control.sent = 5
    trial.control.delivered = 5
    trial.wire = WireCounts(
      [protection.isInUDP ? .espInUDP : .esp: 40, .clear: 5], readable: 5)
    trial.dropped = [:]
    return trial
  }
}

extension MTUTrial {
  static let working: MTUTrial = {
    var result = PathMTUResult()
    result.learned = 1446
    result.exact.sent = 4
    result.exact.delivered = 4
    result.tooLong.sent = 4
    result.tooLong.refusals = [.messageTooLong: 4]
    result.fragmented.sent = 4
    result.fragmented.delivered = 4
    var trial = MTUTrial(Protection())
    trial.forth = result
    trial.back = result
    trial.wire = WireCounts([.esp: 24], readable: 0, longest: 1500)
    return trial
  }()
}
