import Testing
import XFRMLab

@Suite("Kinds of packets")
struct PacketKindTests {
  @Test("are told apart", arguments: samples)
  func kind(_ sample: Sample) {
    #expect(PacketKind(etherType: sample.etherType, sample.packet.span) == sample.kind)
  }

  @Test("however short a packet is, it is judged")
  func truncations() {
    for sample in Self.samples {
      for length in 0..<sample.packet.count {
        // No trap; and nothing cut short is taken for more than its first bytes show.
        let short = Array(sample.packet.prefix(length))
        _ = PacketKind(etherType: sample.etherType, short.span)
      }
    }
    let nothing: [UInt8] = []
    #expect(PacketKind(etherType: 0x0800, nothing.span) == .clear)
  }

  @Test("ESP-in-UDP is expected on the ports named")
  func ports() {
    let packet = ipv4(17, udp(5000, payload: [0, 0, 0x10, 1, 0, 0, 0, 1]))
    #expect(PacketKind(etherType: 0x0800, packet.span) == .clear)
    #expect(PacketKind(etherType: 0x0800, packet.span, udpPorts: [5000]) == .espInUDP)
  }

  struct Sample: CustomTestStringConvertible {
    var testDescription: String
    var etherType: UInt16
    var packet: [UInt8]
    var kind: PacketKind

    init(_ name: String, _ etherType: UInt16, _ packet: [UInt8], _ kind: PacketKind) {
      testDescription = name
      self.etherType = etherType
      self.packet = packet
      self.kind = kind
    }
  }

  static let esp: [UInt8] = [0, 0, 0x10, 1, 0, 0, 0, 1, 1, 2, 3, 4]
  static let samples = [
    Sample("ESP", 0x0800, ipv4(50, esp), .esp),
    Sample("a later fragment of ESP", 0x0800, ipv4(50, esp, fragmentOffset: 8), .esp),
    Sample("ESP over IPv6", 0x86dd, ipv6(50, esp), .esp),
    Sample("AH", 0x0800, ipv4(51, esp), .ah),
    Sample("IPComp", 0x0800, ipv4(108, esp), .ipComp),
    Sample("ESP in UDP", 0x0800, ipv4(17, udp(4500, payload: esp)), .espInUDP),
    Sample("ESP in UDP over IPv6", 0x86dd, ipv6(17, udp(4500, payload: esp)), .espInUDP),
    Sample("IKE", 0x0800, ipv4(17, udp(500, payload: esp)), .ike),
    Sample(
      "IKE behind its marker", 0x0800, ipv4(17, udp(4500, payload: [0, 0, 0, 0] + esp)), .ike),
    Sample("a NAT keepalive", 0x0800, ipv4(17, udp(4500, payload: [0xff])), .upkeep),
    Sample("UDP", 0x0800, ipv4(17, udp(53, payload: esp)), .clear),
    Sample("a short UDP datagram on 4500", 0x0800, ipv4(17, udp(4500, payload: [1, 2])), .clear),
    Sample("a later fragment of UDP", 0x0800, ipv4(17, esp, fragmentOffset: 8), .clear),
    Sample("TCP", 0x0800, ipv4(6, esp), .clear),
    Sample("ping", 0x0800, ipv4(1, [8, 0, 0, 0]), .clear),
    Sample("ping over IPv6", 0x86dd, ipv6(58, [128, 0, 0, 0]), .clear),
    Sample("an IPv6 error", 0x86dd, ipv6(58, [2, 0, 0, 0]), .clear),
    Sample("a neighbour solicitation", 0x86dd, ipv6(58, [135, 0, 0, 0]), .upkeep),
    Sample(
      "a multicast report", 0x86dd, ipv6(0, [58, 0, 5, 2, 0, 0, 1, 0, 143, 0, 0, 0]), .upkeep),
    Sample("a fragment of ESP over IPv6", 0x86dd, ipv6(44, [50, 0, 0, 9] + esp), .esp),
    Sample("a fragment of UDP over IPv6", 0x86dd, ipv6(44, [17, 0, 0, 9] + esp), .clear),
    Sample("ARP", 0x0806, [0, 1], .upkeep),
    Sample("something else", 0x88cc, esp, .clear),
  ]
}

private func ipv4(_ proto: UInt8, _ payload: [UInt8], fragmentOffset: UInt8 = 0) -> [UInt8] {
  [0x45, 0, 0, 0, 0, 0, 0, fragmentOffset, 64, proto, 0, 0]
    + [192, 0, 2, 1, 192, 0, 2, 2] + payload
}

private func ipv6(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
  [0x60, 0, 0, 0, 0, 0, next, 64] + [UInt8](repeating: 1, count: 32) + payload
    + [UInt8](repeating: 0, count: max(0, 12 - payload.count))
}

private func udp(_ port: UInt16, payload: [UInt8]) -> [UInt8] {
  [0x30, 0x39, UInt8(port >> 8), UInt8(port & 0xff), 0, UInt8(payload.count + 8), 0, 0] + payload
}
