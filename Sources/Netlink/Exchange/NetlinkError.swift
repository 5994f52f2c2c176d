/// Why an exchange with the kernel failed.
///
/// The connection goes on in every case. Where the answer was lost (``malformed(_:)``,
/// ``truncated(length:capacity:)``, ``overrun``, ``timedOut``, ``system(_:_:)`` while receiving), what
/// was asked may have been carried out.
@nonexhaustive
public enum NetlinkError: Error, Hashable, Sendable {
  /// What was being done when a system call failed.
  public enum Operation: String, Hashable, Sendable {
    /// `socket`, or binding it.
    case open = "open a netlink socket"
    /// `setsockopt`: buffer sizes, extended acknowledgements, timeouts.
    case configure = "configure a netlink socket"
    /// `NETLINK_ADD_MEMBERSHIP`; wants the same privilege as a request.
    case join = "join a multicast group"
    /// `sendto`: a datagram that is too long, or no privilege.
    case send
    /// `recvmsg`.
    case receive
    /// Opening the file that stands for a network namespace.
    case openNamespace = "open the network namespace"
    /// `setns`, on a thread for the purpose.
    case enterNamespace = "enter the network namespace"
    /// `unshare`; wants `CAP_SYS_ADMIN`.
    case createNamespace = "create a network namespace"
    /// `unshare`, or mapping the user and group.
    case createUserNamespace = "create a user namespace"
    /// `pthread_create`.
    case startThread = "start a thread"
    /// Kernels without `CONFIG_XFRM_STATISTICS` have none.
    case readCounters = "read the counters of /proc/net/xfrm_stat"
    /// A variable below `/proc/sys`.
    case readSetting = "read a kernel setting"
    /// A variable below `/proc/sys`.
    case writeSetting = "change a kernel setting"
    /// `socket` of a family other than netlink.
    case openSocket = "open a socket"
    /// `setsockopt`, `getsockopt` on such a socket.
    case setOption = "set a socket's option"
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
