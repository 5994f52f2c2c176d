internal import CNetlink
internal import Glibc
public import XFRMKit

/// Counts packets of one kind that an interface sends.
///
/// The kernel does that itself, at the moment at which a packet goes out: none is missed, however
/// many there are, and nobody has to look at them.
public struct PacketCounter: ~Copyable {
  private let descriptor: Int32
  private var count = 0

  /// Which packets are counted.
  public enum Kind: Sendable {
    case all
    /// ESP that is not in UDP.
    case esp(AddressFamily)
    /// Of a family, and not that: what can be read, where ESP alone is to protect. What keeps IPv6
    /// going is left out: ICMPv6, and what has hop-by-hop options, as listener reports do.
    case withoutESP(AddressFamily)
    /// Parts of packets that were too long.
    case fragments(AddressFamily)
    /// ESP in UDP to a port, whose other packets are IKE and what keeps a NAT going.
    case espInUDP(AddressFamily, to: UInt16)
    /// UDP to one of these ports.
    case udp(AddressFamily, to: ClosedRange<UInt16>)
    /// What the kernel has marked so: `SKF_AD_MARK`.
    case marked(UInt32)
  }

  /// Begins to count.
  ///
  /// - Parameters:
  ///   - kind: Which packets.
  ///   - node: Where the interface is.
  ///   - interface: The interface's name.
  public init(_ kind: Kind, on node: Node, interface: String) throws(LabError) {
    let index = try attempt("find \(interface)") { () throws(NetlinkError) in
      var route = try RouteConnection(in: node.namespace)
      return try route.interfaceIndex(interface)
    }
    descriptor = try node.run { () throws(LabError) in
      var program = kind.program
      // Bound to nothing at first, so that nothing from other interfaces gets in.
      let descriptor = socket(AF_PACKET, Int32(CNL_SOCK_DGRAM | CNL_SOCK_CLOEXEC), 0)
      guard descriptor >= 0 else { throw .system("open a packet socket", .current) }
      do throws(LabError) {
        try PacketSocket.attach(&program, to: descriptor)
        try PacketSocket.bind(descriptor, index)
      } catch {
        close(descriptor)
        throw error
      }
      return descriptor
    }
  }

  deinit { close(descriptor) }

  /// How many there were so far.
  public mutating func total() throws(LabError) -> Int {
    // There is no room for most of them, and they are counted all the same.
    count += try PacketSocket.statistics(descriptor).taken
    return count
  }
}

// MARK: - What the kernel compares

extension PacketCounter.Kind {
  /// For packets from their IP header on.
  fileprivate var program: [sock_filter] {
    let isSent = Comparison(
      .ancillary(SKF_AD_PKTTYPE), BPF_JEQ, UInt32(PACKET_OUTGOING))
    return Comparison.program([isSent] + comparisons)
  }

  private var comparisons: [Comparison] {
    switch self {
    case .all: []
    case .marked(let mark): [Comparison(.ancillary(SKF_AD_MARK), BPF_JEQ, mark)]
    case .esp(let family): [family.isSpoken, family.speaks(50)]
    case .withoutESP(let family):
      [family.isSpoken]
        + (family == .ipv6 ? [50, 58, 0] : [50]).map { family.speaks($0, isUnwanted: true) }
    case .fragments(let family):
      // The offset in IPv4, and that more follow.
      [
        family.isSpoken,
        family == .ipv6 ? family.speaks(44) : Comparison(.pair(6), BPF_JSET, 0x3fff),
      ]
    case .espInUDP(let family, let port):
      Self.udp(family, to: port...port).comparisons + [
        // IKE has zeros there, and no SPI is so low; a byte that keeps a NAT going ends before it.
        Comparison(family.behindUDPHeader, BPF_JGE, 0x100)
      ]
    case .udp(let family, let ports):
      [
        family.isSpoken, family.speaks(17),
        Comparison(family.destinationPort, BPF_JGE, UInt32(ports.lowerBound)),
        Comparison(family.destinationPort, BPF_JGT, UInt32(ports.upperBound), isUnwanted: true),
      ]
    }
  }
}

extension AddressFamily {
  fileprivate var isSpoken: Comparison {
    Comparison(.ancillary(SKF_AD_PROTOCOL), BPF_JEQ, self == .ipv6 ? 0x86dd : 0x0800)
  }

  /// What the IP header says comes next.
  fileprivate func speaks(_ proto: UInt32, isUnwanted: Bool = false) -> Comparison {
    Comparison(.byte(self == .ipv6 ? 6 : 9), BPF_JEQ, proto, isUnwanted: isUnwanted)
  }

  fileprivate var destinationPort: Comparison.Field {
    self == .ipv6 ? .pair(42) : .pairBehindIPv4Header(2)
  }

  fileprivate var behindUDPHeader: Comparison.Field {
    self == .ipv6 ? .word(48) : .wordBehindIPv4Header(8)
  }
}

/// Two or three instructions of a socket filter: a packet goes on if it compares so.
private struct Comparison {
  enum Field {
    /// `SKF_AD_…`
    case ancillary(Int32)
    case byte(UInt32)
    case pair(UInt32)
    case word(UInt32)
    case pairBehindIPv4Header(UInt32)
    case wordBehindIPv4Header(UInt32)
  }

  private var loads: [sock_filter]
  private var jump: Int32
  private var value: UInt32
  private var isUnwanted: Bool

  init(_ field: Field, _ jump: Int32, _ value: UInt32, isUnwanted: Bool = false) {
    func load(_ code: Int32, _ k: UInt32) -> sock_filter {
      sock_filter(code: UInt16(code), jt: 0, jf: 0, k: k)
    }
    switch field {
    case .ancillary(let number):
      loads = [load(BPF_LD | BPF_W | BPF_ABS, UInt32(bitPattern: SKF_AD_OFF + number))]
    case .byte(let offset): loads = [load(BPF_LD | BPF_B | BPF_ABS, offset)]
    case .pair(let offset): loads = [load(BPF_LD | BPF_H | BPF_ABS, offset)]
    case .word(let offset): loads = [load(BPF_LD | BPF_W | BPF_ABS, offset)]
    case .pairBehindIPv4Header(let offset):
      loads = [load(BPF_LDX | BPF_B | BPF_MSH, 0), load(BPF_LD | BPF_H | BPF_IND, offset)]
    case .wordBehindIPv4Header(let offset):
      loads = [load(BPF_LDX | BPF_B | BPF_MSH, 0), load(BPF_LD | BPF_W | BPF_IND, offset)]
    }
    (self.jump, self.value, self.isUnwanted) = (jump, value, isUnwanted)
  }

  /// Takes a packet if all compare as wanted.
  static func program(_ comparisons: [Comparison]) -> [sock_filter] {
    var program: [sock_filter] = []
    var left = comparisons.reduce(0) { $0 + $1.loads.count + 1 }
    for comparison in comparisons {
      left -= comparison.loads.count + 1
      let away = UInt8(left + 1)
      program += comparison.loads
      program.append(
        sock_filter(
          code: UInt16(BPF_JMP | comparison.jump | BPF_K), jt: comparison.isUnwanted ? away : 0,
          jf: comparison.isUnwanted ? 0 : away, k: comparison.value))
    }
    let take = UInt16(BPF_RET | BPF_K)
    return program + [
      sock_filter(code: take, jt: 0, jf: 0, k: 1), sock_filter(code: take, jt: 0, jf: 0, k: 0),
    ]
  }
}
