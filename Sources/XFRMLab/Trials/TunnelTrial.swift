public import XFRMKit

/// Packets sent both ways through a tunnel between two gateways: what arrived, what the SAs counted
/// and what the wire showed.
public struct TunnelTrial: Sendable {
  /// From one site to the other.
  public struct Direction: Sendable {
    /// The sending and the receiving gateway.
    public var from: String
    public var to: String
    public var datagrams: DatagramResult
    /// What the sending gateway's ESP SA was used for.
    public var encrypted: Usage
    /// What the receiving gateway's was.
    public var decrypted: Usage
    /// What the receiving gateway's IPComp SA was used for, where there is one.
    public var decompressed: Usage?

    package init(
      from: String, to: String, datagrams: DatagramResult, encrypted: Usage, decrypted: Usage,
      decompressed: Usage? = nil
    ) {
      self.from = from
      self.to = to
      self.datagrams = datagrams
      self.encrypted = encrypted
      self.decrypted = decrypted
      self.decompressed = decompressed
    }
  }

  public let protection: Protection
  public package(set) var directions: [Direction] = []
  /// Datagrams between the gateways themselves, which no policy is about: the capture must see
  /// them, in clear, or it could not have seen others.
  public package(set) var control = DatagramResult()
  /// On the cable between the gateways, the control's packets among them.
  public package(set) var wire = WireCounts()
  /// Packets that the gateways dropped for reasons that have to do with IPsec; `nil` where the
  /// kernel does not count them.
  public package(set) var dropped: [String: UInt64]?

  /// Nothing sent yet.
  package init(_ protection: Protection) { self.protection = protection }

  /// Installs a plan on both gateways in place of what is there, and sends the datagrams.
  ///
  /// - Parameters:
  ///   - plan: In tunnel mode, or the control would be protected, too.
  ///   - count: How many datagrams to send each way.
  ///   - patience: How long to wait for the next one, in milliseconds, once all were sent.
  public init(
    _ sites: SiteToSite, _ plan: ProtectionPlan, datagrams count: Int = 20,
    payloadBytes: Int = 512, patience: Int32 = 1_000
  ) throws(LabError) {
    precondition(plan.protection.mode != .transport, "the control goes between the gateways")
    self.init(plan.protection)
    let family = protection.family
    try sites.removeProtection()
    let installed = try sites.install(plan)
    defer { withExtendedLifetime(installed) {} }

    let before = sites.errorCounters
    let left = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan, packets: 1_024)
    let right = try PacketCapture(on: sites.b.gateway, interface: SiteToSite.wan, packets: 1_024)
    let flow = sites.hostFlow(family)
    let forth = try flow.sendDatagrams(count, payloadBytes: payloadBytes, patience: patience)
    let back = try flow.reversed.sendDatagrams(
      count, payloadBytes: payloadBytes, patience: patience)
    control = try sites.gatewayFlow(family).sendDatagrams(
      Self.controlCount, payloadBytes: payloadBytes, patience: patience)
    wire = left.stop() + right.stop()
    if let before, let after = sites.errorCounters {
      dropped = zip(after, before).reduce(into: [:]) { dropped, counters in
        dropped.merge(counters.0.since(counters.1), uniquingKeysWith: +)
      }
    }
    directions = [
      try Self.direction(sites.a, sites.b, protection, forth),
      try Self.direction(sites.b, sites.a, protection, back),
    ]
  }

  private static let controlCount = 5

  private static func direction(
    _ near: SiteToSite.Site, _ far: SiteToSite.Site, _ protection: Protection,
    _ datagrams: DatagramResult
  ) throws(LabError) -> Direction {
    let address = far.gatewayAddress(protection.family)
    return Direction(
      from: near.gateway.name, to: far.gateway.name, datagrams: datagrams,
      encrypted: try near.gateway.usage(.esp, to: address),
      decrypted: try far.gateway.usage(.esp, to: address),
      decompressed: protection.isCompressed ? try far.gateway.usage(.ipComp, to: address) : nil)
  }
}

extension TunnelTrial {
  /// Both directions together.
  public var datagrams: DatagramResult {
    directions.reduce(into: DatagramResult()) { $0 += $1.datagrams }
  }

  /// Packets other than the control's that went over the wire in clear.
  public var clear: Int { max(0, wire[.clear] - control.sent) }

  /// Packets other than the control's whose payload could be read, whatever they call themselves.
  public var readable: Int { max(0, wire.readable - control.sent) }

  /// Whether the capture saw and read the control's packets, and missed none of any kind.
  public var isCaptureProven: Bool {
    control.sent > 0 && control.delivered == control.sent && wire[.clear] >= control.sent
      && wire.readable >= control.sent && wire.missed == 0
  }
}

extension SiteToSite {
  /// Both gateways' counters, `nil` where the kernel has none.
  fileprivate var errorCounters: [ErrorCounters]? {
    let counters = [a, b].compactMap { site in
      do { return try ErrorCounters(of: site.gateway.namespace) } catch { return nil }
    }
    return counters.count == 2 ? counters : nil
  }
}

extension Node {
  /// What the SAs of a protocol towards an address were used for; nothing, if there is none.
  func usage(_ proto: IPProtocol, to destination: IPAddress) throws(LabError) -> Usage {
    var xfrm = try xfrm()
    do {
      return try xfrm.associations().filter { $0.proto == proto && $0.destination == destination }
        .reduce(into: Usage()) { sum, association in
          sum.packets += association.usage.packets
          sum.bytes += association.usage.bytes
        }
    } catch {
      throw .xfrm(error)
    }
  }
}
