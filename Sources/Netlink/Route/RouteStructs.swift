internal import Glibc

/// `struct ifinfomsg`
struct InterfaceInfo: WireStruct {
  static let size = 16
  var family: UInt8 = 0
  var type: UInt16 = 0
  var index: Int32 = 0
  var flags: UInt32 = 0
  var change: UInt32 = 0

  init() {}

  init(index: Int32) { self.index = index }

  var isUp: Bool { flags & UInt32(IFF_UP) != 0 }
  var isRunning: Bool { flags & UInt32(IFF_RUNNING) != 0 }

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("ifi_family", &family)
    try wire.padding(1)
    try wire.field("ifi_type", &type)
    try wire.field("ifi_index", &index)
    try wire.field("ifi_flags", &flags)
    try wire.field("ifi_change", &change)
  }
}

/// `struct ifaddrmsg`
struct InterfaceAddressInfo: WireStruct {
  static let size = 8
  var family: UInt8 = 0
  var prefixLength: UInt8 = 0
  var flags: UInt8 = 0
  var scope: UInt8 = 0
  var index: UInt32 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("ifa_family", &family)
    try wire.field("ifa_prefixlen", &prefixLength)
    try wire.field("ifa_flags", &flags)
    try wire.field("ifa_scope", &scope)
    try wire.field("ifa_index", &index)
  }
}

/// `struct rtmsg`
struct RouteInfo: WireStruct {
  static let size = 12
  var family: UInt8 = 0
  var destinationLength: UInt8 = 0
  var sourceLength: UInt8 = 0
  var typeOfService: UInt8 = 0
  var table: UInt8 = 0
  var routeProtocol: UInt8 = 0
  var scope: UInt8 = 0
  var type: UInt8 = 0
  var flags: UInt32 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("rtm_family", &family)
    try wire.field("rtm_dst_len", &destinationLength)
    try wire.field("rtm_src_len", &sourceLength)
    try wire.field("rtm_tos", &typeOfService)
    try wire.field("rtm_table", &table)
    try wire.field("rtm_protocol", &routeProtocol)
    try wire.field("rtm_scope", &scope)
    try wire.field("rtm_type", &type)
    try wire.field("rtm_flags", &flags)
  }
}
