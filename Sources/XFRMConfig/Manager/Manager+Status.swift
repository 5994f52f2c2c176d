public import XFRMKit

/// How the kernel stands to what was applied.
public struct Status: Sendable {
  /// The configuration in force, as the history has it; `nil` if none was ever applied, or it is not
  /// kept any more.
  public var inForce: History.Entry?
  /// Its ID; `nil` if none was ever applied.
  public var committed: String?
  /// What an earlier run left unfinished.
  public var recovery: Recovery?
  /// What has to be confirmed.
  public var pending: Pending?
  /// How many policies are ours, as journal and kernel agree.
  public var policies: Int
  public var associations: Int
  public var interfaces: Int
  /// Those that stand behind others among them.
  public var routes: Int
  /// What is in the kernel and not ours.
  public var foreign: [ForeignObjects]
  /// What of ours is nearly used up.
  public var wear: [Wear] = []

  /// The connections whose keys are on the way from one generation to the next, by name.
  public var rotations: [(connection: String, use: KeyGenerations)] {
    (inForce?.configuration.keys ?? [:]).filter { $0.value.phase != nil }
      .sorted { $0.key < $1.key }.map { (connection: $0.key, use: $0.value) }
  }
}

/// Something of ours that is not as it was applied.
public struct Drift: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case missing
    case changed
    /// It is there though it is not wanted any more.
    case surplus
    /// It carries our tag, and the journal knows nothing of it.
    case orphan
    /// Something that is not ours is in its way.
    case obstructed
  }

  public var kind: Kind
  public var object: String
  public var explanation: String
}

extension Manager {
  /// How the kernel stands to what was applied.
  public func status() throws(ManagerFailure) -> Status {
    let journal = try look()
    var client = try client()
    let snapshot = try survey(&client, DesiredState(), journal.holdings)
    var entry: History.Entry?
    if let id = journal.committed {
      do throws(StoreProblem) { entry = try history.entry(id) } catch { throw .store(error) }
    }
    let held = journal.holdings
    let inventory = Inventory(snapshot, held)
    return Status(
      inForce: entry, committed: journal.committed, recovery: journal.recovery,
      pending: journal.pending,
      policies: inventory.policies.count, associations: inventory.associations.count,
      interfaces: held.interfaces.count, routes: held.routes.count + held.routeGuards.count,
      foreign: inventory.foreign, wear: inventory.wear(held, at: snapshot.time))
  }

  /// What of ours is not as it was applied. While a configuration waits to be confirmed, what waits
  /// with it is none of that.
  ///
  /// - Parameters:
  ///   - desired: What the configuration in force comes to; nothing if none is.
  ///   - keys: Fetches the key of an SA, so that another is found out.
  public func drift(
    from desired: DesiredState, keys: Keys
  ) throws(ManagerFailure) -> [Drift] {
    let journal = try look()
    var client = try client()
    let snapshot = try survey(&client, desired, journal.holdings)
    let inventory = Inventory(snapshot, journal.holdings)
    var found = inventory.orphanPolicies.map {
      Drift(kind: .orphan, object: "\($0)", explanation: "carries our tag")
    }
    found += inventory.orphanAssociations.map {
      Drift(kind: .orphan, object: "\($0.id)", explanation: "carries our tag")
    }
    var options = PlanOptions()
    options.allowsAllCleartext = true
    do throws(PlanProblems) {
      let plan = try Planner(
        fingerprinted(desired, journal.holdings, keys), on: snapshot, holding: journal.holdings,
        options: options
      ).plan()
      let isTried = journal.pending?.isVerified == true
      found += (isTried ? plan.stepsOfTrial : plan.steps).compactMap(\.drift)
    } catch {
      found += error.problems.map {
        Drift(kind: .obstructed, object: "\($0.object)", explanation: $0.explanation)
      }
    }
    return found
  }
}

extension PlanStep {
  /// What it would mend.
  fileprivate var drift: Drift? {
    switch change {
    case .none: nil
    case .add: Drift(kind: .missing, object: "\(object)", explanation: "\(kind) is not there")
    case .change: Drift(kind: .changed, object: "\(object)", explanation: reason)
    case .remove: Drift(kind: .surplus, object: "\(object)", explanation: reason)
    }
  }
}
