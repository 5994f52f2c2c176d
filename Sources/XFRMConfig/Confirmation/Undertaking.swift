internal import XFRMKit

/// Steps of a plan, and what the journal says before the first and after the last of them.
struct Undertaking: Sendable {
  var before: [JournalRecord]
  var steps: [PlanStep]
  var after: [JournalRecord]

  /// All the way to a configuration.
  static func whole(_ plan: Plan, to target: String, from origin: String?) -> Undertaking {
    Undertaking(
      before: [.started(target: target, origin: origin)], steps: plan.steps,
      after: [.committed(target)])
  }

  /// As far as there is a way back that takes no keys.
  static func trial(
    _ plan: Plan, to target: String, from origin: String?, until deadline: UInt64
  ) -> Undertaking {
    Undertaking(
      before: [.started(target: target, origin: origin), .awaiting(deadline: deadline)],
      steps: plan.stepsOfTrial, after: [.verified])
  }

  /// What is left of the way to a configuration, from where there is no way back.
  static func rest(_ plan: Plan, to target: String) -> Undertaking {
    Undertaking(before: [.lifted], steps: plan.steps, after: [.committed(target)])
  }

  /// The way back.
  ///
  /// - Parameters:
  ///   - target: The configuration that is not to be.
  ///   - origin: The one that was in force before; `nil` for none.
  ///   - time: When that is, in seconds since 1970.
  static func back(
    _ plan: Plan, from target: String, to origin: String?, at time: UInt64
  ) -> Undertaking {
    Undertaking(
      before: [.returning], steps: plan.steps,
      after: [.committed(origin ?? ""), .rolledBack(target: target, at: time)])
  }
}

extension Plan {
  /// What is done before anybody confirms it: policies and default actions become what they will be,
  /// since whoever is cut off by that confirms nothing, and they can be put back. Old SAs stay, so
  /// that this takes no keys, and with them interfaces and routes.
  var stepsOfTrial: [PlanStep] {
    steps.filter { step in
      guard step.phase > .verify else { return true }
      return switch step.action {
      case .deletePolicy, .setDefaultActions: true
      default: false
      }
    }
  }

  /// SAs that cannot be added again, since no key of theirs may be used twice.
  var unrepeatable: [ObjectName] {
    steps.compactMap { step in
      guard case .addAssociation(let entry, _) = step.action, entry.needsFreshKey
      else { return nil }
      return entry.name
    }
  }

  /// Whether anything of it is a matter of the ledger: keys that must be fresh, or policies that may
  /// lead the first packet to SAs of a run that was cut short, which then count as used.
  ///
  /// Guards are none, so that they go where no ledger can be used, and nothing passes in clear for
  /// the want of one.
  var needsLedger: Bool {
    steps.contains { step in
      switch step.action {
      case .addAssociation(let entry, _): entry.needsFreshKey
      case .addPolicy(let policy, _, _), .replacePolicy(let policy, _, _):
        !policy.templates.isEmpty
      default: false
      }
    }
  }
}
