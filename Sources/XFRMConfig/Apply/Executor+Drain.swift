internal import XFRMKit

extension Executor where Kernel: ~Copyable, Journal: ~Copyable, Keys: ~Copyable {
  /// Waits until packets that are under way have arrived: for so long after the last one that left
  /// through an SA which has a successor.
  ///
  /// - Parameters:
  ///   - grace: How long packets may be under way.
  ///   - steps: The whole plan: what of it goes afterwards is looked at.
  mutating func drain(_ grace: Duration, _ steps: [PlanStep]) throws(ApplyFailure) {
    let old = steps.compactMap(\.replacedOutgoing)
    var before = try packets(old)
    for _ in 0..<10 {
      host.wait(grace)
      let now = try packets(old)
      if now == before { return }
      before = now
    }
    throw .inUse(old.map(\.name))
  }

  /// How many packets left through SAs; none through one that is gone.
  private mutating func packets(_ held: [HeldAssociation]) throws(ApplyFailure) -> [UInt64] {
    var counts: [UInt64] = []
    for association in held {
      do throws(XFRMError) {
        counts.append(try kernel.association(association.id).usage.packets)
      } catch {
        guard error.cause == .missing else { throw .unreachable(error) }
        counts.append(0)
      }
    }
    return counts
  }
}

extension PlanStep {
  fileprivate var replacedOutgoing: HeldAssociation? {
    guard isReplaced, case .deleteAssociation(let held, _) = action, held.direction == .outgoing
    else { return nil }
    return held
  }
}
