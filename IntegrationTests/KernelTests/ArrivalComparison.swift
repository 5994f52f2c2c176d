import Glibc
import TestSupport
import XFRMKit
import XFRMLab

/// Random databases, and packets of which it is worked out, and seen, whether they are let in.
struct ArrivalComparison {
  private(set) var tally = LookupComparison.Tally()
  private var world: LookupWorld
  private let range: ArrivalRange
  private let fault: LookupFault?
  private var number: UInt32 = 0

  init(seed: UInt64, hasSAs: Bool, fault: LookupFault?) throws {
    range = try ArrivalRange()
    world = LookupWorld(seed: seed, hasSAs: hasSAs, arrivals: range.interfaces)
    self.fault = fault
  }

  /// A packet, and what becomes of it by the lookup.
  private struct Arrival {
    var number: UInt32
    var query: PacketQuery
    var path: [SecurityAssociation]
    var refusal: ArrivalRefusal?
  }

  /// One configuration, and so many packets at once.
  mutating func tryOne(packets: Int) throws {
    let family: AddressFamily = world.dice.chance(50) ? .ipv4 : .ipv6
    var xfrm = try range.gate.xfrm()
    try world.install(family, in: &xfrm)
    let lookup = try PacketLookup(reading: &xfrm)
    let believed = fault?.changed(lookup) ?? lookup
    tally.configurations += 1
    var arrivals: [Arrival] = []
    var expected: [String: UInt64] = [:]
    var used = Set<UInt32>()
    let before = try ErrorCounters(of: range.gate.namespace)
    for _ in 0..<packets {
      let query = world.query(family)
      let path = world.path(of: query, believed.associations)
      let refusal = believed.refusal(of: query, through: path)
      number += 1
      try range.send(number, query, through: path)
      arrivals.append(Arrival(number: number, query: query, path: path, refusal: refusal))
      if path.isEmpty { try explain(query, refusal, believed) }
      if refusal != .associationMismatch {
        used.formUnion(believed.policies(for: query).map(\.index))
      }
      if let refusal {
        expected[refusal.rawValue, default: 0] += query.checks
      }
      tally.packets += 1
      tally.fates[refusal?.rawValue ?? (path.isEmpty ? "clear" : "protected"), default: 0] += 1
    }
    try look(for: arrivals, expected, since: before)
    // The kernel notes when a policy was asked about a packet.
    let noted = Set(try xfrm.policies().filter { $0.usage.firstUsedAt != 0 }.map(\.index))
    if noted != used { tally.differences.append("used \(noted.sorted()), not \(used.sorted())") }
  }

  /// What `explain packet` tells of a packet in clear must be the same.
  private mutating func explain(
    _ query: PacketQuery, _ refusal: ArrivalRefusal?, _ lookup: PacketLookup
  ) throws {
    let fate = lookup.fate(of: query)
    let isSame =
      switch fate {
      case .clear, .clearOnly: refusal == nil
      case .needsProtection: refusal == .templateMismatch
      case .dropped(.blockingPolicy): refusal == .blockingPolicy
      case .dropped(.defaultAction): refusal == .noPolicy
      case .dropped(.tooManyTemplates): refusal == .tooManyTemplates
      default: false
      }
    if !isSame {
      tally.differences.append("explained as \(fate), but \(refusal, default: "let in")")
    }
  }

  private mutating func look(
    for arrivals: [Arrival], _ expected: [String: UInt64], since before: ErrorCounters
  ) throws {
    var (here, beyond) = (Set<UInt32>(), Set<UInt32>())
    var raised: [String: UInt64] = [:]
    var wrong = arrivals[...]
    // What came out of an SA may still be on its way.
    let longest: [UInt32] = fault == nil ? [1_000_000, 5_000_000] : []
    for patience in [0, 1_000, 10_000, 100_000, 300_000] + longest {
      usleep(patience)
      raised = try ErrorCounters(of: range.gate.namespace).since(before)
      let arrived = range.arrived()
      here.formUnion(arrived.here)
      beyond.formUnion(arrived.beyond)
      wrong =
        arrivals.filter { arrival in
          let seen = arrival.query.direction == .incoming ? here : beyond
          return seen.contains(arrival.number) != (arrival.refusal == nil)
        }[...]
      if wrong.isEmpty, raised == expected { return }
    }
    if raised != expected { tally.differences.append("raised \(raised), not \(expected)") }
    for arrival in wrong {
      tally.differences.append(
        "\(arrival.query.packet) through \(arrival.path.map(\.id)): "
          + "\(arrival.refusal?.rawValue ?? "let in")?")
    }
  }
}

extension PacketQuery {
  /// How often the kernel looks whether it may come in: for the raw socket, and for its own ICMP.
  fileprivate var checks: UInt64 {
    direction == .incoming && [.icmp, .icmpv6].contains(packet.proto) ? 2 : 1
  }
}
