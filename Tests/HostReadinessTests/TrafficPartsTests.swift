import Testing
import XFRMKit
import XFRMLab

@testable import HostReadiness

/// What is made of compression, of long packets and of speed.
@Suite struct TrafficPartsTests {
  private static let asking: Profile = {
    var profile = Profile(.minimal)
    profile.rules = [Profile.Rule("live.ipcomp", .required)]
    return profile
  }()

  // MARK: Compression

  @Test func compressionIsTriedWhereItIsAskedFor() {
    for (profile, severity) in [
      (Self.asking, Check.Severity.required), (Profile(.algo), .recommended),
      (Profile(.strongswan), .recommended),
    ] {
      let check = report(.working, profile: profile)["live.ipcomp"]
      #expect(check?.status == .pass)
      #expect(check?.severity == severity)
    }
  }

  @Test func aKernelWithoutIPCompHasNone() throws {
    let association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 1, proto: .ipComp, mode: .tunnel)
    let error = XFRMError(
      .addAssociation(association),
      .refused(KernelRefusal(errno: .protocolNotSupported, explanation: "Requested type not found"))
    )
    let traffic = TrafficFindings.working {
      $0.tunnels[LiveTunnel.compressed.id] = [
        .init(protection: Protection(isCompressed: true), outcome: .failure(.xfrm(error)))
      ]
    }
    let recommended = report(traffic, profile: Profile(.algo))
    let check = try #require(recommended["live.ipcomp"])
    #expect(check.status == .absent)
    #expect(check.outcome == .warning)
    #expect(check.summary == "kernel has no IPComp")
    #expect(check.cause == "no ipcomp in this kernel")
    #expect(check.remedies.first?.command == "modprobe -a ipcomp deflate")
    #expect(Verdict(recommended.checks.filter { $0.group == .traffic }) == .readyWithWarnings)
    #expect(report(traffic, profile: Self.asking).verdict == .notReady)
  }

  @Test func whatIsNotCompressedIsNoCompression() {
    let traffic = TrafficFindings.working {
      $0.change(.compressed) { $0.directions[0].decompressed?.packets = 0 }
    }
    let check = report(traffic, profile: Self.asking)["live.ipcomp"]
    #expect(check?.status == .fail)
    #expect(check?.summary == "0 of 20 packets were compressed")
  }

  // MARK: Long packets

  struct LengthFlaw: Sendable {
    var summary: String
    var change: @Sendable (inout MTUTrial) -> Void

    static let all = [
      LengthFlaw(summary: "nobody says how long they may be") { $0.forth.learned = nil },
      LengthFlaw(summary: "3 of 4 arrived (1446 bytes)") { $0.back.exact.delivered = 3 },
      LengthFlaw(summary: "too long ones are sent all the same") {
        $0.back.tooLong.refusals = [:]
      },
      LengthFlaw(summary: "0 of 4 fragmented ones arrived") { $0.forth.fragmented.delivered = 0 },
      LengthFlaw(summary: "packets went in clear") {
        $0.wire = WireCounts([.clear: 1], readable: 1, longest: 1500)
      },
      LengthFlaw(summary: "1504 bytes on a wire for 1500") {
        $0.wire = WireCounts([:], readable: 0, longest: 1504)
      },
    ]
  }

  @Test(arguments: LengthFlaw.all)
  func longPacketsThatGetLostAreAFailure(flaw: LengthFlaw) throws {
    var trial = MTUTrial.working
    flaw.change(&trial)
    let report = report(
      .working {
        $0.lengths[.liveMTU(.ipv4)] = .init(
          protection: trial.protection, outcome: .success(trial))
      })
    let check = try #require(report["live.mtu.v4"])
    #expect(check.status == .fail)
    #expect(check.summary == flaw.summary)
    #expect(check.cause != nil)
    #expect(report["live.mtu.v6"]?.status == .pass)
    #expect(report.verdict == .notReady)
  }

  // MARK: Speed

  @Test func speedsDecideNothing() throws {
    let id = CheckID.liveBench(.chacha20poly1305)
    func judged(
      _ outcome: Result<ThroughputTrial, LabError>
    ) throws -> (check: Check, verdict: Verdict) {
      let report = report(
        .working {
          $0.throughput?[id] = .init(protection: Protection(.chacha20poly1305), outcome: outcome)
        })
      return (try #require(report[id]), report.verdict)
    }
    func trial(_ bytes: Int, encrypted: UInt64) -> ThroughputTrial {
      var usage = Usage()
      usage.bytes = encrypted
      return ThroughputTrial(
        Protection(), bytes: bytes, duration: .milliseconds(500), encrypted: usage)
    }
    let refusal = XFRMError(
      .addAssociation(SAKind.esp(.ipv4, [.aes256gcm16]).sample),
      .refused(
        KernelRefusal(
          errno: .notImplemented, explanation: "Requested AEAD algorithm not found")))
    for (outcome, status) in [
      (.success(trial(1_000_000, encrypted: 1_100_000)), .pass),
      (.success(trial(1_000_000, encrypted: 900_000)), .unknown),
      (.success(trial(0, encrypted: 0)), .fail), (.failure(.xfrm(refusal)), .absent),
      (.failure(.system("open a socket", .noMemory)), .unknown),
    ] as [(Result<ThroughputTrial, LabError>, Check.Status)] {
      let (check, verdict) = try judged(outcome)
      #expect(check.status == status)
      #expect(check.summary.count <= 38)
      #expect((check.cause == nil) == (status == .pass))
      #expect(verdict == .ready)
    }
  }
}
