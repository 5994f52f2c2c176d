internal import CNetlink
internal import Glibc

/// `RTM_NEWLINK`
struct CreateInterface<Kind: InterfaceKind>: NetlinkRequest {
  var name: InterfaceName
  var kind: Kind

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWLINK)) }
  var messageFlags: MessageFlags { [.create, .exclusive] }

  func encode(into message: inout MessageBuilder) {
    message.append(InterfaceInfo(index: name.index))
    message.append(.interfaceName) { $0.append(name.name) }
    message.append(.linkInfo, nested: true) { info in
      info.append(.linkKind) { $0.append(Kind.name) }
      info.append(.linkData, nested: true) { kind.encode(into: &$0) }
    }
  }
}

/// One end of a pair of virtual Ethernet interfaces, made with the other.
struct VethKind: InterfaceKind {
  static var name: String { "veth" }
  var peer: InterfaceName
  var peerNamespace: NetworkNamespace

  func encode(into data: inout MessageBuilder) {
    data.append(.vethPeer) { message in
      message.append(InterfaceInfo(index: peer.index))
      message.append(.interfaceName) { $0.append(peer.name) }
      message.append(.interfaceNamespace, peerNamespace.descriptor)
    }
  }
}

/// `RTM_DELLINK`
struct DeleteInterface: NetlinkRequest {
  var interface: InterfaceName

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_DELLINK)) }

  func encode(into message: inout MessageBuilder) {
    message.append(InterfaceInfo(index: interface.index))
    // The number wins where there are both.
    if interface.index == 0 { message.append(.interfaceName) { $0.append(interface.name) } }
  }
}

/// `RTM_GETLINK` for all interfaces.
struct ListInterfaces: NetlinkRequest {
  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_GETLINK)) }
  func encode(into message: inout MessageBuilder) { message.append(InterfaceInfo()) }
}

/// `RTM_NEWLINK` on an existing interface.
struct ChangeInterface: NetlinkRequest {
  var name: String
  var isUp: Bool?
  var mtu: UInt32?
  var master: Int32?

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWLINK)) }

  func encode(into message: inout MessageBuilder) {
    var info = InterfaceInfo()
    if let isUp {
      info.change = UInt32(IFF_UP)
      info.flags = isUp ? info.change : 0
    }
    message.append(info)
    message.append(.interfaceName) { $0.append(name) }
    if let mtu { message.append(.mtu, mtu) }
    if let master { message.append(.master, master) }
  }
}

/// `RTM_GETLINK` for one interface.
struct GetInterface: NetlinkRequest {
  var name: String

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_GETLINK)) }

  func encode(into message: inout MessageBuilder) {
    message.append(InterfaceInfo())
    message.append(.interfaceName) { $0.append(name) }
  }
}

/// `RTM_NEWADDR`
struct AddAddress: NetlinkRequest {
  var prefix: IPPrefix
  var interfaceIndex: Int32

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWADDR)) }
  var messageFlags: MessageFlags { [.create, .exclusive] }

  func encode(into message: inout MessageBuilder) {
    var info = InterfaceAddressInfo()
    info.family = UInt8(truncatingIfNeeded: prefix.family.rawValue)
    info.prefixLength = prefix.length
    // No duplicate address detection: nobody else can have an address of a lab.
    info.flags = UInt8(IFA_F_NODAD)
    info.index = UInt32(bitPattern: interfaceIndex)
    message.append(info)
    message.append(.localAddress) { $0.append(prefix.address) }
    message.append(.interfaceAddress) { $0.append(prefix.address) }
  }
}

/// `RTM_NEWROUTE`
struct AddRoute: NetlinkRequest {
  var route: Route
  var isReplacing = false

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWROUTE)) }
  var messageFlags: MessageFlags { [.create, isReplacing ? .replace : .exclusive] }

  func encode(into message: inout MessageBuilder) {
    let isDirect = route.gateway == nil && !route.dropsPackets
    message.append(route, scope: isDirect ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE)
  }
}

/// `RTM_DELROUTE`
struct DeleteRoute: NetlinkRequest {
  var route: Route

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_DELROUTE)) }

  func encode(into message: inout MessageBuilder) {
    var route = route
    let family = route.destination.family
    // The kernel's own may have none.
    if route.metric == 0, route.origin != UInt8(RTPROT_KERNEL) {
      route.metric = Route.usualMetric(family)
    }
    // IPv6 heeds no kind, but what drops packets has the loopback interface there.
    if family == .ipv6, route.dropsPackets { route.interfaceIndex = 1 }
    message.append(route, scope: RT_SCOPE_NOWHERE)
  }
}

extension MessageBuilder {
  fileprivate mutating func append(_ route: Route, scope: rt_scope_t) {
    let destination = route.destination
    var info = RouteInfo()
    info.family = UInt8(truncatingIfNeeded: destination.family.rawValue)
    info.destinationLength = destination.length
    info.table = route.table == 0 ? UInt8(RT_TABLE_MAIN.rawValue) : UInt8(RT_TABLE_UNSPEC.rawValue)
    info.routeProtocol = route.origin
    info.scope = UInt8(scope.rawValue)
    info.type = route.kind.rawValue
    append(info)
    if destination.length > 0 {
      append(.routeDestination) { $0.append(destination.address) }
    }
    if let gateway = route.gateway { append(.routeGateway) { $0.append(gateway) } }
    if route.interfaceIndex != 0 { append(.routeInterface, route.interfaceIndex) }
    if let source = route.source { append(.routeSource) { $0.append(source) } }
    if route.metric != 0 { append(.routeMetric, route.metric) }
    // Only eight bits of it go into the struct.
    if route.table != 0 { append(.routeTable, route.table) }
  }
}

extension MessageBuilder {
  /// Appends an address as long as its family has it.
  mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let bits): append(bigEndian: bits)
    case .v6(let high, let low):
      append(bigEndian: high)
      append(bigEndian: low)
    }
  }
}

extension AttributeType {
  static var interfaceName: Self { Self(rawValue: UInt16(IFLA_IFNAME)) }
  static var mtu: Self { Self(rawValue: UInt16(IFLA_MTU)) }
  static var master: Self { Self(rawValue: UInt16(IFLA_MASTER)) }
  static var linkInfo: Self { Self(rawValue: UInt16(IFLA_LINKINFO)) }
  static var linkKind: Self { Self(rawValue: UInt16(IFLA_INFO_KIND)) }
  static var linkData: Self { Self(rawValue: UInt16(IFLA_INFO_DATA)) }
  static var interfaceNamespace: Self { Self(rawValue: UInt16(IFLA_NET_NS_FD)) }
  static var vethPeer: Self { Self(rawValue: UInt16(VETH_INFO_PEER)) }
  static var localAddress: Self { Self(rawValue: UInt16(IFA_LOCAL)) }
  static var interfaceAddress: Self { Self(rawValue: UInt16(IFA_ADDRESS)) }
  static var routeDestination: Self { Self(rawValue: UInt16(RTA_DST.rawValue)) }
  static var routeGateway: Self { Self(rawValue: UInt16(RTA_GATEWAY.rawValue)) }
  static var routeInterface: Self { Self(rawValue: UInt16(RTA_OIF.rawValue)) }
}
