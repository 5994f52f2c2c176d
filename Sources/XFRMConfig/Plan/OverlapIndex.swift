internal import XFRMKit

/// Which of many policies of one direction may be for the same packets.
///
/// Prefixes either nest or have nothing in common. Sorted, those around one are a stack, so only
/// policies whose far prefixes nest are held against each other.
struct OverlapIndex {
  /// For each policy the places of those that overlap it, in order.
  private(set) var neighbours: [[Int]]

  init(_ policies: [Policy]) {
    neighbours = [[Int]](repeating: [], count: policies.count)
    let order = policies.indices.sorted { policies[$0].farPrefix < policies[$1].farPrefix }
    var around: [Int] = []
    for place in order {
      let prefix = policies[place].farPrefix
      while let last = around.last, !policies[last].farPrefix.covers(prefix) {
        around.removeLast()
      }
      for other in around where policies[place].competes(with: policies[other]) {
        neighbours[place].append(other)
        neighbours[other].append(place)
      }
      around.append(place)
    }
    for place in neighbours.indices { neighbours[place].sort() }
  }
}

extension Policy {
  /// The other side's addresses: they tell more policies apart than our own.
  fileprivate var farPrefix: IPPrefix {
    direction == .outgoing ? selector.destination : selector.source
  }

  /// Whether there are packets that either could be applied to.
  func competes(with other: Policy) -> Bool {
    let (own, others) = (mark ?? .any, other.mark ?? .any)
    return direction == other.direction && kind == other.kind
      && (interfaceID ?? 0) == (other.interfaceID ?? 0)
      && (own.value ^ others.value) & own.mask & others.mask == 0
      && selector.family == other.selector.family && selector.overlaps(other.selector)
  }

  /// Whether every packet that another could be applied to is one that this could be.
  func encloses(_ other: Policy) -> Bool {
    let (own, others) = (mark ?? .any, other.mark ?? .any)
    return direction == other.direction && kind == other.kind
      && (interfaceID ?? 0) == (other.interfaceID ?? 0)
      && own.mask & ~others.mask == 0 && (own.value ^ others.value) & own.mask == 0
      && selector.family == other.selector.family && selector.covers(other.selector)
  }

  /// Whether it lets packets pass in clear.
  var isBypass: Bool { action == .allow && templates.allSatisfy(\.isOptional) }
}

extension Mark {
  /// What stands for none: every packet has it.
  fileprivate static let any = Mark(0, mask: 0)
}

extension IPPrefix {
  /// By family and first address, the shorter of two that begin alike first.
  fileprivate static func < (left: IPPrefix, right: IPPrefix) -> Bool {
    (left.place.family, left.place.bits, left.length)
      < (right.place.family, right.place.bits, right.length)
  }

  private var place: (family: UInt8, bits: UInt128) {
    switch address {
    case .v4(let bits): (4, UInt128(bits & ~(UInt32.max >> length)))
    case .v6(let high, let low):
      (6, (UInt128(high) << 64 | UInt128(low)) & ~(UInt128.max >> length))
    }
  }
}
