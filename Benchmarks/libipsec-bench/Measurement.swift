import Glibc
import Netlink
import XFRMKit
import XFRMLab

/// What one engine got through.
struct Measurement: Encodable {
  /// Datagrams of one length, offered at some rate.
  struct Load: Encodable {
    var packetBytes: Int
    var sentPerSecond: Int
    var deliveredPerSecond: Int

    var bitsPerSecond: Int { deliveredPerSecond * packetBytes * 8 }
    /// Of a thousand that were sent, how many were not there in time.
    var lostPermille: Int {
      sentPerSecond > 0 ? max(0, 1_000 - deliveredPerSecond * 1_000 / sentPerSecond) : 0
    }
  }

  /// The memory of both daemons.
  struct Memory: Encodable {
    var second: Int
    var kilobytes: Int
  }

  var engine: String
  /// One TCP connection.
  var tcpBitsPerSecond = 0
  /// By length, as many as the sender can send.
  var lengths: [Load] = []
  /// Of one length, at more and more a second.
  var rates: [Load] = []
  /// While as many are sent as can be.
  var memory: [Memory] = []
  /// On the cable between the gateways: UDP port 4500, and all else of IPv4.
  var espInUDP = 0
  var others = 0

  private static let rateBytes = 512
  private static let headerBytes = 28

  /// Measures.
  ///
  /// - Parameters:
  ///   - seconds: For how long each figure; memory is watched ten times as long.
  init(_ engine: Engine, tree: String, seconds: Int) throws {
    self.engine = engine.rawValue
    let sites = try SiteToSite([.ipv4])
    let daemons = [
      try Daemon(engine, at: sites.a, with: sites.b, tree: tree),
      try Daemon(engine, at: sites.b, with: sites.a, tree: tree),
    ]
    try daemons[0].initiate()
    var xfrm = try sites.a.gateway.xfrm()
    let count = try xfrm.associations().count
    guard (count > 0) == (engine == .kernel) else {
      throw Problem("\(engine): the kernel has \(count) SAs")
    }

    var port: UInt16 = 7_200
    let flow = sites.hostFlow(.ipv4)
    let wan = SiteToSite.wan
    var protected = try PacketCounter(
      .udp(.ipv4, to: 4500...4500), on: sites.a.gateway, interface: wan)
    var all = try PacketCounter(.withoutESP(.ipv4), on: sites.a.gateway, interface: wan)

    say(engine, "TCP")
    let stream = try flow.stream(for: .seconds(seconds))
    tcpBitsPerSecond = Int(Double(stream.bytes) * 8 / (stream.duration / .seconds(1)))
    for rate in [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000] {
      say(engine, "\(rate) packets a second")
      rates.append(try Self.load(flow, &port, Self.rateBytes, rate, seconds))
    }
    for bytes in [64, 512, 1_400] {
      say(engine, "\(bytes) bytes")
      lengths.append(try Self.load(flow, &port, bytes, nil, seconds))
    }
    say(engine, "memory")
    memory = try Self.memory(of: daemons, flow, port, seconds * 10)

    espInUDP = try protected.total()
    others = try all.total() - espInUDP
    guard espInUDP > 0, others == 0 else {
      throw Problem("\(engine): \(espInUDP) packets of ESP in UDP, \(others) others on the wire")
    }
  }

  private func say(_ engine: Engine, _ what: String) {
    // Where stderr cannot be written there is nobody to tell.
    let line = "\(engine): \(what)\n"
    // Sound: the text outlives the call.
    _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
  }

  /// Each has a port of its own, as what is late from the one before may still be under way.
  private static func load(
    _ flow: Flow, _ port: inout UInt16, _ bytes: Int, _ rate: Int?, _ seconds: Int
  ) throws -> Load {
    port += 1
    let load = try DatagramLoad(
      flow, ports: port...port, payloadBytes: bytes - headerBytes, perSecond: rate, patience: 2_000)
    let clock = ContinuousClock()
    usleep(200_000)
    let (before, start) = (load.counts, clock.now)
    sleep(UInt32(seconds))
    let counts = load.counts.since(before)
    let time = (clock.now - start) / .seconds(1)
    _ = load.stop()
    return Load(
      packetBytes: bytes, sentPerSecond: Int(Double(counts.sent) / time),
      deliveredPerSecond: Int(Double(counts.delivered) / time))
  }

  private static func memory(
    of daemons: [Daemon], _ flow: Flow, _ port: UInt16, _ seconds: Int
  ) throws -> [Memory] {
    let load = try DatagramLoad(
      flow, ports: (port + 1)...(port + 1), payloadBytes: rateBytes - headerBytes)
    var memory: [Memory] = []
    let clock = ContinuousClock()
    let start = clock.now
    for second in 0...seconds {
      while clock.now - start < .seconds(second) { usleep(20_000) }
      let kilobytes = try daemons.reduce(0) { try $0 + $1.residentKilobytes }
      memory.append(
        Memory(second: Int((clock.now - start) / .seconds(1)), kilobytes: kilobytes))
    }
    _ = load.stop()
    return memory
  }
}
