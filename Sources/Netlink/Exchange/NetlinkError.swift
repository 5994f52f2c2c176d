/// Why an exchange with the kernel failed.
///
/// The connection goes on in every case. Where the answer was lost (``malformed(_:)``,
/// ``truncated(length:capacity:)``, ``overrun``, ``timedOut``, ``system(_:_:)`` while receiving), what
/// was asked may have been carried out.
@nonexhaustive
public enum NetlinkError: Error, Hashable, Sendable {
  /// What was being done when a system call failed.
  public enum Operation: String, Hashable, Sendable {
    case open = "open a netlink socket"
    case configure = "configure a netlink socket"
    case join = "join a multicast group"
    case send
    case receive
    case openNamespace = "open the network namespace"
    case enterNamespace = "enter the network namespace"
    case createNamespace = "create a network namespace"
    case createUserNamespace = "create a user namespace"
    case startThread = "start a thread"
    case readCounters = "read the counters of /proc/net/xfrm_stat"
    case readSetting = "read a kernel setting"
    case writeSetting = "change a kernel setting"
  }

  /// A system call failed.
  case system(Operation, SystemErrno)
  /// The kernel refused the request.
  case refused(KernelRefusal)
  /// The request cannot be put into its wire format.
  case unencodable(UnencodableMessage)
  /// The kernel's reply could not be read.
  case malformed(MalformedMessage)
  /// A datagram was longer than the buffer for it.
  case truncated(length: Int, capacity: Int)
  /// The kernel ended its reply without the answer.
  case unanswered
  /// The kernel had more to say than the receive buffer holds; what it said is lost.
  case overrun
  /// The kernel did not answer in time.
  case timedOut
  /// The table changed while it was being listed; ask again.
  case interrupted
}

extension NetlinkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let operation, let errno):
      "could not \(operation.rawValue): \(errno) (\(errno.name))"
    case .refused(let refusal): "\(refusal)"
    case .unencodable(let problem): "the request cannot be expressed: \(problem)"
    case .malformed(let problem): "the kernel's reply makes no sense: \(problem)"
    case .truncated(let length, let capacity):
      "the kernel's reply of \(length) bytes exceeds the buffer of \(capacity)"
    case .unanswered: "the kernel ended its reply without an answer"
    case .overrun: "the kernel's messages overran the receive buffer"
    case .timedOut: "the kernel did not answer in time"
    case .interrupted: "the table changed while it was being listed"
    }
  }
}
