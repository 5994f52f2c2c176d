import Glibc
import TestSupport
import XFRMKit

@testable import XFRMLab

/// Random databases, and packets of which it is worked out, and seen, what becomes of them.
struct LookupComparison {
  struct Tally: CustomStringConvertible {
    var packets = 0
    var configurations = 0
    var fates: [String: Int] = [:]
    var differences: [String] = []

    var description: String {
      let fates = fates.sorted { $0.key < $1.key }.map { "\($1) \($0)" }.joined(separator: ", ")
      return "\(packets) packets × \(configurations) configurations: \(fates); "
        + "\(differences.count) differences"
    }
  }

  private(set) var tally = Tally()
  private var world: LookupWorld
  private let range: LookupRange
  private let fault: LookupFault?

  init(seed: UInt64, hasSAs: Bool, fault: LookupFault?) throws {
    world = LookupWorld(seed: seed, hasSAs: hasSAs)
    range = try LookupRange(hearsAcquires: !hasSAs)
    self.fault = fault
  }

  /// One configuration, and so many packets.
  mutating func tryOne(packets: Int) throws {
    let family: AddressFamily = world.dice.chance(50) ? .ipv4 : .ipv6
    var xfrm = try range.sender.xfrm()
    try world.install(family, in: &xfrm)
    let lookup = try PacketLookup(reading: &xfrm)
    let believed = fault?.changed(lookup) ?? lookup
    tally.configurations += 1
    var used = Set<UInt32>()
    for _ in 0..<packets {
      let query = world.query(family)
      let fate = believed.fate(of: query)
      let seen = try range.send(query, &xfrm)
      let hit = believed.policies(for: query)
      if case .dropped(let reason) = fate, reason != .blockingPolicy {
      } else {
        used.formUnion(hit.map(\.index))
      }
      tally.packets += 1
      tally.fates[fate.kind, default: 0] += 1
      if !seen.agrees(with: fate, hit) {
        let packet = "\(query.packet.source) → \(query.packet.destination) \(query.packet.proto)"
        tally.differences.append("\(packet): \(fate.kind), seen \(seen), \(hit)")
      }
    }
    // The kernel notes when a policy let a packet through, or stopped it.
    let noted = Set(try xfrm.policies().filter { $0.usage.firstUsedAt != 0 }.map(\.index))
    if noted != used { tally.differences.append("used \(noted.sorted()), not \(used.sorted())") }
  }
}

extension PacketFate {
  fileprivate var kind: String {
    switch self {
    case .clear, .clearOnly: "clear"
    case .protected: "protected"
    case .needsProtection: "let in only protected"
    case .dropped(.blockingPolicy): "blocked"
    case .dropped(.defaultAction): "blocked by default"
    case .dropped: "without an SA"
    }
  }
}

/// What was seen of a packet.
struct SeenPacket: CustomStringConvertible {
  /// The SPI that it arrived with; 0 in clear; `nil` if it did not arrive.
  var spi: SPI?
  /// The sender was refused.
  var isRefused = false
  /// Counters that rose.
  var raised: [String: UInt64] = [:]
  /// The policies that an SA was asked for.
  var acquired: [UInt32]?

  var description: String { "SPI \(spi.map { "\($0)" } ?? "none") \(isRefused) \(raised)" }

  func agrees(with fate: PacketFate, _ hit: [Policy]) -> Bool {
    switch fate {
    case .clear: spi == 0
    // Of two types the kernel sorts the SAs in its own way.
    case .protected(let ids):
      hit.count > 1 ? ids.contains { $0.spi == spi } : ids.last?.spi == spi
    case .dropped(.blockingPolicy): isRefused && raised["XfrmOutPolBlock"] == 1
    case .dropped(.defaultAction): isRefused && raised.isEmpty
    case .dropped(.noAssociation):
      spi == nil && raised["XfrmOutNoStates"] == 1
        && (acquired ?? hit.map(\.index)).allSatisfy { index in
          hit.contains { $0.index == index }
        } && acquired?.isEmpty != true
    default: false
    }
  }
}
