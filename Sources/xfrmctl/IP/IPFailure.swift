import IPRoute2
import XFRMKit

/// Why a command failed, in the words that iproute2 has for it.
struct IPFailure: Error {
  /// Lines for stderr.
  var text: String
  /// What iproute2 exits with.
  var status: Int32
  /// What the library says of it, for those who have words of their own.
  private(set) var cause: XFRMError?

  init(_ text: String, status: Int32) {
    self.text = text
    self.status = status
  }

  init(_ error: SyntaxError) { self.init(error.text, status: error.exitStatus) }

  /// - Parameter ended: What a refusal ends, if that is a list or `deleteall`: iproute2 says so, and
  ///   exits with 1.
  init(_ error: XFRMError, ended: String? = nil) {
    switch error.failure {
    case .refused(let refusal):
      let end = ended.map { "\n\($0) terminated" } ?? ""
      self.init(refusal.asIPTellsIt + end, status: ended == nil ? 2 : 1)
    case .system(.open, let errno):
      self.init("Cannot open netlink socket: \(errno)", status: 1)
    case .system(.join, let errno):
      self.init("Cannot bind netlink socket: \(errno)", status: 1)
    case .system(.send, let errno):
      self.init("Cannot talk to rtnetlink: \(errno)", status: 2)
    default: self.init("Error: \(error)", status: 2)
    }
    cause = error
  }

  /// A network namespace that cannot be entered.
  init(namespace: String, _ error: NetlinkError) {
    let reason = if case .system(_, let errno) = error { "\(errno)" } else { "\(error)" }
    self.init("Cannot open network namespace \"\(namespace)\": \(reason)", status: 255)
  }
}

extension KernelRefusal {
  /// The kernel's own words if it has some, else what the error number means.
  var asIPTellsIt: String {
    guard let explanation else { return "RTNETLINK answers: \(errno)" }
    return "Error: \(explanation)\(explanation.hasSuffix(".") ? "" : ".")"
  }
}
