internal import XFRMKit

/// What became of asking the kernel something.
enum ProbeOutcome: Sendable {
  /// It was done, and what was done had the effect that was asked for.
  case works(String)
  /// The kernel, or the way to it, said no.
  case refused(XFRMError)
  /// The kernel agreed, and did something else.
  case different(request: String, difference: String)
  /// It was not asked.
  case notRun(Obstacle)

  /// Why a question could not be put.
  enum Obstacle: Sendable {
    /// The caller wants no probes.
    case unwanted
    /// The kernel might have loaded a module to answer, which it was not to.
    case mightLoadModules
    /// There is no way to the kernel's databases.
    case noInterface
    /// There is no private network namespace to try things in.
    case noNamespace(NetlinkError)
  }
}

extension ProbeOutcome {
  var works: Bool { if case .works = self { true } else { false } }

  /// The kernel's no, as far as it is one about the kernel and not about the caller or the way.
  var denial: XFRMError? {
    guard case .refused(let error) = self, error.isAboutTheKernel else { return nil }
    return error
  }
}

extension XFRMError {
  /// Whether another caller, or another try, would get the same answer.
  var isAboutTheKernel: Bool {
    switch failure {
    case .refused: cause != .notPrivileged
    case .system(.open, .protocolNotSupported): true
    case .system(.openSocket, .addressFamilyNotSupported): true
    // Options of sockets: one that the kernel does not have, and one that it has nothing for.
    case .system(.setOption, .noProtocolOption), .system(.setOption, .operationNotSupported): true
    default: false
    }
  }

  /// The symbol of the error number, where one was given.
  var errnoName: String? {
    switch failure {
    case .refused(let refusal): refusal.errno.name
    case .system(_, let errno): errno.name
    default: nil
    }
  }

  var evidence: Evidence {
    Evidence(
      request, "\(failure)", errno: errnoName, kernelWords: refusal?.explanation)
  }
}

/// A probe's outcome and how long it took.
struct Probe: Sendable {
  var outcome: ProbeOutcome
  var duration: Duration = .zero

  static func measure(_ body: () -> ProbeOutcome) -> Probe {
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = body()
    return Probe(outcome: outcome, duration: clock.now - start)
  }
}
