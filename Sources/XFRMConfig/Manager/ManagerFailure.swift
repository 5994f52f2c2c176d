public import XFRMKit

/// Why the manager did not do what it was asked.
public enum ManagerFailure: Error, Sendable {
  /// A journal, a lock or the history.
  case store(StoreProblem)
  /// The kernel cannot be asked.
  case kernel(XFRMError)
  /// Interfaces, routes or settings cannot be looked at.
  case host(HostProblem)
  /// There is no plan.
  case noPlan(PlanProblems)
  /// The kernel, or the keys, are not any more what a saved plan was made for. Nothing was done.
  case moved
  /// It stopped on the way. The kernel is left where every packet is treated as before, as it is to
  /// be, or dropped; the next plan goes on from there.
  ///
  /// - Parameters:
  ///   - done: Steps that are certainly done.
  ///   - steps: All of them.
  case stopped(ApplyFailure, done: Int, of: Int)
  /// It came to where a recovery leads, and something could not be read or written that was no
  /// reason to stay.
  case doneBut(Recovery, PreparedPlan, StoreProblem)
  /// What was asked for is done, and the history could not be written, so that nobody will know by
  /// which configuration.
  case unrecorded(PreparedPlan, StoreProblem)
  /// A key that the plan takes must not be used, as it was before, or is not to be had. Nothing was
  /// done.
  case keys(KeyProblem)
  /// The configuration that a journal tells of is in no history.
  case unknownConfiguration(String)
  /// Something else has to be confirmed first, or led back. Nothing was done.
  case pending(Pending)
  /// An earlier run was cut short on its way to this configuration, so that there is nothing that
  /// a trial could lead back to. Nothing was done.
  case unfinished(String)
  /// Nobody could be found to lead back from a trial. Nothing was done.
  case unwatched(HostProblem)
  /// These SAs are gone, and their keys must not be used again. Nothing was done.
  case noWayBack([ObjectName])
  /// These SAs of what is to be confirmed are gone, and their keys must not be used again. Nothing
  /// was done, and the deadline stays.
  case noWayOn([ObjectName])
}
