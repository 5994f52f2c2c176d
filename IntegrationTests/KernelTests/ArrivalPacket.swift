import XFRMKit

@testable import XFRMLab

/// A packet, byte by byte: so it may have come from anybody, and through any SAs.
struct ArrivalPacket {
  private(set) var bytes: [UInt8] = []
  private var flow: PacketFlow

  /// One in clear.
  init(_ flow: PacketFlow, payload: [UInt8]) {
    self.flow = flow
    let body = Self.upperLayer(flow, payload)
    wrap(body, flow.source, flow.destination, flow.proto)
  }

  /// Puts it into ESP with neither key nor check value.
  mutating func protect(by association: SecurityAssociation, sequence: UInt32) {
    let isTunnel = association.mode == .tunnel
    let isV6 = flow.source.family == .ipv6
    let inner = isTunnel ? bytes : Array(bytes.dropFirst(isV6 ? 40 : 20))
    let next = isTunnel ? (isV6 ? 41 : 4) : flow.proto.rawValue
    let padding = (4 - (inner.count + 2) % 4) % 4
    var body = Self.bytes(association.spi.rawValue) + Self.bytes(sequence) + inner
    body += (0..<padding).map { UInt8($0 + 1) } + [UInt8(padding), next]
    if isTunnel {
      flow = PacketFlow(from: association.source, to: association.destination)
    }
    flow.proto = .esp
    wrap(body, flow.source, flow.destination, .esp)
  }

  private mutating func wrap(
    _ body: [UInt8], _ source: IPAddress, _ destination: IPAddress, _ proto: IPProtocol
  ) {
    let ends = Self.bytes(source) + Self.bytes(destination)
    if source.family == .ipv6 {
      bytes =
        [0x60, 0, 0, 0] + Self.bytes(UInt16(body.count)) + [proto.rawValue, 64] + ends + body
    } else {
      var header = [0x45, 0] + Self.bytes(UInt16(20 + body.count))
      header += [0, 0, 0x40, 0, 64, proto.rawValue, 0, 0] + ends
      Self.fillIn(InternetChecksum.of(header), &header, at: 10)
      bytes = header + body
    }
  }

  private static func upperLayer(_ flow: PacketFlow, _ payload: [UInt8]) -> [UInt8] {
    let place: Int
    var body: [UInt8]
    switch flow.proto {
    case .udp:
      body = bytes(flow.sourcePort) + bytes(flow.destinationPort)
      body += bytes(UInt16(8 + payload.count)) + [0, 0] + payload
      place = 6
    case .icmp, .icmpv6:
      body =
        [
          UInt8(truncatingIfNeeded: flow.sourcePort),
          UInt8(truncatingIfNeeded: flow.destinationPort), 0, 0, 0, 0, 0, 0,
        ] + payload
      place = 2
    default: return payload
    }
    let pseudo =
      flow.proto == .icmp
      ? []
      : bytes(flow.source) + bytes(flow.destination) + [0, flow.proto.rawValue]
        + bytes(UInt16(body.count))
    fillIn(InternetChecksum.of(pseudo + body), &body, at: place)
    return body
  }

  private static func fillIn(_ sum: UInt16, _ bytes: inout [UInt8], at place: Int) {
    bytes.replaceSubrange(place..<(place + 2), with: Self.bytes(sum))
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: number.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: number >> $0)
    }
  }

  private static func bytes(_ address: IPAddress) -> [UInt8] {
    switch address {
    case .v4(let bits): bytes(bits)
    case .v6(let high, let low): bytes(high) + bytes(low)
    }
  }
}
