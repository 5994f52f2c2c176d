import XFRMKit

/// The policies of a network namespace, kept up to date by what the kernel announces.
struct PolicyMirror {
  private(set) var policies: [PolicyKey: Policy] = [:]
  private(set) var overruns = 0

  mutating func take(_ element: XFRMEvents.Element) {
    switch element {
    case .snapshot(let snapshot, let reason):
      // What was known before counts for nothing: announcements may have been lost.
      policies = [:]
      for policy in snapshot.policies { policies[policy.key] = policy }
      if reason == .overrun { overruns += 1 }
    case .event(let event): take(event.content)
    case .unreadable(let problem): print("cannot read an announcement: \(problem)")
    @unknown default: break
    }
  }

  private mutating func take(_ content: XFRMEvent.Content) {
    switch content {
    case .policyAdded(let policy), .policyUpdated(let policy): policies[policy.key] = policy
    case .policyDeleted(let policy): policies[policy.key] = nil
    case .policyExpired(let expiry) where expiry.isHard: policies[expiry.policy.key] = nil
    case .policiesFlushed(let kind): policies = policies.filter { $0.value.kind != kind }
    default: break
    }
  }
}
