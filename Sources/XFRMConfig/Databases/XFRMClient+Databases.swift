public import XFRMKit

extension XFRMClient: Databases {
  public mutating func performUntilRefusal(_ operations: [Operation]) -> BatchResult {
    performUntilRefusal(operations, report: { _, _ in })
  }

  public mutating func snapshot() throws(XFRMError) -> KernelSnapshot {
    var actions: DefaultActions?
    do throws(XFRMError) {
      actions = try defaultActions()
    } catch {
      // A kernel before 5.15 knows no such message; it accepts everything.
      guard error.refusal?.errno == .invalidArgument else { throw error }
    }
    return KernelSnapshot(
      associations: try associations(),
      policies: try policies().filter { !$0.direction.isOfSocket },
      defaultActions: actions)
  }
}
