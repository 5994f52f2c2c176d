import TestSupport

@testable import XFRMKit
@testable import XFRMLab

/// What somebody on the way does to packets.
enum MatrixAttacks {
  /// Packets that are sent once more are dropped and counted; without a window they are taken.
  static let replay: [MatrixCase] = [
    (Way(mode: .tunnel, family: .ipv4), false), (Way(mode: .transport, family: .ipv6), false),
    (Way(mode: .beet, family: .ipv4, inner: .ipv6), false),
    (Way(mode: .tunnel, family: .ipv4), true),
  ].flatMap { way, isInUDP in
    Numbering.allCases.map { numbering in
      MatrixCase(
        feature: "Replay", name: "\(way)\(isInUDP ? " in UDP" : ""), \(numbering.rawValue)"
      ) { rig in
        try replay(rig, way.protection(.aes256gcm16, isInUDP: isInUDP), numbering)
      }
    }
  }

  private static func replay(
    _ rig: MatrixRig, _ protection: Protection, _ numbering: Numbering
  ) throws -> [String] {
    var plan = rig.plan(protection)
    plan.changeAssociations { numbering.apply(to: &$0) }
    let installed = try rig.sites.install(plan)
    defer { withExtendedLifetime(installed) {} }
    let flow = rig.sites.flow(protection)
    let traffic = try MatrixTraffic(rig, flow)
    let carried = traffic.complaints(
      protection.isInUDP ? .espInUDP : .esp, isReadable: protection.proposal.isReadable)
    var receiver = try LateReceiver(flow)
    let before = try rig.counters(of: .b)
    for packet in traffic.wire[.a] ?? [] { try rig.send(packet.frame) }
    let id = plan.b.associations[0].id
    let sent = UInt32(traffic.forth.sent)
    let isChecked = numbering != .unchecked
    var complaints = Complaints()
    _ = try eventually(within: MatrixRig.patience) {
      let association = try rig.association(id, of: .b)
      return isChecked
        ? association.statistics.replayed == sent : association.usage.packets == UInt64(2 * sent)
    }
    let association = try rig.association(id, of: .b)
    complaints.expect("replayed", association.statistics.replayed, isChecked ? sent : 0)
    let again = isChecked ? 0 : Int(sent)
    complaints.expect("taken", association.usage.packets, UInt64(sent) + UInt64(again))
    complaints.expect("came", receiver.wait(for: again), again)
    complaints.expect(
      "error counters", try rig.counters(of: .b).since(before),
      isChecked ? ["XfrmInStateSeqError": UInt64(sent)] : [:])
    return carried + complaints.texts
  }

  /// Where a bit is turned over.
  enum Place: String, CaseIterable {
    case spi = "SPI"
    case sequence = "sequence number"
    case middle = "middle"
    case end = "check value"

    func offset(in frame: MatrixFrame) -> Int {
      switch self {
      case .spi: frame.protected
      case .sequence: frame.protected + 7
      case .middle: (frame.protected + frame.bytes.count) / 2
      case .end: frame.bytes.count - 1
      }
    }
  }

  /// A changed bit is noticed wherever it is; the same packet unchanged is taken.
  static let tampering: [MatrixCase] = [
    ESPProposal.aes256gcm16, .aead(.aesCCM, 128), .aead(.aesGMAC, 256), .chacha20poly1305,
    .aes256sha256, .combined(.aesCTR, 128, .hmacSHA512), .combined(.null, 0, .hmacSHA1),
    .combined(.camelliaCBC, 256, .aesXCBC),
  ].flatMap { proposal in
    [
      (Way(mode: .tunnel, family: .ipv4), false), (Way(mode: .transport, family: .ipv6), false),
      (Way(mode: .transport, family: .ipv4), true),
    ].flatMap { way, isInUDP in
      Place.allCases.map { place in
        MatrixCase(
          feature: "Tampering",
          name: "\(place.rawValue), \(proposal) \(way)\(isInUDP ? " in UDP" : "")",
          needs: proposal.features
        ) { rig in
          try tamper(rig, way.protection(proposal, isInUDP: isInUDP), place)
        }
      }
    }
  }

  private static func tamper(
    _ rig: MatrixRig, _ protection: Protection, _ place: Place
  ) throws -> [String] {
    var plan = rig.plan(protection)
    // Or what is sent again would be dropped for that alone.
    plan.changeAssociations { Numbering.unchecked.apply(to: &$0) }
    let installed = try rig.sites.install(plan)
    defer { withExtendedLifetime(installed) {} }
    let flow = rig.sites.flow(protection)
    let traffic = try MatrixTraffic(rig, flow)
    let carried = traffic.complaints(
      protection.isInUDP ? .espInUDP : .esp, isReadable: protection.proposal.isReadable)
    var receiver = try LateReceiver(flow)
    guard let packet = traffic.wire[.a]?.first else { return ["no packet"] }
    let id = plan.b.associations[0].id
    let before = try rig.counters(of: .b)
    var frame = MatrixFrame(packet)
    frame.flip(at: place.offset(in: frame))
    try rig.send(frame.bytes)
    try rig.send(packet.frame)
    let taken = UInt64(traffic.forth.sent + 1)
    let counter = place == .spi ? "XfrmInNoStates" : "XfrmInStateProtoError"
    _ = try eventually(within: MatrixRig.patience) {
      try rig.association(id, of: .b).usage.packets >= taken
        && !rig.counters(of: .b).since(before).isEmpty
    }
    let association = try rig.association(id, of: .b)
    var complaints = Complaints()
    complaints.expect("taken", association.usage.packets, taken)
    complaints.expect("came", receiver.wait(for: 1), 1)
    complaints.expect(
      "integrity failed", association.statistics.integrityFailed, place == .spi ? 0 : 1)
    complaints.expect("error counters", try rig.counters(of: .b).since(before), [counter: 1])
    return carried + complaints.texts
  }
}

/// Takes datagrams that somebody else sends once more. An SA counts them before they come, and where
/// nobody waited for them they would come to the next case.
private struct LateReceiver: ~Copyable {
  private let sockets: DatagramSockets
  private var buffer = [UInt8](repeating: 0, count: 2048)
  private var count = 0

  init(_ flow: Flow) throws { sockets = try flow.openDatagrams(port: 7001) }

  /// - Returns: How many came.
  mutating func wait(for expected: Int) -> Int {
    repeat {
      while case .success = sockets.incoming.receive(into: &buffer) { count += 1 }
    } while count < expected && sockets.incoming.waitToReceive(milliseconds: 2_000)
    return count
  }
}
