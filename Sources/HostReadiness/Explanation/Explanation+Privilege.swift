internal import XFRMKit

extension Findings {
  /// Why nothing can be tried out.
  func explain(noNamespace error: NetlinkError) -> Explanation {
    let need = "probing takes a private network namespace"
    switch error {
    case .system(_, .notPermitted), .system(_, .accessDenied):
      let lacking = lackingCapabilities
      if let setting = environment.limits.setting, caller?.user != 0 {
        return Explanation(
          cause: "\(need), which \(setting) forbids to all but root", remedies: [asRoot])
      }
      return lacking.isEmpty
        ? Explanation(
          cause: "\(need), and something forbids this process to make one (a seccomp filter, a "
            + "security module): \(error)")
        : explain(lacking: lacking)
    case .system(.createNamespace, .invalidArgument):
      return Explanation(cause: "\(need), and this kernel has none (CONFIG_NET_NS): \(error)")
    case .system(.createNamespace, .noSpace):
      return Explanation(
        cause: "\(need), and the limit of user.max_net_namespaces is reached: \(error)")
    default:
      return Explanation(cause: "\(need): \(error)")
    }
  }

  /// Why the kernel's answer does not decide anything.
  func explain(undecided error: XFRMError) -> Explanation {
    guard error.cause == .notPrivileged else { return Explanation(cause: "\(error)") }
    let lacking = lackingCapabilities
    return lacking.isEmpty
      ? Explanation(
        cause: "the kernel takes CAP_NET_ADMIN in the user namespace that owns the network "
          + "namespace; this process has it in another one", remedies: [asRoot])
      : explain(lacking: lacking)
  }

  func explain(lacking: [Privilege.Capability]) -> Explanation {
    Explanation(
      cause: "probing takes \(lacking.map(\.name).asList), which this process does not have",
      remedies: [asRoot])
  }

  /// Whether this is root already, less what somebody took away.
  private var isConfinedRoot: Bool {
    guard let privilege, privilege.isInitialUserNamespace else { return false }
    let held = Privilege.Capability.allCases.filter(privilege.holds)
    return !held.isEmpty && !lackingCapabilities.isEmpty
  }

  private var asRoot: Remedy {
    host.container.map {
      Remedy(
        "run the check as root on the host of this \($0) container, or give the container the "
          + "capabilities NET_ADMIN and SYS_ADMIN")
    } ?? (isConfinedRoot ? .asFullRoot : .asRoot)
  }
}

extension Remedy {
  static let asRoot = Remedy("run the check as root", command: "sudo xfrmctl check")

  /// For root from whom something was taken away.
  static let asFullRoot = Remedy("run the check as root, with all its capabilities")
}

extension NetlinkError {
  func evidence(_ source: String) -> Evidence {
    guard case .system(_, let errno) = self else { return Evidence(source, "\(self)") }
    return Evidence(source, "\(self)", errno: errno.name)
  }
}
