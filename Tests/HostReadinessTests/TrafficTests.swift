import Testing
import XFRMKit
import XFRMLab

@testable import HostReadiness

/// What is made of packets that were sent, of those that were not, and of those that got lost.
@Suite struct TrafficTests {
  @Test func everythingArrived() {
    let report = report(.working)
    let checks = report.checks.filter { $0.group == .traffic }
    #expect(checks.map(\.status) == Array(repeating: .pass, count: 10))
    #expect(report["live.tunnel.v4"]?.summary == "40 of 40 packets arrived")
    #expect(report["live.mtu.v4"]?.summary == "1446 bytes of 1500")
    #expect(report["live.clear"]?.summary == "0 of 160 packets, watched on the wire")
    #expect(report["live.bench.aes256gcm16"]?.summary == "80 Mbit/s (one flow, one host)")
    #expect(report["live.ipcomp"] == nil, "a minimal host does without")
    #expect(report.verdict == .ready)
  }

  @Test func withoutDemandThereIsNothing() {
    let plain = report(nil)
    #expect(!plain.checks.isEmpty)
    #expect(plain.checks.allSatisfy { $0.group != .traffic })
    let unmeasured = report(.working { $0.throughput = nil })
    #expect(unmeasured.checks.filter { $0.group == .traffic }.count == 6)
    #expect(unmeasured["live.bench.aes256gcm16"] == nil)
  }

  @Test func lostPacketsAreAFailure() throws {
    let report = report(
      .working {
        $0.change(.v4) { trial in
          trial.directions[0].datagrams.delivered = 3
          trial.dropped = ["XfrmInStateProtoError": 17, "XfrmInError": 1]
        }
      })
    let check = try #require(report["live.tunnel.v4"])
    #expect(check.status == .fail)
    #expect(check.summary == "23 of 40 packets arrived")
    let cause = try #require(check.cause)
    #expect(cause.contains("could not be decrypted (XfrmInStateProtoError 17 and XfrmInError 1)"))
    #expect(report["live.tunnel.v6"]?.status == .pass)
    #expect(report.verdict == .notReady)
  }

  @Test(
    arguments: [
      { $0.directions[1].datagrams.wrong = 2 }, { $0.directions[0].encrypted.packets = 19 },
      { $0.directions[1].decrypted.packets = 0 }, { $0.directions[1].decrypted.packets = 21 },
    ] as [@Sendable (inout TunnelTrial) -> Void])
  func whatDoesNotAddUpIsAFailure(change: @Sendable (inout TunnelTrial) -> Void) {
    let report = report(.working { $0.change(.v4, change) })
    #expect(report["live.tunnel.v4"]?.status == .fail)
    #expect(report["live.tunnel.v4"]?.cause != nil)
    #expect(report.verdict == .notReady)
  }

  @Test func packetsInClearAreAFailure() {
    let leak = report(
      .working { $0.change(.inUDP) { $0.wire = WireCounts([.clear: 6], readable: 6) } })
    #expect(leak["live.clear"]?.status == .fail)
    #expect(leak["live.clear"]?.summary == "1 packets went in clear")
    #expect(leak.verdict == .notReady)
    let open = report(
      .working { $0.change(.v6) { $0.wire = WireCounts([.clear: 5], readable: 45) } })
    #expect(open["live.clear"]?.summary == "payloads could be read on the wire")
    #expect(open.verdict == .notReady)
  }

  @Test func aCaptureThatMissesSomethingProvesNothing() {
    for change: @Sendable (inout TunnelTrial) -> Void in [
      { $0.wire.missed = 1 }, { $0.wire = WireCounts([.esp: 40], readable: 0) },
      { $0.control.delivered = 4 },
    ] {
      let report = report(.working { $0.change(.v4, change) })
      #expect(report["live.clear"]?.status == .unknown)
      #expect(report["live.tunnel.v4"]?.status == .pass)
      #expect(report.verdict == .unknown)
    }
  }

