import Glibc
import Testing

@testable import Netlink

@Suite("An error number")
struct SystemErrnoTests {
  @Test(
    "has the C library's number and name",
    arguments: [
      (.notPermitted, EPERM, "EPERM"),
      (.noSuchFile, ENOENT, "ENOENT"),
      (.noSuchProcess, ESRCH, "ESRCH"),
      (.again, EAGAIN, "EAGAIN"),
      (.noMemory, ENOMEM, "ENOMEM"),
      (.accessDenied, EACCES, "EACCES"),
      (.busy, EBUSY, "EBUSY"),
      (.fileExists, EEXIST, "EEXIST"),
      (.invalidArgument, EINVAL, "EINVAL"),
      (.outOfRange, ERANGE, "ERANGE"),
      (.notImplemented, ENOSYS, "ENOSYS"),
      (.protocolNotSupported, EPROTONOSUPPORT, "EPROTONOSUPPORT"),
      (.noProtocolOption, ENOPROTOOPT, "ENOPROTOOPT"),
      (.operationNotSupported, EOPNOTSUPP, "EOPNOTSUPP"),
      (.addressFamilyNotSupported, EAFNOSUPPORT, "EAFNOSUPPORT"),
      (.noBufferSpace, ENOBUFS, "ENOBUFS"),
      (.networkUnreachable, ENETUNREACH, "ENETUNREACH"),
    ] as [(SystemErrno, Int32, String)])
  func known(errno: SystemErrno, number: Int32, name: String) {
    #expect(errno.rawValue == number)
    // glibc knows EOPNOTSUPP as ENOTSUP, the same number.
    #expect(errno.name == name || (name == "EOPNOTSUPP" && errno.name == "ENOTSUP"))
  }

  @Test("without a name says its number", arguments: [999, -1, .max, .min] as [Int32])
  func unknown(number: Int32) {
    #expect(SystemErrno(number).name == "errno \(number)")
    #expect("\(SystemErrno(number))" == "Unknown error \(number)")
  }

  @Test("reads as the C library's words")
  func description() {
    #expect("\(SystemErrno.noSuchFile)" == "No such file or directory")
  }
}
