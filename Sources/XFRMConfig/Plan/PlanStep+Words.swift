internal import XFRMKit

extension PlanStep {
  /// What becomes of an object.
  public enum Change: String, Hashable, Sendable {
    case add
    case change
    case remove
    /// Nothing: something is waited for, or looked at.
    case none
  }

  /// What becomes of the object.
  public var change: Change {
    switch action {
    case .addAssociation, .addPolicy, .addInterface, .addRoute(_, replacing: nil),
      .addRouteGuard:
      .add
    case .updateAssociation, .replacePolicy, .setDefaultActions, .change, .addRoute,
      .changeInterface:
      .change
    case .deleteInterface(_, isThere: false), .deleteRoute(_, isThere: false),
      .deleteRouteGuard(_, isThere: false), .deleteAddress(_, _, _, isThere: false):
      .none
    case .deleteAssociation, .deletePolicy, .deleteInterface, .deleteRoute, .deleteRouteGuard,
      .deleteAddress:
      .remove
    case .verify, .wait: .none
    }
  }

  /// Why what is not there is put there.
  static let newReason = "not there yet"
  /// Why what was there goes.
  static let unwantedReason = "not wanted any more"
  /// Why nothing is done but to forget it.
  static let goneReason = "not there any more: forgotten"

  /// What kind of object it is about, in a word.
  public var kind: String {
    switch action {
    case .addAssociation, .updateAssociation, .deleteAssociation: "sa"
    case .addPolicy, .replacePolicy, .deletePolicy: "policy"
    case .addInterface, .changeInterface, .deleteInterface: "interface"
    case .deleteAddress: "address"
    case .addRoute, .deleteRoute, .addRouteGuard, .deleteRouteGuard: "route"
    case .change: "setting"
    case .setDefaultActions: "default"
    case .verify: "verify"
    case .wait: "wait"
    }
  }

  /// What tells an SA from others, where a route leads that has a guard's name, or how long is
  /// waited; `nil` where the name says it all.
  public var detail: String? {
    switch action {
    case .addAssociation(let entry, _), .updateAssociation(let entry, _):
      "SPI \(entry.association.spi)"
    case .deleteAssociation(let held, _): "SPI \(held.id.spi)"
    case .addRouteGuard(let entry), .deleteRouteGuard(let entry, _): "\(entry.destination)"
    case .deleteAddress(_, let entry, _, _): entry.name
    case .wait(let duration): "\(duration)"
    default: nil
    }
  }

  /// Stands for the key of an SA that is added, as far as people look: `#7e19`; `nil` if nobody
  /// looked at the key.
  public var key: String? {
    guard case .addAssociation(let entry, _) = action, let fingerprint = entry.keyFingerprint else {
      return nil
    }
    return "#\(fingerprint.prefix(4))"
  }
}

extension Plan {
  /// How many steps do something to an object.
  public func count(of change: PlanStep.Change) -> Int { steps.count { $0.change == change } }

  /// - Parameter hasKeys: Whether the marks of keys belong to it.
  func stepTrees(hasKeys: Bool) -> [YAMLNode] {
    steps.enumerated().map { index, step in
      YAMLNode([
        ("number", YAMLNode(index + 1)),
        ("phase", YAMLNode(text: "\(step.phase)")),
        ("change", YAMLNode(text: step.change.rawValue)),
        ("kind", YAMLNode(text: step.kind)),
        ("object", YAMLNode(text: "\(step.object)")),
        ("detail", step.detail.map { YAMLNode(text: $0) }),
        ("key", hasKeys ? step.key.map { YAMLNode(text: $0) } : nil),
        ("reason", YAMLNode(text: step.reason)),
        ("effect", YAMLNode(text: step.effect.rawValue)),
      ])
    }
  }
}
