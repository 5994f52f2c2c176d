internal import XFRMKit

extension DesiredState {
  /// What it takes before there is a network, and no keys: what is to be protected is dropped, and
  /// everything else is as it will be.
  ///
  /// Of a configuration its guards alone would not do. What passes in clear has policies that are
  /// stronger than any guard, and between them stand those that protect: without these, packets
  /// would pass that are never to be seen. So each policy of an entry with a guard is there already,
  /// with its place and its key, and drops; ``Planner`` later replaces it in one step. Entries
  /// without a guard have none here either.
  ///
  /// What of the whole is there stays: a policy of ours that protects goes on to, as do SAs,
  /// interfaces and routes. Keys that were used are not to be had again.
  public var guardsOnly: DesiredState {
    let guarded = Set(policies.lazy.filter { $0.role == .guard }.map(\.name.entry))
    var state = DesiredState()
    state.isGuardsOnly = true
    state.policies = policies.compactMap { entry in
      guard entry.role == .protect else { return entry }
      guard guarded.contains(entry.name.entry) else { return nil }
      var policy = entry.policy
      policy.action = .block
      policy.templates = []
      return PolicyEntry(entry.name, .discard, policy)
    }
    // Of connections with an interface policies stop nothing that is not routed into it.
    state.routeGuards = routeGuards
    state.defaultActions = defaultActions
    state.namespace = namespace
    state.watermarks = watermarks
    return state
  }
}
