/// What a packet on the wire is, to somebody who can only read what is not encrypted.
public enum PacketKind: Hashable, Sendable {
  case esp
  case espInUDP
  case ah
  case ipComp
  /// Key exchange: UDP port 500, or 4500 behind the marker of RFC 3948.
  case ike
  /// What keeps a link going and carries nobody's data: ARP, neighbour and router discovery,
  /// multicast listener reports, NAT keepalives.
  case upkeep
  /// Anything else can be read by everybody.
  case clear
}

extension PacketKind {
  /// Judges a packet from its first bytes, the link layer's header left out.
  ///
  /// - Parameters:
  ///   - etherType: What the link layer says it carries.
  ///   - packet: At least 64 bytes of it, if it has them.
  ///   - udpPorts: Ports on which ESP-in-UDP is expected.
  public init(etherType: UInt16, _ packet: Span<UInt8>, udpPorts: Set<UInt16> = [4500]) {
    switch etherType {
    case 0x0806: self = .upkeep
    case 0x0800: self.init(ipv4: packet, udpPorts)
    case 0x86dd: self.init(ipv6: packet, udpPorts)
    default: self = .clear
    }
  }

  private init(ipv4 packet: Span<UInt8>, _ udpPorts: Set<UInt16>) {
    guard packet.count >= 20 else {
      self = .clear
      return
    }
    let isFirstFragment = packet.bigEndian16(at: 6) & 0x1fff == 0
    self.init(
      proto: packet[9], packet, payloadAt: Int(packet[0] & 0x0f) * 4,
      isFirstFragment: isFirstFragment, udpPorts)
  }

  private init(ipv6 packet: Span<UInt8>, _ udpPorts: Set<UInt16>) {
    guard packet.count >= 48 else {
      self = .clear
      return
    }
    switch packet[6] {
    case 0 where packet[40] == 58:  // Hop-by-hop options before a multicast listener report.
      self.init(
        proto: 58, packet, payloadAt: 48 + Int(packet[41]) * 8, isFirstFragment: true, udpPorts)
    case 44:  // A fragment.
      self.init(
        proto: packet[40], packet, payloadAt: 48,
        isFirstFragment: packet.bigEndian16(at: 42) & 0xfff8 == 0, udpPorts)
    case let proto:
      self.init(proto: proto, packet, payloadAt: 40, isFirstFragment: true, udpPorts)
    }
  }

  private init(
    proto: UInt8, _ packet: Span<UInt8>, payloadAt offset: Int, isFirstFragment: Bool,
    _ udpPorts: Set<UInt16>
  ) {
    switch proto {
    case 50: self = .esp
    case 51: self = .ah
    case 108: self = .ipComp
    case 17 where isFirstFragment && packet.count >= offset + 9:
      self.init(udp: packet, at: offset, udpPorts)
    case 58 where isFirstFragment && packet.count > offset:
      self = Self.icmpv6Upkeep.contains(packet[offset]) ? .upkeep : .clear
    default: self = .clear
    }
  }

  private init(udp packet: Span<UInt8>, at offset: Int, _ udpPorts: Set<UInt16>) {
    let ports = [packet.bigEndian16(at: offset), packet.bigEndian16(at: offset + 2)]
    let length = Int(packet.bigEndian16(at: offset + 4)) - 8
    if !udpPorts.isDisjoint(with: ports) {
      let payload = offset + 8
      if length == 1, packet[payload] == 0xff {
        self = .upkeep
      } else if length >= 8, packet.count >= payload + 4 {
        let isIKE = packet.bigEndian16(at: payload) | packet.bigEndian16(at: payload + 2) == 0
        self = isIKE ? .ike : .espInUDP
      } else {
        self = .clear
      }
    } else {
      self = ports.contains(500) ? .ike : .clear
    }
  }

  /// Multicast listener messages, router and neighbour discovery, redirects.
  private static let icmpv6Upkeep: Set<UInt8> = [130, 131, 132, 133, 134, 135, 136, 137, 143]
}

extension Span<UInt8> {
  fileprivate func bigEndian16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }
}
