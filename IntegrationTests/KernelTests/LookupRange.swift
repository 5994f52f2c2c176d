import Glibc
import XFRMKit

@testable import XFRMLab

/// A sender and, at the other end of a cable, somebody who looks at every packet.
final class LookupRange {
  let sender: Node
  private let sink: Node
  private let sniffer: Sniffer
  /// By family, protocol, source and source port.
  private var sockets: [SocketKey: SocketBox] = [:]
  private var monitor: XFRMMonitor?
  private var number: UInt32 = 0

  /// - Parameter hearsAcquires: Whether packets without an SA ask for one.
  init(hearsAcquires: Bool) throws {
    sender = try Node("sender")
    sink = try Node("sink")
    try Node.connect(sender, "wan", sink, "wan")
    for family in SiteToSite.families {
      let ends = LookupWorld.ends(family)
      let length: UInt8 = family == .ipv6 ? 64 : 24
      try sender.addAddress(IPPrefix(ends[0], length: length), to: "wan")
      for end in ends.dropFirst() {
        try sink.addAddress(IPPrefix(end, length: length), to: "wan")
      }
      for source in LookupWorld.sources(family) {
        try sender.addAddress(IPPrefix(source), to: "lo")
      }
      try sender.addRoute(to: .any(family), via: ends[1])
    }
    sniffer = try Sniffer(sink, "wan")
    if hearsAcquires { monitor = try XFRMMonitor(of: .acquire, in: sender.namespace) }
    // Neighbours get to know each other while nothing is protected.
    for family in SiteToSite.families {
      for end in LookupWorld.ends(family).dropFirst() {
        let flow = Flow(from: sender, LookupWorld.ends(family)[0], to: sink, end)
        guard try flow.ping(1, patience: 3_000) == 1 else { throw SystemErrno.timedOut }
      }
    }
  }

  private struct SocketKey: Hashable {
    var source: IPAddress
    var proto: IPProtocol
    var port: UInt16
  }

  private func socket(_ packet: PacketFlow) throws -> SocketBox {
    let isUDP = packet.proto == .udp
    let key = SocketKey(
      source: packet.source, proto: packet.proto, port: isUDP ? packet.sourcePort : 0)
    if let known = sockets[key] { return known }
    let box = try sender.run { () throws(LabError) in
      let socket = try Socket(
        key.source.family, isUDP ? .datagram : .raw, proto: isUDP ? 0 : Int32(key.proto.rawValue))
      try socket.bind(key.source, port: key.port)
      return SocketBox(socket)
    }
    sockets[key] = box
    return box
  }

  /// Sends a packet and looks what becomes of it.
  func send(_ query: PacketQuery, _ xfrm: inout XFRMClient) throws -> SeenPacket {
    number += 1
    let (box, packet, mark) = (try socket(query.packet), query.packet, query.mark)
    let payload = Sniffer.payload(number, packet)
    let before = try ErrorCounters(of: sender.namespace)
    try box.socket.setOption(SOL_SOCKET, SO_MARK, Int32(bitPattern: mark))
    var seen = SeenPacket()
    let port = packet.proto == .udp ? packet.destinationPort : 0
    switch box.socket.send(payload.span, to: packet.destination, port: port) {
    case .failure(.notPermitted): seen.isRefused = true
    case .failure, .success: break
    }
    for patience: Int32 in [0, 20, 200, 1_000] {
      seen.spi = sniffer.spi(of: number, milliseconds: patience)
      seen.raised = try ErrorCounters(of: sender.namespace).since(before)
      if seen.spi != nil || seen.isRefused || !seen.raised.isEmpty { break }
    }
    try hearAcquires(&seen, &xfrm)
    return seen
  }

  /// Takes away what waits for an answer, so that the next packet asks again.
  private func hearAcquires(_ seen: inout SeenPacket, _ xfrm: inout XFRMClient) throws {
    guard monitor != nil else { return }
    var heard: [UInt32] = []
    while try monitor?.next(
      milliseconds: 0,
      { event, _ in
        if case .acquire(let acquire) = event.content { heard.append(acquire.policy.index) }
      }) == true
    {}
    seen.acquired = heard
    if !heard.isEmpty { try xfrm.flushAssociations() }
  }
}

/// A socket that several may keep.
final class SocketBox: Sendable {
  let socket: Socket
  init(_ socket: consuming Socket) { self.socket = socket }
}

/// Recognises the packets of a ``LookupRange``.
private final class Sniffer {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 2048)
  private static let magic: [UInt8] = Array("lookup".utf8)

  init(_ node: Node, _ interface: String) throws {
    descriptor = try node.run { () throws(LabError) in
      let descriptor = try PacketSocket.open()
      // Sound: the name outlives the call.
      let index = Int32(unsafe if_nametoindex(interface))
      try PacketSocket.bind(descriptor, index)
      return descriptor
    }
  }

  deinit { close(descriptor) }

  static func payload(_ number: UInt32, _ packet: PacketFlow) -> [UInt8] {
    let isICMP = [.icmp, .icmpv6].contains(packet.proto)
    let header: [UInt8] =
      isICMP
      ? [
        UInt8(truncatingIfNeeded: packet.sourcePort),
        UInt8(truncatingIfNeeded: packet.destinationPort), 0, 0, 0, 0, 0, 0,
      ] : []
    let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    return header + magic + digits
  }

  /// The SPI that a packet arrives with, 0 in clear; `nil` if it does not arrive.
  func spi(of number: UInt32, milliseconds: Int32) -> SPI? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&entry, 1, milliseconds) == 1 {
      // Sound: the buffer outlives the call.
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      guard count > 40 - 12 else { continue }
      let bytes = buffer[..<count]
      let sought = Self.magic + Self.payload(number, PacketFlow(from: .v4(0), to: .v4(0))).suffix(4)
      guard bytes.contains(subsequence: sought) else { continue }
      let isV6 = bytes[0] >> 4 == 6
      guard bytes[isV6 ? 6 : 9] == IPProtocol.esp.rawValue else { return 0 }
      let start = isV6 ? 40 : Int(bytes[0] & 15) * 4
      return SPI(rawValue: bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(subsequence sought: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: sought) }
  }
}
