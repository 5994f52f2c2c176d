internal import XFRMKit

extension Manager {
  /// What the kernel has, as entries of a configuration.
  ///
  /// - Parameters:
  ///   - scope: All of it, what is ours, or what is not.
  ///   - keyFolder: Where references say that keys are.
  public func export(
    _ scope: Exchange.Scope = .all, keyFolder: String = Exchange.usualKeyFolder
  ) throws(ManagerFailure) -> Exchange {
    let holdings = try look().holdings
    var client = try client()
    var snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try client.snapshot() } catch { throw .kernel(error) }
    // The kernel lists the newest first, and among equals it heeds the oldest.
    snapshot.policies.reverse()
    snapshot.associations.reverse()
    return Exchange(snapshot, holding: holdings, scope: scope, keyFolder: keyFolder)
  }
}
