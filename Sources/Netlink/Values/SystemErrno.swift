internal import CNetlink
internal import Glibc

/// An error number from a system call or a kernel reply.
public struct SystemErrno: Error, OpenEnumeration, CustomStringConvertible {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The error of the system call that has just failed.
  package static var current: Self { Self(errno) }

  public static var notPermitted: Self { Self(EPERM) }
  public static var noSuchFile: Self { Self(ENOENT) }
  public static var noSuchProcess: Self { Self(ESRCH) }
  public static var again: Self { Self(EAGAIN) }
  public static var noMemory: Self { Self(ENOMEM) }
  public static var accessDenied: Self { Self(EACCES) }
  public static var busy: Self { Self(EBUSY) }
  public static var fileExists: Self { Self(EEXIST) }
  public static var invalidArgument: Self { Self(EINVAL) }
  public static var outOfRange: Self { Self(ERANGE) }
  public static var notImplemented: Self { Self(ENOSYS) }
  public static var protocolNotSupported: Self { Self(EPROTONOSUPPORT) }
  public static var noProtocolOption: Self { Self(ENOPROTOOPT) }
  public static var operationNotSupported: Self { Self(EOPNOTSUPP) }
  public static var addressFamilyNotSupported: Self { Self(EAFNOSUPPORT) }
  public static var noBufferSpace: Self { Self(ENOBUFS) }
  public static var timedOut: Self { Self(ETIMEDOUT) }
  public static var noSpace: Self { Self(ENOSPC) }
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
