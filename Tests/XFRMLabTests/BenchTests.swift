import Glibc
import Testing
import XFRMKit

@testable import XFRMLab

/// What is made of the counts of a measurement.
@Suite("A measurement")
struct BenchTests {
  /// Half a second of 1,000 packets of 500 bytes, 1,200 with those around them.
  private static func trial(
    _ proposal: ESPProposal?, esp: Int, clear: Int, encrypted: UInt64 = 0
  ) -> BenchTrial {
    var trial = BenchTrial(BenchPoint(proposal, packetBytes: 500))
    trial.datagrams.sent = 1_000
    trial.datagrams.delivered = 1_000
    trial.duration = .milliseconds(500)
    trial.processorTime = .milliseconds(400)
    trial.total.sent = 1_200
    trial.total.delivered = 1_200
    (trial.protected, trial.clear, trial.encrypted) = (esp, clear, encrypted)
    return trial
  }

  @Test("its figures are those of the time in which it was measured")
  func figures() {
    let trial = Self.trial(nil, esp: 0, clear: 1_200)
    #expect(trial.packetsPerSecond == 2_000)
    #expect(trial.bitsPerSecond == 8e6)
    #expect(trial.secondsPerMillionPackets == 400)
    #expect(trial.secondsPerGigabyte == 800)
    #expect(trial.loss == 0)
    let nothing = BenchTrial(BenchPoint(nil))
    #expect(nothing.packetsPerSecond == 0 && nothing.secondsPerGigabyte == nil)
    #expect(nothing.flaw == "nothing arrived")
  }

  @Test("is good if every packet was what it should be, and no other")
  func flaws() {
    let gcm = ESPProposal.aes256gcm16
    #expect(Self.trial(nil, esp: 0, clear: 1_200).flaw == nil)
    #expect(Self.trial(gcm, esp: 1_200, clear: 0, encrypted: 1_200).flaw == nil)
    #expect(
      Self.trial(gcm, esp: 1_199, clear: 1, encrypted: 1_199).flaw
        == "packets that went in clear: 1")
    #expect(
      Self.trial(gcm, esp: 1_199, clear: 0, encrypted: 1_200).flaw
        == "1200 packets arrived, and 1199 were protected")
    #expect(
      Self.trial(gcm, esp: 1_200, clear: 0, encrypted: 7).flaw
        == "1200 packets arrived, and 7 were protected")
    #expect(
      Self.trial(gcm, esp: 2_398, clear: 0, encrypted: 2_398).flaw
        == "packets were cut to fit the cable")
    var cut = Self.trial(gcm, esp: 1_200, clear: 0, encrypted: 1_200)
    cut.fragments = 1
    #expect(cut.flaw == "packets were cut to fit the cable")
    #expect(
      Self.trial(nil, esp: 2, clear: 1_200).flaw == "2 packets of ESP were on the plain path")
    #expect(
      Self.trial(nil, esp: 0, clear: 3).flaw == "1200 packets arrived, and the wire showed 3")
  }

  @Test("is compared with the same path, if that was good")
  func base() {
    let trial = Self.trial(.aes256gcm16, esp: 1_200, clear: 0, encrypted: 1_200)
    var other = Self.trial(nil, esp: 0, clear: 1_200)
    let trials = [other, trial]
    #expect(trials.base(of: trial)?.point == BenchPoint(nil, packetBytes: 500))
    other.protected = 1
    #expect([other, trial].base(of: trial) == nil)
    #expect([trial].base(of: trial) == nil)
  }

  @Test("a plan has the plain path before what is compared with it")
  func plan() {
    let plan = BenchPlan(
      [.aes256gcm16, .aes256sha256], modes: [.tunnel, .transport], sizes: [64, 512],
      associations: [1, 4])
    #expect(plan.points.count == 2 * 2 * 2 * 3)
    #expect(Set(plan.points).count == plan.points.count)
    #expect(plan.points[0] == BenchPoint(nil, packetBytes: 64))
    #expect(plan.points[1] == BenchPoint(.aes256gcm16, packetBytes: 64))
    #expect(
      plan.points.last
        == BenchPoint(.aes256sha256, mode: .transport, packetBytes: 512, associations: 4))
    #expect(plan.points[4].plain == plan.points[3])
    #expect(plan.points.allSatisfy { $0.family == .ipv4 })
    #expect(BenchPlan(family: .ipv6).points.allSatisfy { $0.family == .ipv6 })
  }

  @Test("processors are busy unless they wait")
  func processorTime() {
    let text = "cpu  100 20 3 1000 500 40 7 999 50 60\ncpu0 1 1 1 1\nintr 5\n"
    #expect(
      ProcessorTime(parsing: text, ticksPerSecond: 100).busy == .milliseconds(1_700))
    #expect(ProcessorTime(parsing: "", ticksPerSecond: 100).busy == .zero)
  }

  @Test("and this machine's clock of them goes on")
  func clock() throws {
    let before = try ProcessorTime()
    #expect(before.busy > .zero)
    #expect(try ProcessorTime().busy >= before.busy)
  }

  @Test(
    "each port has SAs of its own, and policies that ask for them at both ends",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func ports() throws {
    let plan = try SiteToSite([.ipv4]).plan(Protection(), ports: 7_100...7_102)
    #expect(plan.a.associations.count == 6 && plan.a.policies.count == 9)
    #expect(Set(plan.a.associations.map(\.id)).count == 6)
    #expect(plan.a.associations.map(\.id) == plan.b.associations.map(\.id))
    #expect(plan.a.associations.map(\.aead) == plan.b.associations.map(\.aead))
    for (end, isSender) in [(plan.a, true), (plan.b, false)] {
      for policy in end.policies {
        let isForth = (policy.direction == .outgoing) == isSender
        let port = isForth ? policy.selector.destinationPort : policy.selector.sourcePort
        #expect((isForth ? policy.selector.sourcePort : policy.selector.destinationPort) == .any)
        #expect(policy.selector.proto == .udp)
        #expect(policy.templates.map(\.requestID) == [UInt32(port.value) - 7_099])
      }
    }
  }

  @Test(
    "the plain path needs no ESP, and several flows are counted together",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func plainPath() throws {
    let families = SiteToSite.families
    let sites = try SiteToSite(families)
    for point in [
      BenchPoint(nil), BenchPoint(nil, mode: .transport, associations: 3),
      BenchPoint(nil, packetBytes: 64, family: .ipv6),
    ] where families.contains(point.family) {
      let trial = try BenchTrial(sites, nil, point, for: .milliseconds(100))
      #expect(trial.flaw == nil)
      #expect(trial.protected == 0 && trial.clear >= trial.total.delivered)
      #expect(trial.total.delivered >= trial.datagrams.delivered)
      #expect(trial.duration >= .milliseconds(100))
    }
  }

  @Test(
    "a rate is not exceeded", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func rate() throws {
    let sites = try SiteToSite([.ipv4])
    let clock = ContinuousClock()
    let start = clock.now
    let load = try DatagramLoad(
      sites.hostFlow(.ipv4), ports: 7_100...7_101, payloadBytes: 100, perSecond: 1_000)
    while load.counts.delivered < 100, clock.now - start < .seconds(20) { usleep(1_000) }
    let counts = load.stop()
    // The gateways, which no socket of the load keeps.
    withExtendedLifetime(sites) {}
    let seconds = (clock.now - start) / .seconds(1)
    #expect(counts.delivered >= 100)
    // Each flow sends a handful at once.
    #expect(Double(counts.sent) <= seconds * 1_000 + 64)
  }
}
