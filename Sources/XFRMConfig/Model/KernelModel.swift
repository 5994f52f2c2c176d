public import XFRMKit

/// The SAD and the SPD of a network namespace in memory: what the kernel accepts and refuses, and
/// what it does with packets.
///
/// It knows what plans are made of. Tests replay the same operations on a kernel and on a model, so
/// that what is proven with the one holds for the other.
public struct KernelModel: Databases, Equatable, Sendable {
  /// By what the kernel finds them by, the newest last.
  private(set) var associations: [SecurityAssociation] = []
  /// In the order in which packets are held against them: by priority, the oldest first.
  private(set) var policies: [Policy] = []
  private(set) var defaultActions = DefaultActions(
    incoming: .accept, forwarded: .accept, outgoing: .accept)
  private var lastIndex: UInt32 = 0

  public init() {}

  /// A kernel that has what another one had.
  ///
  /// - Parameter snapshot: Everything that it has.
  public init(_ snapshot: KernelSnapshot) {
    associations = snapshot.associations.reversed()
    for policy in snapshot.policies.reversed() { insert(policy) }
    if let actions = snapshot.defaultActions { defaultActions = actions }
  }

  public mutating func perform(_ operation: Operation) throws(XFRMError) {
    do throws(SystemErrno) {
      try carryOut(operation)
    } catch {
      throw XFRMError(operation, .refused(KernelRefusal(errno: error)))
    }
  }

  public mutating func performUntilRefusal(_ operations: [Operation]) -> BatchResult {
    var result = BatchResult()
    for operation in operations {
      guard result.isAccepted else {
        result.outcomes.append(.notSent)
        continue
      }
      do throws(SystemErrno) {
        try carryOut(operation)
        result.outcomes.append(.accepted)
      } catch {
        result.outcomes.append(.refused(KernelRefusal(errno: error)))
      }
    }
    return result
  }

  private mutating func carryOut(_ operation: Operation) throws(SystemErrno) {
    switch operation {
    case .addAssociation(let association): try add(association)
    case .updateAssociation(let association): try update(association)
    case .deleteAssociation(let id):
      guard let index = place(of: id) else { throw .noSuchProcess }
      associations.remove(at: index)
    case .addPolicy(let policy):
      guard place(of: policy.key) == nil else { throw .fileExists }
      insert(policy)
    case .updatePolicy(let policy):
      var policy = policy
      if let index = place(of: policy.key) { policy.index = policies.remove(at: index).index }
      insert(policy)
    case .deletePolicy(let key):
      guard let index = place(of: key) else { throw .noSuchFile }
      policies.remove(at: index)
    case .setDefaultActions(let actions): set(actions)
    default: throw .operationNotSupported
    }
  }

  public func association(
    _ id: SecurityAssociationID
  ) throws(XFRMError) -> SecurityAssociation {
    guard let index = place(of: id) else { throw .missing("\(id)", .noSuchProcess) }
    return associations[index]
  }

  public func policy(_ key: PolicyKey) throws(XFRMError) -> Policy {
    guard let index = place(of: key) else { throw .missing("\(key)", .noSuchFile) }
    return policies[index]
  }

  public func snapshot() -> KernelSnapshot {
    KernelSnapshot(
      associations: associations.reversed(), policies: policies.reversed(),
      defaultActions: defaultActions)
  }
}

// MARK: - SAs

extension KernelModel {
  private func place(of id: SecurityAssociationID) -> Int? {
    associations.lastIndex {
      $0.spi == id.spi && $0.destination == id.destination && $0.proto == id.proto
        && $0.mark.isSeen(with: id.mark)
    }
  }

  private mutating func add(_ association: SecurityAssociation) throws(SystemErrno) {
    guard place(of: association.id) == nil else { throw .fileExists }
    associations.append(association)
  }

  /// Lifetimes, encapsulation, output mark and interface ID; the rest stays.
  private mutating func update(_ association: SecurityAssociation) throws(SystemErrno) {
    guard let index = place(of: association.id) else { throw .noSuchProcess }
    guard association.encapsulation?.kind == associations[index].encapsulation?.kind else {
      throw .invalidArgument
    }
    associations[index].lifetime = association.lifetime
    associations[index].encapsulation = association.encapsulation
    if let mark = association.outputMark {
      associations[index].outputMark = mark
      associations[index].outputMarkMask = association.outputMarkMask
    }
    if let id = association.interfaceID, id != 0 { associations[index].interfaceID = id }
  }
}

extension Mark? {
  /// Whether something with this mark is found by somebody who asks with another.
  fileprivate func isSeen(with other: Mark?) -> Bool {
    let own = self ?? Mark(0, mask: 0)
    return (other?.value ?? 0) & (other?.mask ?? 0) & own.mask == own.value & own.mask
  }
}

// MARK: - Policies

extension KernelModel {
  private func place(of key: PolicyKey) -> Int? {
    policies.firstIndex { policy in
      let own = policy.key
      guard
        own.direction == key.direction, own.kind == key.kind, own.mark == key.mark,
        own.interfaceID ?? 0 == key.interfaceID ?? 0
      else { return false }
      return key.index == 0 ? own.selector == key.selector : policy.index == key.index
    }
  }

  /// Behind all of its priority.
  private mutating func insert(_ policy: Policy) {
    var policy = policy
    let isFree = !policies.contains { $0.index == policy.index }
    if policy.index == 0 || !isFree { policy.index = nextIndex(policy.direction) }
    let place = policies.firstIndex { $0.priority > policy.priority } ?? policies.endIndex
    policies.insert(policy, at: place)
  }

  private mutating func nextIndex(_ direction: Policy.Direction) -> UInt32 {
    repeat { lastIndex += 8 } while policies.contains { $0.index & ~7 == lastIndex }
    return lastIndex | UInt32(direction.rawValue)
  }

  private mutating func set(_ actions: DefaultActions) {
    if actions.incoming != .unchanged { defaultActions.incoming = actions.incoming }
    if actions.forwarded != .unchanged { defaultActions.forwarded = actions.forwarded }
    if actions.outgoing != .unchanged { defaultActions.outgoing = actions.outgoing }
  }
}

extension XFRMError {
  fileprivate static func missing(_ object: String, _ errno: SystemErrno) -> XFRMError {
    XFRMError("find \(object)", .refused(KernelRefusal(errno: errno)), cause: .missing)
  }
}
