internal import XFRMKit

/// What SAs and policies tell of generations, where no configuration does.
extension Inventory {
  /// Which generations connections have, by the names of their SAs.
  ///
  /// What packets leave through is what a policy names. Where none does it is the newest generation
  /// that is whole: of one of which the kernel has lost an SA the keys were used.
  ///
  /// - Parameter holdings: What the SAs and the policies are called.
  func generations(_ holdings: Holdings) -> [String: KeyGenerations] {
    let sending = generationsOfPolicies(holdings)
    return directions(holdings).reduce(into: [:]) { found, connection in
      let (name, generations) = connection
      let whole = generations.filter { $0.value.count == 2 }.keys.max()
      guard let current = sending[name] ?? whole else { return }
      let newest = generations.keys.max() ?? current
      let older = generations.keys.filter { $0 < current }.max()
      found[name] =
        if newest > current {
          .receiving(old: current, new: newest)
        } else if let older {
          .sending(old: older, new: current)
        } else {
          .settled(current)
        }
    }
  }

  /// Which of the generations that connections have are still to be had: one of which the kernel has
  /// lost an SA is not. A rotation that is under way counts in any case.
  ///
  /// - Parameters:
  ///   - uses: What a configuration has.
  ///   - holdings: What the SAs are called.
  func present(
    _ uses: [String: KeyGenerations], _ holdings: Holdings
  ) -> [String: KeyGenerations] {
    let directions = directions(holdings)
    return uses.filter { connection, use in
      use.phase != nil || directions[connection]?[use.current]?.count == 2
    }
  }

  /// The directions of the SAs that are there, by connection and generation.
  private func directions(_ holdings: Holdings) -> [String: [UInt32: Set<UInt8>]] {
    associations.keys.reduce(into: [:]) { found, tag in
      guard let held = holdings.associations[tag], let generation = held.name.generation else {
        return
      }
      found[held.name.entry, default: [:]][generation, default: []].insert(held.direction.rawValue)
    }
  }

  /// Which generation the policies of a connection lead packets to.
  private func generationsOfPolicies(_ holdings: Holdings) -> [String: UInt32] {
    var generations: [ObjectName: UInt32] = [:]
    for (tag, association) in associations {
      guard let held = holdings.associations[tag], held.direction == .outgoing,
        let generation = held.name.generation
      else { continue }
      generations[ObjectName(held.name.entry, "\(association.spi)")] = generation
    }
    return policies.reduce(into: [:]) { found, item in
      guard item.value.direction == .outgoing, let name = holdings.policies[item.key]?.name.entry
      else { return }
      for template in item.value.templates {
        if let generation = generations[ObjectName(name, "\(template.spi)")] {
          found[name] = generation
        }
      }
    }
  }
}
