import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// What is set up wrong must fail, and raise the counter that tells why.
  @Suite("Faults", Bed.needsESP)
  struct FaultTests {
    @Test("each fault stops traffic and raises its counter", arguments: Fault.allCases)
    func fault(_ fault: Fault) throws {
      let protection = Protection()
      let sites = try SiteToSite()
      var plan = sites.plan(protection)
      fault.inject(into: &plan)
      let installed = try sites.install(plan)
      let observation = try Observation(of: sites, sites.hostFlow(.ipv4), streams: false)
      withExtendedLifetime(installed) {}

      // One direction is at fault; a ping needs both.
      #expect(observation.echoes == 0)
      #expect(observation.delivered == observation.sent / 2, "the other direction still works")
      #expect(observation.raised[fault.counter, default: 0] > 0, "\(observation.raised)")
      #expect((observation.wire[.clear] > 0) == fault.leaksOnTheWire)
    }

    @Test("without a fault the same set-up works")
    func control() throws {
      let sites = try SiteToSite()
      let installed = try sites.install(sites.plan(Protection()))
      let observation = try Observation(of: sites, sites.hostFlow(.ipv4), streams: false)
      withExtendedLifetime(installed) {}
      #expect(observation.echoes == observation.pings)
      #expect(observation.delivered == observation.sent)
      #expect(observation.raised.isEmpty)
    }

    @Test("a failed integrity check is counted on the SA")
    func integrityStatistics() throws {
      let sites = try SiteToSite()
      var plan = sites.plan(Protection())
      Fault.wrongKey.inject(into: &plan)
      let installed = try sites.install(plan)
      _ = try sites.hostFlow(.ipv4).sendDatagrams(10, patience: 100)
      withExtendedLifetime(installed) {}
      var xfrm = try sites.b.gateway.xfrm()
      let incoming = try xfrm.association(plan.b.associations[0].id)
      #expect(incoming.statistics.integrityFailed == 10)
    }
  }
}

/// One mistake in what is installed for the traffic from A to B.
enum Fault: CaseIterable, CustomTestStringConvertible {
  case wrongKey
  case wrongSPI
  case missingAssociation
  case missingForwardPolicy
  case missingOutgoingPolicy
  case wrongRequestID

  var testDescription: String {
    switch self {
    case .wrongKey: "B has another key"
    case .wrongSPI: "B has another SPI"
    case .missingAssociation: "A has a policy but no SA"
    case .missingForwardPolicy: "B has no forward policy"
    case .missingOutgoingPolicy: "A has no outgoing policy"
    case .wrongRequestID: "A's SA has another request ID than its policy"
    }
  }

  /// The counter of /proc/net/xfrm_stat, on A or B, that names it.
  var counter: String {
    switch self {
    case .wrongKey: "XfrmInStateProtoError"
    case .wrongSPI: "XfrmInNoStates"
    case .missingAssociation, .wrongRequestID: "XfrmOutNoStates"
    case .missingForwardPolicy: "XfrmInNoPols"
    case .missingOutgoingPolicy: "XfrmInTmplMismatch"
    }
  }

  /// Only without its outgoing policy does A send in clear; B then refuses to take it.
  var leaksOnTheWire: Bool { self == .missingOutgoingPolicy }

  func inject(into plan: inout ProtectionPlan) {
    switch self {
    case .wrongKey: ESPProposal.aes256gcm16.protect(&plan.b.associations[0])
    case .wrongSPI: plan.b.associations[0].spi = 0x1002
    case .missingAssociation: plan.a.associations.remove(at: 0)
    case .missingForwardPolicy:
      plan.b.policies.removeAll { $0.direction == .forwarded }
    case .missingOutgoingPolicy:
      plan.a.policies.removeAll { $0.direction == .outgoing }
    case .wrongRequestID: plan.a.associations[0].requestID = 99
    }
  }
}
