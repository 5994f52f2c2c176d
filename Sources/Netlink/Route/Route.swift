internal import CNetlink
internal import Glibc

/// Where packets to some addresses go.
public struct Route: Hashable, Sendable {
  /// The addresses that it is for.
  public var destination: IPPrefix
  /// The next host on the way; `nil` if the destination is reached directly.
  public var gateway: IPAddress?
  /// The number of the interface that packets leave by; 0 if there is none.
  public var interfaceIndex: Int32 = 0
  /// The address that packets of this host get which have none yet.
  public var source: IPAddress?
  /// The number of the table that it is in.
  public var table: UInt32 = 0
  /// Of routes to the same addresses the one with the lowest counts; 0 for what the kernel gives one
  /// that is added without (``usualMetric(_:)``).
  public var metric: UInt32 = 0
  /// What becomes of packets to it.
  public var kind = Kind.unicast
  /// Who has made it, by the kernel's number: 4, which is `static`, for administrators.
  /// (`RTPROT_…`)
  public var origin = UInt8(RTPROT_STATIC)

  /// What becomes of packets. (`RTN_…`)
  public struct Kind: OpenEnumeration {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// They leave for other hosts.
    public static let unicast = Self(rawValue: UInt8(RTN_UNICAST))
    /// They are dropped, and nobody is told.
    public static let blackhole = Self(rawValue: UInt8(RTN_BLACKHOLE))
    /// They are dropped, and their sender is told.
    public static let unreachable = Self(rawValue: UInt8(RTN_UNREACHABLE))
    /// They are dropped, and their sender is told that somebody wanted that.
    public static let prohibit = Self(rawValue: UInt8(RTN_PROHIBIT))
  }

  /// A route with nothing but a destination.
  public init(to destination: IPPrefix) { self.destination = destination }

  /// A route that drops packets and tells their senders: `unreachable`.
  ///
  /// - Parameters:
  ///   - destination: Where they are going.
  ///   - metric: Routes to the same addresses that have a lower one come before it.
  public static func unreachable(_ destination: IPPrefix, metric: UInt32 = 0) -> Route {
    var route = Route(to: destination)
    (route.kind, route.metric) = (.unreachable, metric)
    return route
  }

  /// Whether it leads to other hosts, and not to this one or nowhere.
  public var isUnicast: Bool { kind == .unicast }

  /// Whether packets to it are dropped.
  public var dropsPackets: Bool { [.blackhole, .unreachable, .prohibit].contains(kind) }

  /// The table that is meant where none is named.
  public static let mainTable = UInt32(RT_TABLE_MAIN.rawValue)

  /// The metric of a route that was added without one.
  ///
  /// - Parameter family: That of its addresses.
  public static func usualMetric(_ family: AddressFamily) -> UInt32 { family == .ipv6 ? 1024 : 0 }
}

extension Route {
  /// Reads the payload of `RTM_NEWROUTE`; `nil` if it is of another family than IPv4 and IPv6, or
  /// not from a table.
  init?(from reader: consuming ByteReader) throws(MalformedMessage) {
    let info: RouteInfo = try reader.read()
    let family = AddressFamily(rawValue: UInt16(info.family))
    guard [.ipv4, .ipv6].contains(family), info.flags & UInt32(RTM_F_CLONED) == 0 else {
      return nil
    }
    self.init(to: IPPrefix(.unspecified(family), length: info.destinationLength))
    table = UInt32(info.table)
    (kind, origin) = (Kind(rawValue: info.type), info.routeProtocol)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() { try read(attribute, family) }
  }

  private mutating func read(
    _ attribute: borrowing NetlinkAttribute, _ family: AddressFamily
  ) throws(MalformedMessage) {
    var payload = attribute.reader
    switch attribute.type {
    case .routeDestination:
      if let address = try payload.readAddress(family) { destination.address = address }
    case .routeGateway: gateway = try payload.readAddress(family)
    case .routeInterface: interfaceIndex = try payload.read()
    case .routeSource: source = try payload.readAddress(family)
    case .routeTable: table = try payload.read()
    case .routeMetric: metric = try payload.read()
    case .routeNextHops: try readFirstHop(&payload, family)
    default: break
    }
  }

  /// Of a route with several ways the first: `struct rtnexthop` and attributes of its own.
  private mutating func readFirstHop(
    _ reader: inout ByteReader, _ family: AddressFamily
  ) throws(MalformedMessage) {
    let length: UInt16 = try reader.read()
    try reader.skip(2)
    interfaceIndex = try reader.read()
    let headerSize = 8
    let rest = try reader.read(byteCount: Int(length) - headerSize)
    var attributes = AttributeReader(ByteReader(rest, at: reader.position - rest.byteCount))
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      if attribute.type == .routeGateway { gateway = try payload.readAddress(family) }
    }
  }
}

extension AttributeType {
  static var routeSource: Self { Self(rawValue: UInt16(RTA_PREFSRC.rawValue)) }
  static var routeTable: Self { Self(rawValue: UInt16(RTA_TABLE.rawValue)) }
  static var routeMetric: Self { Self(rawValue: UInt16(RTA_PRIORITY.rawValue)) }
  static var routeNextHops: Self { Self(rawValue: UInt16(RTA_MULTIPATH.rawValue)) }
}
