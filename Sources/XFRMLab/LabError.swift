public import XFRMKit

/// Why something in a lab failed.
@nonexhaustive
public enum LabError: Error, Hashable, Sendable {
  /// A system call failed, while doing what the text says.
  case system(String, SystemErrno)
  case netlink(String, NetlinkError)
  case xfrm(XFRMError)
  /// What the first text says takes what the second one names, and this kernel does not have that.
  case notInThisKernel(String, lacking: String)
  /// Something in a scenario was not as it says.
  case scenario(String)
  /// There is a lab of that name, which a process holds.
  case nameTaken(String, process: Int32)
  /// What was to end was killed, and is still there.
  case stillRunning(String)
}

extension LabError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let attempt, let errno): "cannot \(attempt): \(errno) (\(errno.name))"
    case .netlink(let attempt, let error): "cannot \(attempt): \(error)"
    case .xfrm(let error): "\(error)"
    case .notInThisKernel(let attempt, let feature):
      "cannot \(attempt): this kernel has no \(feature)"
    case .scenario(let message): message
    case .nameTaken(let name, let process):
      "there is a lab “\(name)” already, held by process \(process)"
    case .stillRunning(let what): "\(what) has been killed, and still runs"
    }
  }

  /// Whether it is the kernel that lacks something.
  public var isUnsupported: Bool {
    switch self {
    case .notInThisKernel, .netlink(_, .system(.createNamespace, .invalidArgument)): true
    case .netlink(_, .refused(let refusal)): refusal.errno == .operationNotSupported
    default: false
    }
  }

  /// Whether it is the caller's privileges that are missing.
  public var isPermission: Bool {
    switch self {
    case .system(_, .notPermitted), .system(_, .accessDenied): true
    case .netlink(_, .system(_, .notPermitted)), .netlink(_, .system(_, .accessDenied)): true
    case .netlink(_, .refused(let refusal)): refusal.errno == .notPermitted
    case .xfrm(let error): error.cause == .notPrivileged
    default: false
    }
  }
}
