internal import CNetlink
internal import Glibc

/// A route that leads straight out of an interface.
public struct DirectRoute: Hashable, Sendable {
  /// The addresses that it is for.
  public var destination: IPPrefix
  /// The kernel's number for the interface.
  public var interfaceIndex: Int32
  /// The address that the host's own packets have; `nil` for the kernel's choice.
  public var source: IPAddress?
}

extension DirectRoute {
  /// Reads the payload of `RTM_NEWROUTE`; `nil` for routes of other tables, those that the kernel or
  /// a daemon made, and those through a gateway.
  init?(from reader: consuming ByteReader) throws(MalformedMessage) {
    let info: RouteInfo = try reader.read()
    guard info.table == UInt8(RT_TABLE_MAIN.rawValue), info.type == UInt8(RTN_UNICAST),
      info.routeProtocol == UInt8(RTPROT_STATIC)
    else { return nil }
    let isIPv6 = info.family == UInt8(AddressFamily.ipv6.rawValue)
    var destination: IPAddress = isIPv6 ? .v6(0, 0) : .v4(0)
    var source: IPAddress?
    var index: Int32?
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .routeGateway: return nil
      case .routeDestination: destination = try payload.readAddress(isIPv6: isIPv6)
      case .routeSource: source = try payload.readAddress(isIPv6: isIPv6)
      case .routeInterface: index = try payload.read()
      default: break
      }
    }
    guard let index else { return nil }
    self.init(
      destination: IPPrefix(destination, length: info.destinationLength), interfaceIndex: index,
      source: source)
  }
}

extension ByteReader {
  fileprivate mutating func readAddress(isIPv6: Bool) throws(MalformedMessage) -> IPAddress {
    guard isIPv6 else { return .v4(UInt32(bigEndian: try read())) }
    let high: UInt64 = try read()
    return .v6(UInt64(bigEndian: high), UInt64(bigEndian: try read()))
  }
}
