import Glibc
import Netlink
import TestSupport
import Testing

/// Something that can go wrong on the way to the kernel and back, and what must come of it.
struct Disturbance: Sendable, CustomTestStringConvertible {
  enum Expectation: Sendable {
    /// Nobody notices.
    case same
    case failure(NetlinkError)
    /// The answer cannot be read.
    case malformed
    /// The answer ends without what was asked for; a list without entries is an empty one.
    case unanswered
    /// Good news of the wrong kind: a list's first question has no more than that.
    case wrongEnd
  }

  let testDescription: String
  let expectation: Expectation
  let disturb: @Sendable (Interference, Request) -> Void

  init(
    _ description: String, _ expectation: Expectation,
    _ disturb: @escaping @Sendable (Interference, Request) -> Void
  ) {
    testDescription = description
    self.expectation = expectation
    self.disturb = disturb
  }

  /// Whether `outcome` is what must come of a request that undisturbed has the outcome `usual`.
  func permits(_ outcome: Request.Outcome, of request: Request, usually usual: Request.Outcome)
    -> Bool
  {
    switch expectation {
    case .same: return outcome == usual
    case .failure(let error): return outcome == .failed(error)
    case .malformed:
      guard case .failed(.malformed) = outcome else { return false }
      return true
    case .unanswered:
      guard case .done = usual else { return outcome == usual }
      return switch request.answer {
      case .acknowledgement: outcome == usual
      case .message: outcome == .failed(.unanswered)
      // It begins with the question how long it will be.
      case .dump: outcome == .failed(.unanswered)
      }
    case .wrongEnd:
      return outcome == .failed(request.answer == .dump ? .unanswered : .timedOut)
    }
  }
}

extension Disturbance {
  static let all = harmless + failingCalls + refusals + losses + nonsense

  /// What must not be noticed.
  private static let harmless = [
    Disturbance("nothing", .same) { _, _ in },
    altering("each message in its own datagram", .same) { $0.map { .datagram($0.bytes) } },
    altering("all messages in one datagram", .same) { [.datagram($0.flatMap(\.bytes))] },
    Disturbance("EINTR from send", .same) { interference, _ in
      interference.sendErrors = [EINTR, EINTR, EINTR]
    },
    Disturbance("EINTR from receive", .same) { interference, _ in
      interference.receiveErrors = [EINTR, EINTR, EINTR]
    },
    Disturbance("EAGAIN from receive, then EINTR from wait", .same) { interference, _ in
      interference.receiveErrors = [EAGAIN, EAGAIN, EAGAIN]
      interference.waitErrors = [EINTR, EINTR]
    },
    altering("an answer that takes its time", .same) {
      [.pause] + $0.flatMap { [.datagram($0.bytes), .pause] }
    },
    altering("every message twice", .same) { messages in
      (messages + messages.filter(\.isEnd)).map { .datagram($0.bytes) }
    },
    altering("refusals of the request before and the request after in front", .same) { messages in
      messages.ends { end, difference in
        end.sequence = end.sequence &+ difference
      } + messages.map { .datagram($0.bytes) }
    },
    altering("a refusal for another port in front", .same) { messages in
      messages.ends { end, difference in
        end.port = end.port &+ difference
      } + messages.map { .datagram($0.bytes) }
    },
    altering("a refusal from another process in front", .same) { messages in
      messages.ends { _, _ in }.map { $0.from(4711) } + messages.map { .datagram($0.bytes) }
    },
    altering("messages that say nothing", .same) { messages in
      // NLMSG_NOOP, NLMSG_OVERRUN and one that has no name.
      messages.flatMap { message in
        [1, 4, 15].map { type in
          var nothing = message
          nothing.type = UInt32(type)
          return .datagram(nothing.bytes)
        } + [.datagram(message.bytes)]
      }
    },
  ]

  private static let failingCalls =
    [EPERM, EAGAIN, ENOBUFS, ENOMEM, EMSGSIZE, ECONNREFUSED].map { errno in
      Disturbance("\(name(errno)) from send", .failure(.system(.send, SystemErrno(errno)))) {
        interference, _ in
        interference.sendErrors = [errno]
      }
    }
    + [EPERM, ENOMEM, ESRCH].flatMap { errno in
      let failure = Expectation.failure(.system(.receive, SystemErrno(errno)))
      return [
        Disturbance("\(name(errno)) from receive", failure) { interference, _ in
          interference.receiveErrors = [errno]
        },
        Disturbance("\(name(errno)) from wait", failure) { interference, _ in
          interference.receiveErrors = [EAGAIN]
          interference.waitErrors = [errno]
        },
      ]
    } + [
      Disturbance("ENOBUFS from receive", .failure(.overrun)) { interference, _ in
        interference.receiveErrors = [ENOBUFS]
      }
    ]

