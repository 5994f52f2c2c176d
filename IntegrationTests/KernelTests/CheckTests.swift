import Dispatch
import Testing
import XFRMKit

@testable import HostReadiness

extension Kernel {
  /// What `xfrmctl check` finds out about the kernel of a bed.
  @Suite("Checks")
  struct CheckTests {
    /// - Parameter profile: Everything that it asks about.
    private static func check(_ profile: Profile) async -> ReadinessReport {
      await withCheckedContinuation { continuation in
        // A check waits for programs, which the threads of tasks are too few for.
        DispatchQueue.global().async {
          var options = CheckOptions()
          options.profile = profile
          continuation.resume(returning: HostReadiness.check(options: options))
        }
      }
    }

    @Test("explore", arguments: [Use.minimal, .algo, .gateway, .strongswan])
    func explore(_ use: Use) async throws {
      let report = await Self.check(Profile(use))
      print("=== \(use) \(report.duration) \(report.verdict) \(report.sideEffects.modulesLoaded)")
      for check in report.checks {
        print(
          check.status, check.severity, check.id, "|", check.summary, "|", check.duration, "|",
          check.status == .pass ? "" : check.cause ?? "", check.evidence.map { $0.answer })
      }
    }
  }
}
