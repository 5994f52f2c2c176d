import Glibc
import Netlink
import TestSupport
import Testing

@testable import XFRMKit

extension Kernel {
  /// Many requests, many to a datagram: what was lost on the way is not taken for success, and
  /// costs the time of one answer, not of one for each datagram.
  @Suite("A disturbed batch")
  struct DisturbedBatchTests {
    private static let additions: [XFRMKit.Operation] = (0..<60).map {
      .addPolicy(Sample.policy(.outgoing, number: $0))
    }

    /// Twenty requests to a datagram, each acknowledged.
    private static let options: BatchOptions = {
      var options = BatchOptions()
      options.messagesPerDatagram = 20
      options.acknowledgement = .everyMessage
      return options
    }()

    private let accepted = Array(repeating: RequestOutcome.accepted, count: 20)
    private let unknown = Array(repeating: RequestOutcome.unknown, count: 20)
    private let notSent = Array(repeating: RequestOutcome.notSent, count: 20)

    /// Adds sixty policies under a disturbance; then all that came late or was not received is in
    /// the way of taking them back.
    private func perform(
      added count: Int, options: BatchOptions = options,
      _ disturb: (Interference) -> Void
    ) throws -> (BatchResult, Interference) {
      var xfrm = try Sample.client()
      try xfrm.flushPolicies()
      let interference = Interference()
      disturb(interference)
      let result = interference.during { xfrm.perform(Self.additions, options: options) }
      #expect(result.outcomes.count == Self.additions.count)
      #expect(interference.millisecondsWaited <= 5_000)

      let aftermath = Interference()
      aftermath.late = interference.deliveries + interference.late
      #expect(
        try aftermath.during { () throws(XFRMError) in try xfrm.policies().count } == count)
      let again = Interference()
      again.late = interference.late
      let deletions = Self.additions.prefix(count).indices.map {
        XFRMKit.Operation.deletePolicy(Sample.policy(.outgoing, number: UInt32($0)).key)
      }
      #expect(again.during { xfrm.perform(deletions, options: options) }.isAccepted)
      #expect(try xfrm.policies().isEmpty)
      return (result, interference)
    }

    @Test("that nothing disturbs is accepted, one datagram at a time")
    func control() throws {
      let (result, interference) = try perform(added: 60) { $0.alter = { $0.deliveries } }
      #expect(result.isAccepted)
      #expect(interference.sendCount == 3)
    }

    @Test("is accepted in spite of what must not be noticed")
    func harmless() throws {
      let disturbances: [(Interference) -> Void] = [
        { $0.sendErrors = [EINTR, EINTR, 0, EINTR] },
        { $0.receiveErrors = [EINTR, 0, EINTR, EINTR] },
        {
          $0.receiveErrors = [EAGAIN]; $0.waitErrors = [EINTR]
        },
        { $0.alter = { ($0 + $0).deliveries } },
        { $0.alter = { [.datagram($0.flatMap(\.bytes))] } },
        { $0.alter = { $0.flatMap { [.pause, .datagram($0.bytes)] } } },
        { $0.alter = { $0.refused.map { .datagram($0.bytes, sender: 4711) } + $0.deliveries } },
        { $0.alter = { $0.refused.changed { $0.port &+= 1 } + $0.deliveries } },
        { $0.alter = { $0.refused.changed { $0.sequence &-= 60 } + $0.deliveries } },
      ]
      for disturb in disturbances {
        #expect(try perform(added: 60, disturb).0.isAccepted)
      }
    }

    @Test(
      "of which a datagram cannot be sent tells which it was",
      arguments: [EAGAIN, ENOBUFS, ENOMEM, EPERM])
    func send(errno: Int32) throws {
      let (result, _) = try perform(added: 20) { $0.sendErrors = [0, errno] }
      #expect(result.failure?.failure == .system(.send, SystemErrno(errno)))
      #expect(result.outcomes == accepted + notSent + notSent)
    }

    @Test("waits once for answers that do not come", arguments: [true, false])
    func lost(isEachAcknowledged: Bool) throws {
      var options = Self.options
      options.acknowledgement = isEachAcknowledged ? .everyMessage : .lastOfDatagram
      let (result, interference) = try perform(added: 20, options: options) {
        $0.alter = { _ in [] }
      }
      #expect(result.failure?.failure == .timedOut)
      #expect(result.outcomes == unknown + notSent + notSent)
      #expect(interference.millisecondsWaited == 5_000)
      #expect(interference.sendCount == 1)
    }

