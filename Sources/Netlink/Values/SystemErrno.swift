internal import CNetlink
internal import Glibc

/// An error number from a system call or a kernel reply.
public struct SystemErrno: Error, OpenEnumeration, CustomStringConvertible {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }
  /// The error of a number of `errno.h`, which is positive.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The error of the system call that has just failed.
  package static var current: Self { Self(errno) }

  /// `EPERM`: a capability is missing.
  public static var notPermitted: Self { Self(EPERM) }
  /// `ENOENT`: of policies: there is none.
  public static var noSuchFile: Self { Self(ENOENT) }
  /// `ESRCH`: of SAs: there is none.
  public static var noSuchProcess: Self { Self(ESRCH) }
  /// `EINTR`: a signal came first.
  static var interrupted: Self { Self(EINTR) }
  /// `EAGAIN`: nothing is there yet.
  public static var again: Self { Self(EAGAIN) }
  /// `ENOMEM`
  public static var noMemory: Self { Self(ENOMEM) }
  /// `EACCES`
  public static var accessDenied: Self { Self(EACCES) }
  /// `EBUSY`
  public static var busy: Self { Self(EBUSY) }
  /// `EEXIST`: of SAs and policies: there is one already.
  public static var fileExists: Self { Self(EEXIST) }
  /// `ENODEV`: of interfaces: there is none.
  public static var noSuchDevice: Self { Self(ENODEV) }
  /// `EINVAL`: a rule is broken.
  public static var invalidArgument: Self { Self(EINVAL) }
  /// `ERANGE`: an attribute is too short, or its value impossible.
  public static var outOfRange: Self { Self(ERANGE) }
  /// `ENOSYS`: of algorithms: the kernel lacks it.
  public static var notImplemented: Self { Self(ENOSYS) }
  /// `EPROTONOSUPPORT`: the kernel lacks a protocol or a mode.
  public static var protocolNotSupported: Self { Self(EPROTONOSUPPORT) }
  /// `ENOPROTOOPT`: of migrations: the kernel lacks them.
  public static var noProtocolOption: Self { Self(ENOPROTOOPT) }
  /// `EOPNOTSUPP`
  public static var operationNotSupported: Self { Self(EOPNOTSUPP) }
  /// `EAFNOSUPPORT`: the kernel lacks IPv6.
  public static var addressFamilyNotSupported: Self { Self(EAFNOSUPPORT) }
  /// `ENOBUFS`: announcements were lost.
  public static var noBufferSpace: Self { Self(ENOBUFS) }
  /// `ETIMEDOUT`
  public static var timedOut: Self { Self(ETIMEDOUT) }
  /// `ENOSPC`
  public static var noSpace: Self { Self(ENOSPC) }
  /// `EROFS`
  public static var readOnlyFileSystem: Self { Self(EROFS) }
  /// `EMSGSIZE`: a packet is longer than its path takes.
  public static var messageTooLong: Self { Self(EMSGSIZE) }
  /// `EADDRNOTAVAIL`: of addresses: there is none.
  public static var addressNotAvailable: Self { Self(EADDRNOTAVAIL) }
  /// `ENETUNREACH`
  public static var networkUnreachable: Self { Self(ENETUNREACH) }

  /// The C library's words for it.
  public var description: String {
    // Sound: strerror returns a NUL-terminated string for every number.
    unsafe String(cString: strerror(rawValue))
  }

  /// The symbol in `errno.h`, such as `EPERM`; `errno 999` for a number without one.
  public var name: String {
    // Sound: the library's table of names is constant.
    unsafe cnl_errno_name(rawValue).map { unsafe String(cString: $0) } ?? "errno \(rawValue)"
  }
}
