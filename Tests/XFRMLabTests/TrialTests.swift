import Glibc
import Testing
import XFRMKit
import XFRMLab

/// What is made of a trial's counts.
@Suite("A trial")
struct TrialTests {
  private static func trial(clear: Int, readable: Int, missed: Int = 0, control: Int = 5)
    -> TunnelTrial
  {
    var trial = TunnelTrial(Protection())
    trial.control.sent = 5
    trial.control.delivered = control
    trial.wire = WireCounts([.esp: 40, .clear: clear], readable: readable)
    trial.wire.missed = missed
    return trial
  }

  @Test("the control's own packets are no leak")
  func control() {
    let trial = Self.trial(clear: 5, readable: 5)
    #expect(trial.clear == 0)
    #expect(trial.readable == 0)
    #expect(trial.isCaptureProven)
  }

  @Test("more than those are")
  func leak() {
    let trial = Self.trial(clear: 7, readable: 6)
    #expect(trial.clear == 2)
    #expect(trial.readable == 1)
    #expect(trial.isCaptureProven)
  }

  @Test(
    "a capture that did not see the control, or not all else, proves nothing",
    arguments: [
      trial(clear: 4, readable: 5), trial(clear: 5, readable: 0),
      trial(clear: 5, readable: 5, missed: 1), trial(clear: 5, readable: 5, control: 4),
      TunnelTrial(Protection()),
    ])
  func unproven(_ trial: TunnelTrial) {
    #expect(!trial.isCaptureProven)
    #expect(trial.clear == 0)
  }

  @Test("both directions count")
  func directions() {
    var trial = Self.trial(clear: 5, readable: 5)
    for delivered in [20, 19] {
      var datagrams = DatagramResult()
      datagrams.sent = 20
      datagrams.delivered = delivered
      trial.directions.append(
        TunnelTrial.Direction(
          from: "a", to: "b", datagrams: datagrams, encrypted: Usage(), decrypted: Usage()))
    }
    #expect(trial.datagrams.sent == 40)
    #expect(trial.datagrams.delivered == 39)
  }

  @Test("throughput is what arrived in the time it took")
  func throughput() {
    let trial = ThroughputTrial(
      Protection(), bytes: 5_000_000, duration: .milliseconds(500), encrypted: Usage())
    #expect(trial.bitsPerSecond == 80e6)
    let nothing = ThroughputTrial(
      Protection(), bytes: 0, duration: .zero, encrypted: Usage())
    #expect(nothing.bitsPerSecond == 0)
  }

  @Test(
    "compression comes before encryption, and carries the mode",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func compression() throws {
    let sites = try SiteToSite([.ipv4])
    let plan = sites.plan(Protection(isCompressed: true))
    #expect(plan.a.associations.map(\.proto) == [.ipComp, .esp, .ipComp, .esp])
    #expect(plan.a.associations.map(\.mode) == [.tunnel, .transport, .tunnel, .transport])
    #expect(plan.a.associations.map(\.id) == plan.b.associations.map(\.id))
    for policy in plan.a.policies {
      #expect(policy.templates.map(\.proto) == [.ipComp, .esp])
      // What is too short to be compressed must get in, and nothing may leave without.
      #expect(
        policy.templates.map(\.isOptional) == [policy.direction != .outgoing, false])
    }
    let plain = sites.plan(Protection())
    #expect(plain.a.associations.map(\.mode) == [.tunnel, .tunnel])
  }
}
