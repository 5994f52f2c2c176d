import Glibc
import Netlink
import XFRMKit

@testable import XFRMLab

/// A host with one cable, both ends of which it has itself.
///
/// What is put on the far end comes in by the near one as from anybody, and with its mark; what the
/// host forwards comes out there.
final class ArrivalRange {
  let gate: Node
  let interfaces: ArrivalInterfaces
  private let cable: Int32
  private let linkHeader: [UInt8]
  private let sockets: [SocketBox]
  private var buffer = [UInt8](repeating: 0, count: 2_048)
  private var mark: UInt32?
  private static let magic: [UInt8] = Array("arrival".utf8)

  init() throws {
    gate = try Node("gate")
    try Node.connect(gate, "cable", gate, "wan")
    let settings = [
      ("net.ipv4.ip_forward", "1"), ("net.ipv6.conf.all.forwarding", "1"),
      // The far end is nobody, and says nothing by itself.
      ("net.ipv6.conf.cable.disable_ipv6", "1"),
      ("net.ipv4.conf.all.send_redirects", "0"), ("net.ipv4.conf.wan.send_redirects", "0"),
    ]
    for (name, value) in settings { try gate.setSysctl(name, to: value) }
    for family in SiteToSite.families {
      let ends = LookupWorld.ends(family)
      let length: UInt8 = family == .ipv6 ? 64 : 24
      try gate.addAddress(IPPrefix(ends[0], length: length), to: "wan")
      for own in ArrivalInterfaces.own(family) { try gate.addAddress(IPPrefix(own), to: "wan") }
      try gate.addRoute(to: .any(family), via: ends[1])
    }
    let (descriptor, index, header) = try gate.run { () throws(LabError) in
      let header = try Self.forgoNeighbours("wan") + [UInt8](repeating: 2, count: 6)
      let descriptor = try PacketSocket.open(.whole)
      // Sound: the names outlive the calls.
      let (cable, wan) = (unsafe if_nametoindex("cable"), unsafe if_nametoindex("wan"))
      try PacketSocket.bind(descriptor, Int32(cable))
      return (descriptor, Int32(wan), header)
    }
    (cable, interfaces, linkHeader) = (descriptor, ArrivalInterfaces(cable: index), header)
    sockets = try gate.run { () throws(LabError) in
      var sockets: [SocketBox] = []
      for family in SiteToSite.families {
        for port in LookupWorld.ports {
          let socket = try Socket(family, .datagram)
          if family == .ipv6 { try socket.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
          try socket.bind(.unspecified(family), port: port)
          sockets.append(SocketBox(socket))
        }
        for proto in [family == .ipv6 ? .icmpv6 : .icmp, LookupWorld.other] as [IPProtocol] {
          sockets.append(SocketBox(try Socket(family, .raw, proto: Int32(proto.rawValue))))
        }
      }
      return sockets
    }
    for family in SiteToSite.families {
      for own in ArrivalInterfaces.own(family) + [LookupWorld.ends(family)[0]] {
        try waitUntilOwn(own)
      }
    }
  }

  /// A new IPv6 address is the host's own a little later; until then its packets are forwarded.
  private func waitUntilOwn(_ address: IPAddress) throws {
    let packet = PacketFlow(
      from: LookupWorld.sources(address.family)[0], to: address, proto: .udp,
      destinationPort: LookupWorld.ports[0])
    for _ in 0..<3_000 {
      try send(0, PacketQuery(packet), through: [])
      if arrived().here.contains(0) { return }
      usleep(1_000)
    }
    throw SystemErrno.timedOut
  }

  deinit { close(cable) }

  /// Lets an interface send to everybody without asking who they are, as there is nobody to answer;
  /// its link address.
  private static func forgoNeighbours(_ interface: String) throws(LabError) -> [UInt8] {
    let socket = try Socket(.ipv4, .datagram)
    var request = unsafe ifreq()
    func ask(_ number: Int32) throws(LabError) {
      // Sound: the request outlives the call, and is what all of these take.
      guard unsafe ioctl(socket.descriptor, UInt(number), &request) == 0 else {
        throw .system("change \(interface)", .current)
      }
    }
    // Sound: a name of three bytes finds room.
    unsafe withUnsafeMutableBytes(of: &request.ifr_ifrn) {
      unsafe $0.copyBytes(from: interface.utf8)
    }
    try ask(SIOCGIFFLAGS)
    unsafe request.ifr_ifru.ifru_flags |= Int16(truncatingIfNeeded: IFF_NOARP)
    try ask(SIOCSIFFLAGS)
    try ask(SIOCGIFHWADDR)
    // Sound: of the union it is the address that was asked for.
    return unsafe withUnsafeBytes(of: request.ifr_ifru.ifru_hwaddr.sa_data) {
      unsafe Array($0.prefix(6))
    }
  }

  /// Sends a packet through SAs, the outermost first.
  func send(
    _ number: UInt32, _ query: PacketQuery, through path: [SecurityAssociation]
  ) throws {
    if mark != query.mark {
      var value = query.mark
      // Sound: the value outlives the call and comes with its own size.
      let result = unsafe setsockopt(cable, SOL_SOCKET, SO_MARK, &value, 4)
      guard result == 0 else { throw SystemErrno.current }
      mark = value
    }
    var packet = ArrivalPacket(query.packet, payload: Self.magic + Self.digits(number))
    for association in path.reversed() { packet.protect(by: association, sequence: number) }
    let type: [UInt8] = query.packet.source.family == .ipv6 ? [0x86, 0xdd] : [0x08, 0]
    let frame = linkHeader + type + packet.bytes
    // Sound: the frame outlives the call and comes with its own size.
    guard unsafe Glibc.send(cable, frame, frame.count, 0) == frame.count else {
      throw SystemErrno.current
    }
  }

  private static func digits(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  /// The numbers of packets that came through since this was last asked.
  func arrived() -> (here: Set<UInt32>, beyond: Set<UInt32>) {
    var (here, beyond) = (Set<UInt32>(), Set<UInt32>())
    for box in sockets {
      while case .success(let count) = box.socket.receive(into: &buffer) {
        if let number = Self.number(in: buffer[..<count]) { here.insert(number) }
      }
    }
    while true {
      // Sound: the buffer outlives the call and comes with its own size.
      let count = unsafe recv(cable, &buffer, buffer.count, 0)
      guard count >= 0 else { return (here, beyond) }
      if let number = Self.number(in: buffer[..<count]) { beyond.insert(number) }
    }
  }

  private static func number(in bytes: ArraySlice<UInt8>) -> UInt32? {
    let end = bytes.suffix(magic.count + 4)
    guard end.starts(with: magic) else { return nil }
    return end.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
