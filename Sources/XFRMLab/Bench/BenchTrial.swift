internal import Glibc
internal import XFRMKit

/// As many datagrams as go over a path for a while: how many arrived, what that cost, and what the
/// wire showed.
///
/// Sender, receiver and both gateways share this machine's processors, so that a host with the other
/// end elsewhere can do more.
public struct BenchTrial: Sendable {
  public let point: BenchPoint
  /// While it was measured.
  public package(set) var datagrams = DatagramLoad.Counts()
  /// For how long that was.
  public package(set) var duration = Duration.zero
  /// What the machine's processors worked meanwhile.
  public package(set) var processorTime = Duration.zero
  /// All datagrams, those before and after it was measured included; as all that follows.
  public package(set) var total = DatagramLoad.Counts()
  /// Packets of ESP on the cable between the gateways.
  public package(set) var protected = 0
  /// Others of the family there, but for what keeps the link going.
  public package(set) var clear = 0
  /// Parts of packets there that did not fit the cable.
  public package(set) var fragments = 0
  /// Packets that the sending gateway's SAs were used for.
  public package(set) var encrypted: UInt64 = 0

  /// Nothing sent yet.
  package init(_ point: BenchPoint) { self.point = point }

  /// Installs a plan on both gateways in place of what is there, and sends as much as goes.
  ///
  /// - Parameters:
  ///   - sites: With addresses of the point's family.
  ///   - plan: What protects the packets; `nil` for nothing.
  ///   - point: What is measured.
  ///   - duration: For how long.
  public init(
    _ sites: SiteToSite, _ plan: ProtectionPlan?, _ point: BenchPoint, for duration: Duration
  ) throws(LabError) {
    self.init(point)
    try sites.removeProtection()
    let installed = try plan.map { (plan) throws(LabError) in try sites.install(plan) }
    defer { withExtendedLifetime(installed) {} }
    let gateway = sites.a.gateway
    var esp = try PacketCounter(.esp(point.family), on: gateway, interface: SiteToSite.wan)
    var others = try PacketCounter(
      .withoutESP(point.family), on: gateway, interface: SiteToSite.wan)
    var parts = try PacketCounter(
      .fragments(point.family), on: gateway, interface: SiteToSite.wan)

    let load = try DatagramLoad(
      sites.flow(Protection(mode: point.mode, family: point.family)), ports: point.ports,
      payloadBytes: point.payloadBytes)
    // Until routes, neighbours and caches are what they will be.
    Self.sleep(.milliseconds(100))
    let clock = ContinuousClock()
    let before = (try ProcessorTime(), load.counts, clock.now)
    Self.sleep(duration)
    let after = (try ProcessorTime(), load.counts, clock.now)
    total = load.stop()

    processorTime = after.0.busy - before.0.busy
    datagrams = after.1.since(before.1)
    self.duration = after.2 - before.2
    protected = try esp.total()
    clear = try others.total()
    fragments = try parts.total()
    encrypted = try gateway.usage(.esp, to: sites.b.gatewayAddress(point.family)).packets
  }

  private static func sleep(_ duration: Duration) {
    usleep(UInt32(clamping: Int(duration / .microseconds(1))))
  }
}

// MARK: - What it comes to

extension BenchTrial {
  /// Packets that arrived each second.
  public var packetsPerSecond: Double {
    duration > .zero ? Double(datagrams.delivered) / duration.inSeconds : 0
  }

  /// What they carried, IP headers included.
  public var bitsPerSecond: Double { packetsPerSecond * Double(point.packetBytes * 8) }

  /// Processor time for a million packets, in seconds; `nil` if none arrived.
  public var secondsPerMillionPackets: Double? {
    datagrams.delivered > 0
      ? processorTime.inSeconds * 1e6 / Double(datagrams.delivered) : nil
  }

  /// Processor time for 10⁹ bytes, in seconds; `nil` if none arrived.
  public var secondsPerGigabyte: Double? {
    secondsPerMillionPackets.map { $0 * 1e3 / Double(point.packetBytes) }
  }

  /// The part of what was sent that did not arrive.
  public var loss: Double {
    total.sent > 0 ? max(0, 1 - Double(total.delivered) / Double(total.sent)) : 0
  }

  /// Why its figures say nothing about what they are of; `nil` if they do.
  public var flaw: String? {
    if datagrams.delivered == 0 { return "nothing arrived" }
    guard point.proposal != nil else {
      if protected > 0 { return "\(protected) packets of ESP were on the plain path" }
      return clear < total.delivered
        ? "\(total.delivered) packets arrived, and the wire showed \(clear)" : nil
    }
    // After they were protected, or before.
    if fragments > 0 || protected > total.sent { return "packets were cut to fit the cable" }
    if clear > 0 { return "packets that went in clear: \(clear)" }
    let counted = min(protected, Int(clamping: encrypted))
    return counted < total.delivered
      ? "\(total.delivered) packets arrived, and \(counted) were protected" : nil
  }
}

extension [BenchTrial] {
  /// The trial of the plain path that another is compared with, if its figures are good.
  ///
  /// - Parameter trial: One of these.
  public func base(of trial: BenchTrial) -> BenchTrial? {
    first { $0.point == trial.point.plain && $0.flaw == nil }
  }
}
