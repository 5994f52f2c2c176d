import XFRMKit

@testable import HostReadiness

/// Kernels that answer as real ones did.
enum SyntheticKernel {
  static let workingInterface = Probe(outcome: .works("0 SAs, 0 policies"))

  /// Answers every probe: those that add SAs as `answer` says, the others that it works.
  ///
  /// - Parameter profile: Whose own checks there are besides those of the catalogue.
  static func answering(
    _ profile: Profile = Profile(.minimal), _ answer: (SAKind, CheckID) -> ProbeOutcome
  ) -> ProbeResults {
    var results = ProbeResults()
    results.interface = workingInterface
    results.privateInterface = workingInterface
    for check in CheckDefinition.all + CheckDefinition.all(for: profile) where check.probe != nil {
      results[check.id].outcome = check.kind.map { answer($0, check.id) } ?? .works("\(check.id)")
    }
    return results
  }

  static let capable = answering { kind, _ in .works("add \(kind.sample.id)") }

  /// Algorithms but no ESP: for one family, or for both.
  static func withoutESP(_ family: AddressFamily? = nil) -> ProbeResults {
    answering { kind, _ in
      kind.proto == .esp && (family == nil || kind.family == family)
        ? .refused(kind.refusal(.protocolNotSupported, "Requested type not found"))
        : .works("add \(kind.sample.id)")
    }
  }

  /// No AES-GCM.
  static let withoutGCM = answering { kind, _ in
    kind.transforms.allSatisfy { $0.algorithms.contains { $0.name.contains("gcm") } }
      ? .refused(kind.refusal(.notImplemented, "Requested AEAD algorithm not found"))
      : .works("add \(kind.sample.id)")
  }

  /// Knows AES-GCM by name and lacks a part that makes an SA of it: seqiv, or drbg.
  static let withoutTemplates = answering { kind, _ in
    kind.transforms.allSatisfy { $0.algorithms.contains { $0.name.contains("gcm") } }
      ? .refused(
        kind.refusal(.noSuchFile, "Kernel was unable to initialize cryptographic operations"))
      : .works("add \(kind.sample.id)")
  }

  static let withoutInterface: ProbeResults = {
    var results = unasked(.noInterface)
    results.interface.outcome = .refused(
      XFRMError(
        "connect to the kernel's IPsec databases", .system(.open, .protocolNotSupported)))
    return results
  }()

  /// What somebody without privileges gets to see.
  static let aloof: ProbeResults = {
    var results = unasked(.noNamespace(.system(.createNamespace, .notPermitted)))
    results.interface.outcome = .refused(
      XFRMError("count SAs", .refused(KernelRefusal(errno: .notPermitted))))
    return results
  }()

  private static func unasked(_ obstacle: ProbeOutcome.Obstacle) -> ProbeResults {
    var results = answering { _, _ in .notRun(obstacle) }
    results.privateInterface.outcome = .notRun(obstacle)
    for id in results.probes.keys { results[id].outcome = .notRun(obstacle) }
    return results
  }
}

extension ProbeResults {
  /// What is known where only a profile's own questions have been put.
  func asked(for profile: Profile) -> ProbeResults {
    let asked = Set(CheckDefinition.all(for: profile).map(\.id))
    var results = self
    results.probes = probes.filter { asked.contains($0.key) }
    return results
  }

  /// The same with another answer to one probe.
  func with(_ id: CheckID, _ outcome: ProbeOutcome) -> ProbeResults {
    var results = self
    results[id].outcome = outcome
    return results
  }
}

extension SAKind {
  func refusal(_ errno: SystemErrno, _ words: String?) -> XFRMError {
    XFRMError(
      .addAssociation(sample), .refused(KernelRefusal(errno: errno, explanation: words)))
  }
}

extension CheckDefinition {
  /// The SA that the probe of a check of the catalogue adds.
  static func kind(_ id: CheckID) -> SAKind? { all.first { $0.id == id }?.kind }
}

extension Profile {
  /// A minimal host that is to have ESP over IPv6, too.
  static let bothFamilies: Profile = {
    var profile = Profile(.minimal)
    profile.rules = [Rule("xfrm.esp6*", .required)]
    return profile
  }()

  /// A host of which everything is asked, and ESP is required.
  static let everything: Profile = {
    var profile = Profile(.minimal)
    profile.rules = [
      Rule("*", .optional), Rule("xfrm.esp*", .required), Rule("mod.*", .recommended),
    ]
    return profile
  }()
}

/// The report on a synthetic host with a synthetic kernel.
func report(
  _ root: SyntheticRoot, _ kernel: ProbeResults, _ profile: Profile = Profile(.minimal)
) -> ReadinessReport {
  var options = root.options
  options.profile = profile
  let findings = Findings(options) { kernel }
  return ReadinessReport(findings)
}
