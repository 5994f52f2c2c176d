import TestSupport
@testable import XFRMConfig
import XFRMKit

/// Configurations of a small world, in which nearly everything overlaps with everything.
struct RandomStates {
  var dice: Dice

  static let prefixes = [
    "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "10.2.0.0/16", "192.0.2.0/24",
  ].compactMap { IPPrefix($0) }

  /// One in each part that the prefixes divide the world into.
  static let addresses = [
    "10.1.1.1", "10.1.2.1", "10.2.0.1", "10.3.0.1", "192.0.2.7", "198.51.100.9",
  ].compactMap { IPAddress($0) }

  static let packets = addresses.flatMap { source in
    addresses.flatMap { destination in
      [IPProtocol.tcp, .udp].map { PacketFlow(from: source, to: destination, proto: $0) }
    }
  }

  /// - Parameter generation: Whatever is protected has SAs of this one.
  mutating func state(generation: UInt32) -> DesiredState {
    var state = DesiredState()
    var keys: Set<PolicyKey> = []
    for number in 0..<dice.below(8) {
      let selector = Selector(
        from: dice.pick(Self.prefixes), to: dice.pick(Self.prefixes),
        proto: dice.pick([IPProtocol.any, .tcp, .udp]))
      let entry = "e\(number)"
      let role = dice.pick([PolicyEntry.Role.protect, .protect, .bypass, .discard])
      let hasGuard = role == .protect && dice.below(2) == 0
      for direction in [Policy.Direction.incoming, .outgoing] {
        var policy = Policy(
          direction == .outgoing ? selector : selector.reversed, direction: direction,
          action: role == .discard ? .block : .allow)
        guard keys.insert(policy.key).inserted else { continue }
        if role == .protect {
          protect(&policy, entry, number, generation, &state)
        }
        state.policies.append(
          PolicyEntry(
            ObjectName(entry, "\(direction)"), role, policy,
            pinnedTo: role == .protect && direction == .outgoing ? ObjectName(entry, "out") : nil))
        if hasGuard {
          var block = Policy(policy.selector, direction: direction, action: .block)
          block.selector.user = Ranges.guardUser
          state.policies.append(PolicyEntry(ObjectName(entry, "guard"), .guard, block))
        }
      }
    }
    return reordered(state)
  }

  /// The same policies in another order, guards last as ever.
  mutating func reordered(_ state: DesiredState) -> DesiredState {
    var state = state
    let guards = state.policies.filter { $0.role == .guard }
    state.policies.removeAll { $0.role == .guard }
    state.policies.shuffle(using: &dice)
    state.policies += guards.shuffled(using: &dice)
    return state
  }

  private func protect(
    _ policy: inout Policy, _ entry: String, _ number: Int, _ generation: UInt32,
    _ state: inout DesiredState
  ) {
    let isOut = policy.direction == .outgoing
    let (here, there) = (IPAddress.v4(0xcb00_7101), IPAddress.v4(0xcb00_7102 + UInt32(number)))
    var association = SecurityAssociation(
      from: isOut ? here : there, to: isOut ? there : here,
      spi: SPI(rawValue: 0x5800_1000 + generation * 0x100 + UInt32(number) * 2 + (isOut ? 1 : 0)),
      mode: .tunnel)
    association.requestID = Ranges.requestIDs.lowerBound + UInt32(number)
    policy.templates = [Template(association)]
    state.associations.append(
      AssociationEntry(
        ObjectName(entry, isOut ? "out" : "in", generation: generation),
        isOut ? .outgoing : .incoming, association, .esp(.aes256gcm16),
        key: .bundle(connection: entry, generation: generation)))
  }
}

extension Selector {
  var reversed: Selector { Selector(from: destination, to: source, proto: proto) }
}

extension KernelModel {
  /// Carries a plan out, as far as it is about the databases.
  /// - Parameter check: Called after each step.
  mutating func carryOut(
    _ plan: Plan, noting holdings: inout Holdings,
    check: (PlanStep, KernelModel) -> Void = { _, _ in }
  ) throws {
    for step in plan.steps {
      let operation = step.action.operation { entry -> SecurityAssociation in
        entry.keyed(with: .random(count: entry.protection.keyBytes)) ?? entry.association
      }
      if let operation { try perform(operation) }
      holdings.note(step)
      check(step, self)
    }
  }
}

extension Dice {
  mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
}
