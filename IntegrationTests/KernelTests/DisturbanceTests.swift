import Glibc
import Netlink
import TestSupport
import Testing

@testable import XFRMKit

extension Kernel {
  /// Every request meets everything that can go wrong between it and the kernel: it fails as it
  /// must or does what it must, soon, and the connection goes on.
  @Suite("A disturbed conversation")
  struct DisturbanceTests {
    /// What a request may wait for at most.
    private static let patience = 5_000

    @Test("ends as it must, and leaves nothing behind", arguments: Disturbance.all)
    func everyRequest(_ disturbance: Disturbance) throws {
      var xfrm = try Sample.client()
      for (request, usual) in try Self.usual.get() {
        try Sample.prepare(&xfrm, for: request)
        let interference = Interference()
        disturbance.disturb(interference, request)
        let outcome = interference.during { request.perform(&xfrm) }
        #expect(
          disturbance.permits(outcome, of: request, usually: usual), "\(request): \(outcome)")
        #expect(interference.millisecondsWaited <= Self.patience)

        // What has not been received comes in front of what is answered next.
        let aftermath = Interference()
        aftermath.late = interference.deliveries + interference.late
        try aftermath.during { () throws(XFRMError) in try Sample.prepare(&xfrm, for: request) }
        #expect(aftermath.deliveries.isEmpty)
        #expect(request.perform(&xfrm) == usual, "\(request) afterwards")
      }
    }

    /// What comes of each request without any disturbance.
    private static let usual = Result {
      var xfrm = try Sample.client()
      return try Request.allCases.map { request in
        try Sample.prepare(&xfrm, for: request)
        return (request, request.perform(&xfrm))
      }
    }

    @Test("knows every request")
    func completeness() {
      for request in Request.allCases {
        if let operation = request.operation { #expect(Request(operation) == request) }
      }
    }

    @Test("without disturbance does what is asked, as far as the kernel can")
    func control() throws {
      var refused: Set<Request> = []
      for (request, outcome) in try Self.usual.get() {
        switch outcome {
        case .done: continue
        case .failed(.refused): refused.insert(request)
        case let other: Issue.record("\(request): \(other)")
        }
      }
      // Without ESP no SA can be had but larval ones.
      let needESP: Set<Request> = [
        .addAssociation, .updateAssociation, .expireAssociation, .setCheckpoint, .migrate,
      ]
      #expect(refused.isSubset(of: Bed.hasESP ? [] : needESP))
    }

    @Test("that breaks off within a list does not keep the next from starting")
    func listGivenUp() throws {
      var xfrm = try Sample.client()
      try xfrm.flushPolicies()
      let policies = (0..<2_000).map { Sample.policy(.outgoing, number: $0) }
      #expect(xfrm.perform(policies.map { .addPolicy($0) }).isAccepted)
      for errno in [ENOMEM, ENOBUFS] {
        for received in 0..<6 {
          let interference = Interference()
          interference.receiveErrors = Array(repeating: 0, count: received) + [errno]
          #expect(throws: XFRMError.self) {
            try interference.during { () throws(XFRMError) in try xfrm.policies() }
          }
          #expect(try xfrm.policies().count == policies.count)
        }
      }
    }

    @Test("refuses a list while another one runs, and then goes on")
    func listStillRunning() throws {
      var xfrm = try Sample.client()
      try xfrm.flushPolicies()
      let policies = (0..<2_000).map { Sample.policy(.outgoing, number: $0) }
      #expect(xfrm.perform(policies.map { .addPolicy($0) }).isAccepted)
      // The first two datagrams pass for the whole list.
      let interference = Interference()
      interference.datagramLimit = 2
      interference.alter = { messages in
        messages.map { .datagram($0.bytes) }
          + messages.prefix(1).filter { $0.type == 19 }.map { entry in
            var end = NetlinkBytes.acknowledgement(of: entry, port: entry.port)
            end.type = 3
            return .datagram(end.bytes)
          }
      }
      let part = try interference.during { () throws(XFRMError) in try xfrm.policies() }
      #expect(part.count < policies.count)

      let error = try #require(throws: XFRMError.self) { try xfrm.policies() }
      #expect(error.refusal?.errno == .busy)
      #expect(try xfrm.policies().count == policies.count)
    }
  }
}
