internal import XFRMKit

/// What somebody should know of a plan that more than the kernel tells.
extension Manager {
  /// What a plan takes of the ledger's that it will not get; `nil` if nothing. Nothing is written.
  func refusal(of plan: Plan, _ keys: Keys, _ snapshot: KernelSnapshot) -> String? {
    do throws(KeyProblem) {
      let fresh = try LedgeredKeys.freshKeys(of: plan.steps, keys)
      guard !fresh.isEmpty else { return nil }
      let ledger = try KeyProblem.from { () throws(StoreProblem) in
        try Ledger.look(in: stateFolder, for: run, present: snapshot.associations)
      }
      try ledger?.check(fresh)
      return nil
    } catch {
      return "apply will not do this: \(error)"
    }
  }

  /// That the other end will drop what some SAs of a plan send: they count packets from 1 again, with
  /// a key that stays the same. `nil` if none does, as far as journal and history tell.
  func recount(by plan: Plan, _ journal: Journal) -> String? {
    var names: [ObjectName] = []
    let held = Set(journal.holdings.associations.values.lazy.map { AssociationKey($0.id) })
    let added = plan.steps.lazy.compactMap(\.addedAssociation).filter { entry in
      entry.direction == .outgoing && entry.key?.isStatic == true
        && entry.association.refusesReplays
    }
    guard !added.isEmpty else { return nil }
    let isNewBoot = hasStartedAnew(journal)
    for entry in added where isNewBoot || held.contains(AssociationKey(entry.association.id)) {
      names.append(entry.name)
    }
    guard let first = names.first else { return nil }
    let subject = names.count == 1 ? "\(first)" : "\(first) and \(names.count - 1) more SAs"
    return "\(subject) will count packets from 1 with a key that stays the same: where it counted "
      + "further before, the other end drops them until it has come as far again, its own SA is made "
      + "anew, or both have another SPI"
  }

  /// Whether more than guards was in force in this namespace, but not since the kernel started.
  private func hasStartedAnew(_ journal: Journal) -> Bool {
    // Whoever cannot read the history is told so where it is needed.
    guard (try? hasGuardsAtMost(journal)) == true else { return false }
    let entries = (try? history.entries()) ?? []
    return entries.contains { $0.isToStay && !$0.configuration.guardsOnly }
  }
}
