public import XFRMKit

/// Proof that packets between two sites are protected: pings, datagrams and a stream across a
/// tunnel, and what was to be seen on the wire meanwhile.
public struct SiteToSiteDemo: Sendable {
  /// What went across, and what the wire showed.
  public struct Observation: Sendable {
    public var pings = 0
    public var pingsAnswered = 0
    public var datagrams = DatagramResult()
    public var streamBytesWanted = 0
    public var streamBytes = 0
    public var wire = WireCounts()

    /// Whether everything arrived, whole.
    public var isDelivered: Bool {
      pingsAnswered == pings && datagrams.delivered == datagrams.sent && datagrams.wrong == 0
        && streamBytes == streamBytesWanted
    }
  }

  /// One direction's SA, as the receiving gateway has it.
  public struct Direction: Sendable {
    public var from: String
    public var to: String
    public var association: SecurityAssociation
  }

  public let protection: Protection
  /// With the policies in place.
  public private(set) var protected = Observation()
  /// With the policies removed: the same capture must see what it is there to see.
  public private(set) var control: Observation?
  /// The SAs after the protected traffic.
  public private(set) var directions: [Direction] = []

  /// Whether everything arrived, and nothing of it could be read on the wire.
  public var isProven: Bool {
    let wire = protected.wire
    return protected.isDelivered && wire[protection.isInUDP ? .espInUDP : .esp] > 0
      && wire[.clear] == 0 && wire.readable == 0 && wire.missed == 0 && isControlProven
  }

  /// Whether the capture saw and read clear packets where there were some, or was not asked to.
  public var isControlProven: Bool {
    control.map { $0.wire[.clear] > 0 && $0.wire.readable > 0 } ?? true
  }

  /// Builds the sites, protects them and sends the traffic.
  ///
  /// - Parameters:
  ///   - withControl: Then removes the policies and sends it again.
  ///   - progress: Told what comes next.
  public init(
    _ protection: Protection = Protection(), datagrams: Int = 200, streamBytes: Int = 16 << 20,
    withControl: Bool = false, progress: (String) -> Void = { _ in }
  ) throws(LabError) {
    self.protection = protection
    progress("Building two sites in four network namespaces")
    let sites = try SiteToSite()
    progress("Installing SAs and policies on both gateways")
    let installed = try sites.install(sites.plan(protection))
    defer { withExtendedLifetime(installed) {} }
    progress("Sending pings, datagrams and a stream through the tunnel")
    protected = try Self.observe(
      sites, protection, datagrams: datagrams, streamBytes: streamBytes)
    directions = try Self.directions(sites)
    guard withControl else { return }
    progress("Removing the policies and sending the same again")
    try sites.removePolicies()
    control = try Self.observe(
      sites, protection, datagrams: datagrams, streamBytes: streamBytes)
  }

  private static func observe(
    _ sites: SiteToSite, _ protection: Protection, datagrams: Int, streamBytes: Int
  ) throws(LabError) -> Observation {
    let flow = sites.flow(protection)
    let left = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan)
    let right = try PacketCapture(on: sites.b.gateway, interface: SiteToSite.wan)
    var observation = Observation()
    observation.pings = 4
    observation.pingsAnswered = try flow.ping(observation.pings)
    observation.datagrams = try flow.sendDatagrams(datagrams / 2)
    observation.datagrams += try flow.reversed.sendDatagrams(datagrams - datagrams / 2)
    observation.streamBytesWanted = streamBytes
    observation.streamBytes = try flow.stream(bytes: streamBytes)
    observation.wire = left.stop() + right.stop()
    return observation
  }

  private static func directions(_ sites: SiteToSite) throws(LabError) -> [Direction] {
    var directions: [Direction] = []
    for (near, far) in [(sites.a, sites.b), (sites.b, sites.a)] {
      var xfrm = try far.gateway.xfrm()
      do {
        directions += try xfrm.associations().filter {
          $0.destination == far.gatewayAddress($0.family)
        }.map { Direction(from: near.gateway.name, to: far.gateway.name, association: $0) }
      } catch {
        throw .xfrm(error)
      }
    }
    return directions
  }
}
