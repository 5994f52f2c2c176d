import XFRMKit
import XFRMLab

/// What datagrams did that went both ways under one protection.
struct MatrixTraffic {
  private(set) var forth = DatagramResult()
  private(set) var back = DatagramResult()
  /// What all datagrams bear.
  let series = UInt32.random(in: .min ... .max)
  /// What each gateway sent to the other.
  private(set) var wire: [MatrixRig.End: [CapturedPacket]] = [:]
  /// Packets that each SA counted, on either gateway.
  private(set) var counted: [UInt64] = []
  /// Error counters of either gateway that went up.
  private(set) var raised: [String: UInt64] = [:]

  var packets: [CapturedPacket] { MatrixRig.End.allCases.flatMap { wire[$0] ?? [] } }

  /// Sends, with the plan in force.
  init(
    _ rig: MatrixRig, _ flow: Flow, count: Int = Self.count, payloadBytes: Int = Self.payloadBytes,
    fragmentation: Fragmentation = .usual, tags: PacketTags = PacketTags(), patience: Int32 = 500
  ) throws {
    _ = try rig.packets()
    let before = try MatrixRig.End.allCases.map { try rig.counters(of: $0) }
    forth = try flow.sendDatagrams(
      count, payloadBytes: payloadBytes, fragmentation: fragmentation, tags: tags,
      patience: patience, series: series)
    back = try flow.reversed.sendDatagrams(
      count, payloadBytes: payloadBytes, fragmentation: fragmentation, tags: tags,
      patience: patience, series: series)
    for (end, earlier) in zip(MatrixRig.End.allCases, before) {
      wire[end] = try rig.packets(from: end)
      counted += try rig.associations(of: end).filter { Self.counted.contains($0.proto) }
        .map(\.usage.packets)
      raised.merge(try rig.counters(of: end).since(earlier), uniquingKeysWith: +)
    }
  }

  /// Datagrams each way.
  static let count = 4
  static let payloadBytes = 200
  /// Not what the kernel makes by itself for what IPComp in tunnel mode leaves uncompressed.
  private static let counted: [IPProtocol] = [.esp, .ah, .ipComp]

  /// What is not as it should be if everything is to arrive, protected so.
  ///
  /// - Parameters:
  ///   - kind: What every packet on the wire must be.
  ///   - isReadable: Whether the payload can be read there; `nil` if it need not be asked.
  func complaints(_ kind: PacketKind, isReadable: Bool?) -> [String] {
    var complaints = Complaints()
    for (way, result) in [("forth", forth), ("back", back)] {
      complaints.expect("delivered \(way)", result.delivered, result.sent)
      complaints.expect("changed \(way)", result.wrong, 0)
    }
    for (end, packets) in wire {
      complaints.expect("packets from \(end)", packets.count >= forth.sent)
      complaints.expect("on the wire from \(end)", Set(packets.map(\.kind)), [kind])
      if let isReadable {
        complaints.expect("readable from \(end)", packets.contains(where: \.isReadable), isReadable)
      }
    }
    complaints.expect("counted by SAs", Set(counted), [UInt64(forth.sent)])
    complaints.expect("error counters", raised, [:])
    return complaints.texts
  }
}

extension MatrixRig {
  /// Installs a plan, sends both ways and looks.
  ///
  /// - Parameter change: What is to be other than the protection alone has it.
  func carry(
    _ protection: Protection, payloadBytes: Int = MatrixTraffic.payloadBytes,
    tags: PacketTags = PacketTags(), _ change: (inout ProtectionPlan) -> Void = { _ in }
  ) throws -> (plan: ProtectionPlan, traffic: MatrixTraffic) {
    var plan = plan(protection)
    change(&plan)
    let installed = try sites.install(plan)
    defer { withExtendedLifetime(installed) {} }
    let traffic = try MatrixTraffic(
      self, sites.flow(protection), payloadBytes: payloadBytes, tags: tags)
    return (plan, traffic)
  }

  /// Carries traffic under ESP, and has others look at the packets, too.
  func carryESP(
    _ protection: Protection, _ change: (inout ProtectionPlan) -> Void = { _ in }
  ) throws -> [String] {
    let (plan, traffic) = try carry(protection, change)
    return try MatrixLog.witness(plan, traffic)
      + traffic.complaints(
        protection.isInUDP ? .espInUDP : .esp, isReadable: protection.proposal.isReadable)
  }
}

extension ESPProposal {
  /// Whether what it protects can be read all the same.
  var isReadable: Bool {
    switch transforms {
    case .aead(let cipher, _, _): cipher == .aesGMAC
    case .encryptionAndAuthentication(let cipher, _, _, _): cipher == .null
    }
  }
}
