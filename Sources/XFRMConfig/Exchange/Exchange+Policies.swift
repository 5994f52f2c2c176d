internal import XFRMKit

extension Exchange {
  /// Makes entries of the kernel's policies, the strongest first. One for incoming packets and the
  /// same one for forwarded ones become one entry; a guard becomes a word of what it guards.
  mutating func addPolicies(_ policies: [Policy], _ holdings: Holdings) {
    var forwarded = Places(policies.filter { $0.direction == .forwarded && !$0.isGuard })
    var guards = Places(policies.filter { $0.isGuard })
    var kept: [Policy] = []
    for policy in policies where policy.direction != .forwarded && !policy.isGuard {
      let title = "\(policy)"
      do throws(Inexpressible) {
        var entry = try SPDEntry(policy, "")
        entry.forwards = policy.direction == .incoming && forwarded.take(policy) != nil
        if entry.action == .protect {
          let directions: [Policy.Direction] =
            policy.direction == .outgoing
            ? [.outgoing] : entry.forwards ? [.incoming, .forwarded] : [.incoming]
          entry.isGuarded = guards.takeAll(directions.map { policy.guarding($0) })
        }
        entry.name = name(
          like: holdings.name(of: policy).map { "\($0.entry)-\($0.part)" }
            ?? "\(policy.direction)-1",
          of: .policy)
        let missing = policy.wordless
        if !missing.isEmpty { lose(entry.name, missing.joined(separator: ", ")) }
        self.policies.append(entry)
        kept.append(policy)
      } catch {
        lose(title, error.reason, isWhole: true)
      }
    }
    for policy in forwarded.rest {
      lose("\(policy)", "no policy for incoming packets is the same", isWhole: true)
    }
    for policy in guards.rest { lose("\(policy)", "it guards nothing that is here", isWhole: true) }
    loseOrder(kept, forwarded.taken)
  }

  /// The order of what is for forwarded packets follows that of what is for incoming ones.
  private mutating func loseOrder(_ kept: [Policy], _ taken: [Int]) {
    let pairs = zip(policies, kept).filter { $0.0.forwards }
    let index = OverlapIndex(pairs.map(\.1))
    for (place, neighbours) in index.neighbours.enumerated()
    where neighbours.contains(where: { $0 < place && taken[$0] > taken[place] }) {
      lose(pairs[place].0.name, "its place among policies for forwarded packets")
    }
  }
}

/// Why something cannot be said.
struct Inexpressible: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Policies that others may belong to, each once.
private struct Places {
  private let policies: [Policy]
  private var places: [PolicyKey: Int] = [:]
  private(set) var taken: [Int] = []

  init(_ policies: [Policy]) {
    self.policies = policies
    for (place, policy) in policies.enumerated() { places[policy.key] = place }
  }

  private func place(of policy: Policy) -> Int? {
    guard let place = places[policy.key] else { return nil }
    let found = policies[place]
    let isSame =
      found.action == policy.action && found.templates == policy.templates
      && found.wordless == policy.wordless
    return isSame ? place : nil
  }

  /// Takes the one that is the same but for forwarded packets.
  mutating func take(_ policy: Policy) -> Int? {
    var twin = policy
    twin.direction = .forwarded
    guard let place = place(of: twin), places.removeValue(forKey: twin.key) != nil else {
      return nil
    }
    taken.append(place)
    return place
  }

  /// Takes all of them, or none.
  mutating func takeAll(_ wanted: [Policy]) -> Bool {
    guard wanted.allSatisfy({ place(of: $0) != nil }) else { return false }
    for policy in wanted { places[policy.key] = nil }
    return true
  }

  var rest: [Policy] { places.values.sorted().map { policies[$0] } }
}

extension Policy {
  /// Whether it stands behind another one, as this manager makes them.
  fileprivate var isGuard: Bool { selector.user == Ranges.guardUser && action == .block }

  /// What guards it.
  fileprivate func guarding(_ direction: Direction) -> Policy {
    var policy = self
    policy.direction = direction
    policy.selector.user = Ranges.guardUser
    policy.action = .block
    policy.templates = []
    return policy
  }

  /// What of it a configuration has no words for, and can do without.
  fileprivate var wordless: [String] {
    var missing: [String] = []
    if lifetime != Lifetime() { missing.append("a lifetime") }
    if !flags.isEmpty { missing.append("flags") }
    if offload != nil { missing.append("offload to a device") }
    if selector.source.hasHostBits || selector.destination.hasHostBits {
      missing.append("bits behind the length of a prefix")
    }
    for template in templates {
      if template.spi != 0 { missing.append("the SPI of a template (\(template.spi))") }
      if template.algorithms != Template.AlgorithmMasks() || template.share != 0 {
        missing.append("algorithms or share of a template")
      }
      // The kernel takes the packet's.
      if !template.mode.hasOuterAddresses,
        !template.source.isUnspecified || !template.destination.isUnspecified
      {
        missing.append("the ends of a template in transport mode")
      }
    }
    return missing
  }
}
