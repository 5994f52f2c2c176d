import XFRMKit

@testable import HostReadiness

/// Kernels that answer as real ones did.
enum SyntheticKernel {
  static let workingInterface = Probe(outcome: .works("0 SAs, 0 policies"))

  static func answering(
    _ answer: (ESPVariant) -> ProbeOutcome
  ) -> ProbeResults {
    var results = ProbeResults()
    results.interface = workingInterface
    results.privateInterface = workingInterface
    for variant in ESPVariant.all { results[variant.id] = Probe(outcome: answer(variant)) }
    return results
  }

  static let capable = answering { .works("add \($0.association.id)") }

  /// Algorithms but no ESP: for one family, or for both.
  static func withoutESP(_ family: AddressFamily? = nil) -> ProbeResults {
    answering { variant in
      family == nil || variant.family == family
        ? .refused(variant.refusal(.protocolNotSupported, "Requested type not found"))
        : .works("add \(variant.association.id)")
    }
  }

  /// No AES-GCM.
  static let withoutGCM = answering { variant in
    variant.suffix == "gcm"
      ? .refused(variant.refusal(.notImplemented, "Requested AEAD algorithm not found"))
      : .works("add \(variant.association.id)")
  }

  /// Knows AES-GCM by name and lacks a part that makes an SA of it: seqiv, or drbg.
  static let withoutTemplates = answering { variant in
    variant.suffix == "gcm"
      ? .refused(
        variant.refusal(.noSuchFile, "Kernel was unable to initialize cryptographic operations"))
      : .works("add \(variant.association.id)")
  }

  static let withoutInterface: ProbeResults = {
    var results = ProbeResults()
    results.interface.outcome = .refused(
      XFRMError(
        "connect to the kernel's IPsec databases", .system(.open, .protocolNotSupported)))
    results.privateInterface.outcome = .notRun(.noInterface)
    for variant in ESPVariant.all { results[variant.id] = Probe(outcome: .notRun(.noInterface)) }
    return results
  }()

  /// What somebody without privileges gets to see.
  static let aloof: ProbeResults = {
    let denied = NetlinkError.system(.createNamespace, .notPermitted)
    var results = ProbeResults()
    results.interface.outcome = .refused(
      XFRMError("count SAs", .refused(KernelRefusal(errno: .notPermitted))))
    results.privateInterface.outcome = .notRun(.noNamespace(denied))
    for variant in ESPVariant.all {
      results[variant.id] = Probe(outcome: .notRun(.noNamespace(denied)))
    }
    return results
  }()
}

extension ESPVariant {
  func refusal(_ errno: SystemErrno, _ words: String) -> XFRMError {
    XFRMError(
      .addAssociation(association), .refused(KernelRefusal(errno: errno, explanation: words)))
  }
}

/// The report on a synthetic host with a synthetic kernel.
func report(_ root: SyntheticRoot, _ kernel: ProbeResults) -> ReadinessReport {
  let findings = Findings(root.options) { kernel }
  return ReadinessReport(findings)
}
