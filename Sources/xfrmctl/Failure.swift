import XFRMKit
import XFRMLab

/// An error worded for the person at the terminal.
struct Failure: Error, CustomStringConvertible {
  var description: String
  var status: ExitStatus

  init(_ description: String, _ status: ExitStatus) {
    self.description = description
    self.status = status
  }

  init(_ error: XFRMError) {
    let status = ExitStatus(error)
    let remedy = status == .permission ? "; run it as root" : status.reason
    self.init("\(error)\(remedy)", status)
  }

  init(_ error: LabError) {
    let status: ExitStatus =
      switch error {
      case .xfrm(let error): ExitStatus(error)
      case .nameTaken, .stillRunning, .keepsStarting, .beingBuilt: .busy
      case .scenario: .invalidInput
      default: error.isPermission ? .permission : error.isUnsupported ? .notInThisKernel : .failed
      }
    var remedy = ""
    if status == .permission {
      remedy = "; run it as root, or with CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN"
    } else if case .xfrm = error {
      // Of what labs take besides, such as VRFs, it knows nothing.
      remedy = status.reason
    }
    self.init("\(error)\(remedy)", status)
  }

  /// A network namespace that cannot be entered.
  init(namespace: String, _ error: NetlinkError) {
    guard case .system(_, let errno) = error else {
      self.init("cannot use network namespace “\(namespace)”: \(error)", .failed)
      return
    }
    let advice =
      switch errno {
      case .noSuchFile: ": there is none of that name; `ip netns` lists them"
      case .notPermitted, .accessDenied: ": entering it takes root (CAP_SYS_ADMIN)"
      case .invalidArgument: ": that is no network namespace"
      default: ": \(errno) (\(errno.name))"
      }
    let isPermission = errno == .notPermitted || errno == .accessDenied
    self.init(
      "cannot enter network namespace “\(namespace)”\(advice)",
      isPermission ? .permission : .invalidInput)
  }
}

extension ExitStatus {
  /// Who knows more, for the end of a message.
  var reason: String {
    self == .notInThisKernel ? "; `xfrmctl check` tells why" : ""
  }

  init(_ error: XFRMError) {
    switch error.cause {
    case .notPrivileged, .mayNotEnterNamespace: self = .permission
    case .noNetlinkInterface, .noProtocol, .noAlgorithm, .algorithmIncomplete, .noMode, .noIPv6:
      self = .notInThisKernel
    default: self = .failed
    }
  }
}
