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
  /// However often it was looked for what was to end, there was something new; the last of it.
  case keepsStarting(String)
  /// There is a lab of that name, and no node of it is there yet.
  case beingBuilt(String)
}

extension LabError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let attempt, .readOnlyFileSystem) where attempt.contains("/proc/sys/"):
      "cannot \(attempt): /proc/sys is read-only here (EROFS), as in containers and some services; "
        + "where that is allowed, `mount -o remount,rw /proc/sys` makes it writable"
    case .system(let attempt, let errno): "cannot \(attempt): \(errno) (\(errno.name))"
    case .netlink(let attempt, let error): "cannot \(attempt): \(error)"
    case .xfrm(let error): "\(error)"
    case .notInThisKernel(let attempt, let feature):
      "cannot \(attempt): this kernel has no \(feature)"
    case .scenario(let message): message
    case .nameTaken(let name, let process):
      "there is a lab “\(name)” already, held by process \(process)"
    case .stillRunning(let what): "\(what) has been killed, and still runs"
    case .keepsStarting(let what):
      "what runs in it was killed over and over, and goes on starting more, \(what) last; "
        + "end what starts it"
    case .beingBuilt(let name): "lab “\(name)” is still being built; try again in a moment"
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
    case .xfrm(let error):
      error.cause == .notPrivileged || error.cause == .mayNotEnterNamespace
    default: false
    }
  }
}
