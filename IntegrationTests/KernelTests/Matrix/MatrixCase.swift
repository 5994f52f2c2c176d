import KernelReport
import Testing

@testable import XFRMKit

/// One thing that a kernel's IPsec is to do with real packets, between two sites that other cases use
/// before and after it.
struct MatrixCase: Sendable, CustomTestStringConvertible {
  /// The row of the report that it belongs to.
  var feature: String
  var name: String
  /// Without which it is skipped.
  var needs: [Feature] = []
  /// - Returns: What was not as it should be.
  var deed: @Sendable (MatrixRig) throws -> [String]

  var testDescription: String { name }

  /// Carries it out and writes down what came of it.
  func run() throws {
    let rig = try MatrixRig.current()
    if let lack = try rig.lack(of: needs) {
      MatrixLog.write(result(.skipped, lack))
      try Test.cancel("\(name): \(lack)")
    }
    var complaints: [String] = []
    let clock = ContinuousClock()
    let start = clock.now
    do {
      complaints = try deed(rig)
      try rig.clear()
    } catch {
      complaints.append("\(error)")
      // Whatever is left would make the next one fail as well.
      try? rig.clear()
    }
    let duration = Int((clock.now - start) / .milliseconds(1))
    MatrixLog.write(
      result(
        complaints.isEmpty ? .passed : .failed,
        complaints.isEmpty ? nil : complaints.joined(separator: "; "), duration))
    #expect(complaints.isEmpty)
  }

  private func result(
    _ verdict: CaseResult.Verdict, _ reason: String?, _ milliseconds: Int = 0
  ) -> CaseResult {
    CaseResult(
      bed: Bed.name, kernel: Bed.kernel, feature: feature, name: name, verdict: verdict,
      reason: reason, milliseconds: milliseconds)
  }
}

extension [MatrixCase] {
  /// Every so many on kernels that are emulated, which are ten times as slow; all elsewhere.
  func thinned(to step: Int) -> [MatrixCase] {
    guard Bed.isEmulated else { return self }
    return stride(from: 0, to: count, by: step).map { self[$0] }
  }
}

/// Words what is not as it should be.
struct Complaints {
  private(set) var texts: [String] = []

  mutating func expect<Value: Equatable>(_ what: String, _ value: Value, _ expected: Value) {
    if value != expected { texts.append("\(what): \(value) and not \(expected)") }
  }

  mutating func expect(_ what: String, _ isSo: Bool) {
    if !isSo { texts.append(what) }
  }
}
