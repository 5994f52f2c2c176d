public import XFRMKit

extension XFRMClient: Databases {
  public mutating func performUntilRefusal(_ operations: [Operation]) -> BatchResult {
    performUntilRefusal(operations, report: { _, _ in })
  }

  public mutating func snapshot() throws(XFRMError) -> KernelSnapshot {
    KernelSnapshot(
      associations: try associations(),
      policies: try policies().filter { !$0.direction.isOfSocket },
      defaultActions: try knownDefaultActions())
  }
}
