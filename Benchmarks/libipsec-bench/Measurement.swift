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
  /// On the cable between the gateways: ESP, and all of IPv4 that is not UDP to port 4500.
  var espInUDP = 0
  var others = 0

  private static let rateBytes = 512
  private static let headerBytes = 28
  private static let espPort: UInt16 = 4500

  /// Measures.
  ///
  /// - Parameters:
  ///   - seconds: For how long each figure; memory is watched ten times as long.
  init(_ engine: Engine, tree: String, seconds: Int) throws {
    self.engine = engine.rawValue
    let sites = try SiteToSite([.ipv4])
    var daemons = [
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
    var esp = try Self.counter(.espInUDP(.ipv4, to: Self.espPort), sites)
    var udp = try Self.counter(.udp(.ipv4, to: Self.espPort...Self.espPort), sites)
    var all = try Self.counter(.withoutESP(.ipv4), sites)

    say(engine, "TCP")
    let stream = try sites.hostFlow(.ipv4).stream(for: .seconds(seconds))
    try Self.check(esp.total(), carried: stream.bytes / SiteToSite.mtu)
    tcpBitsPerSecond = Int(Double(stream.bytes) * 8 / (stream.duration / .seconds(1)))
    for rate in [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000] {
      say(engine, "\(rate) packets a second")
      rates.append(try Self.load(sites, &port, Self.rateBytes, rate, seconds))
    }
    for bytes in [64, 512, 1_400] {
      say(engine, "\(bytes) bytes")
      lengths.append(try Self.load(sites, &port, bytes, nil, seconds))
    }
    say(engine, "memory")
    memory = try Self.memory(of: daemons, sites, port, seconds * 10)

    // Once they have ended nothing is sent any more, and the counters say the same of the same.
    daemons.removeAll()
    espInUDP = try esp.total()
    others = try all.total() - udp.total()
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

  private static func counter(
    _ kind: PacketCounter.Kind, _ sites: SiteToSite
  ) throws -> PacketCounter {
    try PacketCounter(kind, on: sites.a.gateway, interface: SiteToSite.wan)
  }

  /// A figure is none if more has arrived than ESP has carried.
  private static func check(_ packets: Int, carried: Int) throws {
    guard packets >= carried else {
      throw Problem("\(carried) packets arrived, and \(packets) of ESP were on the wire")
    }
  }

  /// Each has a port of its own, as what is late from the one before may still be under way.
  private static func load(
    _ sites: SiteToSite, _ port: inout UInt16, _ bytes: Int, _ rate: Int?, _ seconds: Int
  ) throws -> Load {
    port += 1
    var esp = try counter(.espInUDP(.ipv4, to: espPort), sites)
    let load = try DatagramLoad(
      sites.hostFlow(.ipv4), ports: port...port, payloadBytes: bytes - headerBytes, perSecond: rate,
      patience: 2_000)
    let clock = ContinuousClock()
    usleep(200_000)
    let (before, start) = (load.counts, clock.now)
    sleep(UInt32(seconds))
    let counts = load.counts.since(before)
    let time = (clock.now - start) / .seconds(1)
    let total = load.stop()
    try check(esp.total(), carried: total.delivered)
    return Load(
      packetBytes: bytes, sentPerSecond: Int(Double(counts.sent) / time),
      deliveredPerSecond: Int(Double(counts.delivered) / time))
  }

  private static func memory(
    of daemons: [Daemon], _ sites: SiteToSite, _ port: UInt16, _ seconds: Int
  ) throws -> [Memory] {
    var esp = try counter(.espInUDP(.ipv4, to: espPort), sites)
    let load = try DatagramLoad(
      sites.hostFlow(.ipv4), ports: (port + 1)...(port + 1), payloadBytes: rateBytes - headerBytes)
    var memory: [Memory] = []
    let clock = ContinuousClock()
    let start = clock.now
    for second in 0...seconds {
      while clock.now - start < .seconds(second) { usleep(20_000) }
      let kilobytes = try daemons.reduce(0) { try $0 + $1.residentKilobytes }
      memory.append(
        Memory(second: Int((clock.now - start) / .seconds(1)), kilobytes: kilobytes))
    }
    let total = load.stop()
    try check(esp.total(), carried: total.delivered)
    return memory
  }
}