    @Test("does not know what became of a request whose answer alone was lost")
    func lostInTheMiddle() throws {
      let (result, _) = try perform(added: 60) {
        $0.alter = { Array($0.deliveries.dropFirst()) }
      }
      #expect(result.failure == nil)
      #expect(!result.isAccepted)
      #expect(result.outcomes.indices.filter { result.outcomes[$0] == .unknown } == [0, 20, 40])
      #expect(result.outcomes.count { $0 == .accepted } == 57)
    }

    @Test("does not take answers that come late for those to the next")
    func late() throws {
      let (result, _) = try perform(added: 20) { interference in
        interference.alter = {
          interference.late = $0.refused.deliveries
          return []
        }
      }
      #expect(result.failure?.failure == .timedOut)
      #expect(result.outcomes == unknown + notSent + notSent)
    }

    @Test("keeps what arrived before and after an overrun, and does not wait for the rest")
    func overrun() throws {
      let (result, interference) = try perform(added: 20) {
        $0.alter = { messages in
          Array(messages.deliveries.prefix(5)) + [.failure(ENOBUFS)]
            + messages[5..<10].map { .datagram($0.bytes) }
        }
      }
      #expect(result.failure?.failure == .overrun)
      #expect(result.outcomes == accepted.prefix(10) + unknown.prefix(10) + notSent + notSent)
      #expect(interference.millisecondsWaited == 0)
    }

    @Test("does not take silence for consent after an overrun")
    func overrunWithoutAcknowledgements() throws {
      var options = Self.options
      options.acknowledgement = .lastOfDatagram
      let (result, _) = try perform(added: 20, options: options) {
        $0.alter = { [.failure(ENOBUFS)] + $0.deliveries }
      }
      #expect(result.failure?.failure == .overrun)
      #expect(result.outcomes == unknown.dropLast() + [.accepted] + notSent + notSent)
    }

    @Test("reports every refusal", arguments: [EPERM, ENOMEM, EBUSY, EEXIST, ESRCH])
    func refusals(errno: Int32) throws {
      let (result, _) = try perform(added: 0) {
        $0.answer = { requests, port in
          requests.map {
            .datagram(NetlinkBytes.acknowledgement(of: $0, port: port, code: -errno).bytes)
          }
        }
      }
      #expect(result.failure == nil)
      let refusal = RequestOutcome.refused(KernelRefusal(errno: SystemErrno(errno)))
      #expect(result.outcomes == Array(repeating: refusal, count: 60))
    }

    @Test("does not understand what is no answer to it, or cut")
    func nonsense() throws {
      let cases: [(NetlinkError?, ([NetlinkBytes]) -> [Interference.Delivery])] = [
        (.timedOut, { $0.changed { $0.sequence &+= 20 } }),
        (.timedOut, { $0.changed { $0.sequence &-= 20 } }),
        (.timedOut, { $0.changed { $0.port &+= 1 } }),
        (.timedOut, { $0.map { .datagram($0.bytes, sender: 4711) } }),
        (.truncated(length: 65_536 + 1, capacity: 65_536), { _ in [.oversized(by: 1)] }),
        (.system(.receive, .noMemory), { _ in [.failure(ENOMEM)] }),
        (nil, { $0.changed { $0.bytes.removeLast(18) } }),
        (nil, { $0.changed { $0.length = 0 } }),
        (nil, { $0.changed { $0.code = 5 } }),
      ]
      for (error, alter) in cases {
        let (result, _) = try perform(added: 20) { $0.alter = alter }
        if let error {
          #expect(result.failure?.failure == error)
        } else if case .malformed? = result.failure?.failure {
          // As it must.
        } else {
          Issue.record("\(String(describing: result.failure))")
        }
        #expect(result.outcomes == unknown + notSent + notSent)
      }
    }

    @Test("that stops at the first refusal stops at the first loss")
    func stop() throws {
      var options = Self.options
      options.onRefusal = .stop
      let (result, _) = try perform(added: 1, options: options) { $0.alter = { _ in [] } }
      #expect(result.failure?.failure == .timedOut)
      #expect(result.outcomes == [.unknown] + Array(repeating: .notSent, count: 59))
    }
  }
}

extension [NetlinkBytes] {
  fileprivate var deliveries: [Interference.Delivery] { map { .datagram($0.bytes) } }

  /// The same acknowledgements as refusals.
  fileprivate var refused: [NetlinkBytes] {
    map {
      var message = $0
      message.code = -EDOM
      return message
    }
  }
}