  /// The kernel's own words, whatever is asked.
  private static let refusals =
    [EPERM, EINTR, EAGAIN, ENOBUFS, ENOMEM, EBUSY, EEXIST, ESRCH].map { errno in
      answering(
        "refusal: \(name(errno))",
        .failure(.refused(KernelRefusal(errno: SystemErrno(errno)))), code: -errno)
    } + [
      answering(
        "a list ended by EINVAL", .failure(.refused(KernelRefusal(errno: .invalidArgument))),
        code: -EINVAL
      ) { end, _ in end.type = 3 }
    ]

  private static let losses =
    [
      altering("no answer", .failure(.timedOut)) { _ in [] },
      altering("no end of the answer", .failure(.timedOut)) { messages in
        messages.filter { !$0.isEnd }.map { .datagram($0.bytes) }
      },
      altering("nothing but the end of the answer", .unanswered) { messages in
        messages.filter(\.isEnd).map { .datagram($0.bytes) }
      },
      Disturbance("an answer that comes late", .failure(.timedOut)) { interference, _ in
        interference.alter = { messages in
          // Refusals would be noticed if they were taken for those of another request.
          interference.late = messages.ends { _, _ in } + messages.map { .datagram($0.bytes) }
          return []
        }
      },
      answering(
        "an acknowledgement where a list ends, and the reverse", .wrongEnd, code: 0
      ) {
        end, request in
        if request.answer != .dump { end.type = 3 }
      },
      altering("answers from another process", .failure(.timedOut)) { messages in
        messages.map { .datagram($0.bytes, sender: 4711) }
      },
    ]
    + [1, -1].flatMap { (difference: Int32) in
      let difference = UInt32(bitPattern: difference)
      return [
        altering("sequence numbers off by \(Int32(bitPattern: difference))", .failure(.timedOut)) {
          $0.changed { $0.sequence &+= difference }
        },
        altering("a port off by \(Int32(bitPattern: difference))", .failure(.timedOut)) {
          $0.changed { $0.port &+= difference }
        },
      ]
    }

  private static let nonsense = [
    altering("datagrams cut in half", .malformed) { messages in
      messages.changed { $0.bytes.removeLast($0.bytes.count / 2) }
    },
    altering("datagrams cut within the header", .malformed) { messages in
      messages.changed { $0.bytes.removeLast($0.bytes.count - 15) }
    },
    altering("messages shorter than their header", .malformed) { $0.changed { $0.length = 15 } },
    altering("messages of no length", .malformed) { $0.changed { $0.length = 0 } },
    altering("messages longer than the datagram", .malformed) { $0.changed { $0.length += 1 } },
    altering(
      "datagrams longer than the buffer", .failure(.truncated(length: 65_636, capacity: 65_536))
    ) {
      _ in [.oversized(by: 100)]
    },
    answering("a code of 5", .malformed, code: 5),
    answering("the lowest code", .malformed, code: .min),
  ]

  private static func altering(
    _ description: String, _ expectation: Expectation,
    _ alter: @escaping @Sendable ([NetlinkBytes]) -> [Interference.Delivery]
  ) -> Disturbance {
    Disturbance(description, expectation) { interference, _ in interference.alter = alter }
  }

  /// Lets every request be answered by `code`.
  private static func answering(
    _ description: String, _ expectation: Expectation, code: Int32,
    change: @escaping @Sendable (inout NetlinkBytes, Request) -> Void = { _, _ in }
  ) -> Disturbance {
    Disturbance(description, expectation) { interference, request in
      interference.answer = { requests, port in
        requests.map {
          var end = NetlinkBytes.acknowledgement(of: $0, port: port, code: code)
          change(&end, request)
          return .datagram(end.bytes)
        }
      }
    }
  }

  private static func name(_ errno: Int32) -> String { SystemErrno(errno).name }
}

extension [NetlinkBytes] {
  /// Refusals that are changed by 1 and by -1 in some respect.
  fileprivate func ends(
    _ change: (inout NetlinkBytes, UInt32) -> Void
  ) -> [Interference.Delivery] {
    filter(\.isEnd).flatMap { end in
      [1, UInt32.max].map { difference in
        var refusal = end
        refusal.code = -EDOM
        change(&refusal, difference)
        return .datagram(refusal.bytes)
      }
    }
  }

  func changed(_ change: (inout NetlinkBytes) -> Void) -> [Interference.Delivery] {
    map {
      var message = $0
      change(&message)
      return .datagram(message.bytes)
    }
  }
}

extension Interference.Delivery {
  /// The same from another process.
  fileprivate func from(_ port: UInt32) -> Self {
    guard case .datagram(let bytes, _) = self else { return self }
    return .datagram(bytes, sender: port)
  }
}