  @Test func whatCouldNotBeTriedIsUnknown() throws {
    for (error, remedy) in [
      (LabError.system("open a packet socket", .notPermitted), "run the check as root"),
      (
        .netlink(
          "set up the network of host-a",
          .refused(KernelRefusal(errno: .operationNotSupported, explanation: "Unknown device type"))
        ), "load veth"
      ), (.system("open /proc/sys/net", .readOnlyFileSystem), "run the check outside"),
    ] {
      let report = report(.failed(error))
      for check in report.checks where check.group == .traffic {
        #expect(check.status == .unknown, "\(check.id)")
        #expect(check.summary == "could not be tried", "\(check.id)")
        #expect(check.remedies.first?.text.hasPrefix(remedy) == true, "\(check.remedies)")
      }
      #expect(report.verdict == .unknown)
    }
    // The same in the middle of it.
    let broken = report(
      .working {
        $0.tunnels[LiveTunnel.v4.id] = [
          .init(
            protection: Protection(), outcome: .failure(.system("watch an interface", .noMemory)))
        ]
      })
    #expect(broken["live.tunnel.v4"]?.status == .unknown)
    #expect(broken["live.tunnel.v6"]?.status == .pass)
    #expect(broken.verdict == .unknown)
  }

  @Test func withoutPrivilegesItIsUnknown() {
    let report = report(.nothing, SyntheticKernel.aloof)
    for check in report.checks where check.group == .traffic {
      #expect(check.status == .unknown, "\(check.id)")
      #expect(check.summary == "no private namespace to try it in", "\(check.id)")
    }
    #expect(report.checks.contains { $0.group == .traffic })
  }

  @Test func withoutESPItIsUnknown() {
    let report = report(.nothing, SyntheticKernel.withoutESP())
    for check in report.checks where check.group == .traffic {
      #expect(check.status == .unknown, "\(check.id)")
      #expect(check.summary.hasPrefix("needs xfrm.esp"), "\(check.id)")
    }
    #expect(report.verdict == .notReady)
  }

  @Test func whereNothingWasToBeAskedItIsUnknown() {
    let report = report(.nothing, ProbeResults())
    #expect(report["live.tunnel.v4"]?.status == .unknown)
    #expect(report["live.tunnel.v4"]?.summary == "no packets were sent")
  }

  @Test func aHostMeantToDoWithoutIPv6IsNotToBlame() throws {
    let host = Sample.host([
      "/proc/net/if_inet6": nil, "/sys/module/ipv6/parameters/disable": "1\n",
    ])
    let report = report(
      .working {
        $0.tunnels[LiveTunnel.v6.id] = nil
        $0.lengths[.liveMTU(.ipv6)] = nil
      }, SyntheticKernel.withoutESP(.ipv6), host)
    #expect(report["live.tunnel.v6"]?.status == .absent)
    #expect(report["live.mtu.v6"]?.outcome == .absent)
    #expect(report["live.tunnel.v4"]?.status == .pass)
    #expect(report.verdict == .ready)
  }

  @Test func aTunnelMattersNoMoreThanItsSAs() {
    let traffic = TrafficFindings.working {
      $0.tunnels[LiveTunnel.v6.id] = nil
      $0.lengths[.liveMTU(.ipv6)] = nil
    }
    for (profile, verdict) in [
      (Profile(.minimal), Verdict.ready), (.bothFamilies, .notReady),
    ] {
      let report = report(traffic, SyntheticKernel.withoutESP(.ipv6), profile: profile)
      #expect(report["live.tunnel.v6"]?.summary == "needs xfrm.esp6")
      #expect(report["live.tunnel.v6"]?.severity == report["xfrm.esp6"]?.severity)
      #expect(report.verdict == verdict)
    }
  }

  @Test func nothingOfItIsTooLongOrUnexplained() {
    for traffic in [
      TrafficFindings.working, .nothing, .failed(.system("open a socket", .noMemory)),
    ] {
      for kernel in [
        SyntheticKernel.capable, SyntheticKernel.aloof, SyntheticKernel.withoutESP(.ipv6),
      ] {
        for check in report(traffic, kernel).checks where check.group == .traffic {
          #expect(check.summary.count <= 38 && check.title.count <= 33, "\(check)")
          #expect((check.status == .pass) == (check.cause == nil), "\(check.id)")
        }
      }
    }
  }
}
