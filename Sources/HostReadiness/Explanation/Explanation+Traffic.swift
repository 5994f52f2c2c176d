internal import Netlink
internal import XFRMKit
internal import XFRMLab

extension Findings {
  /// Why there was no network to send packets through.
  func explain(_ error: LabError) -> Explanation {
    if case .xfrm(let error) = error { return explain(undecided: error) }
    if error.isUnsupported {
      return Explanation(
        cause:
          "trying it takes virtual Ethernet, which is not to be had here (CONFIG_VETH): \(error)",
        remedies: [Remedy("load veth", command: "modprobe veth")])
    }
    if error.isPermission {
      return Explanation(
        cause: "trying it takes CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN: \(error)",
        remedies: [.asRoot])
    }
    if case .system(_, .readOnlyFileSystem) = error {
      return Explanation(
        cause: "trying it takes settings of private namespaces: \(error)",
        remedies: [Remedy("run the check outside of the container")])
    }
    return Explanation(cause: "\(error)")
  }

  /// Why packets go in clear that a policy is about.
  ///
  /// - Parameter title: What would have protected them.
  func explain(clear title: String) -> Explanation {
    Explanation(
      cause: "policies were in place and packets passed them by (\(title))",
      remedies: [
        Remedy(
          "see whether interfaces are exempted from IPsec (disable_xfrm); new namespaces take that "
            + "over",
          command: "sysctl net.ipv4.conf.all.disable_xfrm net.ipv4.conf.default.disable_xfrm")
      ])
  }

  /// Why packets do not get through SAs that the kernel has accepted.
  ///
  /// - Parameter dropped: What the kernel counted as dropped meanwhile.
  func explain(dropped: [String: UInt64]) -> Explanation {
    let counters = dropped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let words = counters.first.flatMap { meaning(ofCounter: $0.key) }
    let names = counters.map { "\($0.key) \($0.value)" }
    return Explanation(
      cause: "the kernel takes the SAs and does not carry what belongs into them"
        + (words.map { ": \($0)" } ?? "") + (names.isEmpty ? "" : " (\(names.asList))"),
      remedies: [anotherKernel])
  }

  /// What to do about a kernel that does not do what it says.
  var anotherKernel: Remedy {
    Remedy(
      "boot another kernel, and tell those who made this one; a driver for cryptographic hardware "
        + "is a suspect, too")
  }

  private func meaning(ofCounter name: String) -> String? {
    switch name {
    case "XfrmInStateProtoError": "what arrived could not be decrypted"
    case "XfrmInNoStates": "no SA was found for what arrived"
    case "XfrmInNoPols", "XfrmInTmplMismatch", "XfrmInPolError":
      "packets arrived that a policy wants protected, and were not"
    case "XfrmOutStateProtoError", "XfrmOutError": "packets could not be encrypted"
    case "XfrmOutNoStates": "no SA was found for what was to leave"
    default: nil
    }
  }
}

extension LabError {
  var evidence: Evidence {
    switch self {
    case .system(let attempt, let errno): Evidence(attempt, "\(errno)", errno: errno.name)
    case .netlink(let attempt, .refused(let refusal)):
      Evidence(
        attempt, "\(refusal.errno)", errno: refusal.errno.name, kernelWords: refusal.explanation)
    case .netlink(let attempt, let error): error.evidence(attempt)
    case .xfrm(let error): error.evidence
    case .notInThisKernel, .scenario, .nameTaken, .stillRunning, .keepsStarting, .beingBuilt:
      Evidence("build a lab", "\(self)")
    }
  }
}
