internal import CNetlink

extension RouteConnection {
  /// All interfaces.
  public mutating func links() throws(NetlinkError) -> [Link] {
    try list(ListInterfaces()) { (reader) throws(MalformedMessage) in try Link(from: reader) }
  }

  /// The addresses of all interfaces.
  public mutating func addresses() throws(NetlinkError) -> [InterfaceAddress] {
    try list(ListAddresses()) { (reader) throws(MalformedMessage) in
      try InterfaceAddress(from: reader)
    }
  }

  /// The routes of all tables.
  public mutating func routes() throws(NetlinkError) -> [Route] {
    try list(ListRoutes()) { (reader) throws(MalformedMessage) in try Route(from: reader) }
  }

  private mutating func list<Element>(
    _ request: some NetlinkRequest,
    _ decode: (consuming ByteReader) throws(MalformedMessage) -> Element?
  ) throws(NetlinkError) -> [Element] {
    var found: [Element] = []
    try dump(request) { (message) throws(MalformedMessage) in
      if let element = try decode(message.reader) { found.append(element) }
    }
    return found
  }
}

/// `RTM_GETADDR` for all addresses.
struct ListAddresses: NetlinkRequest {
  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_GETADDR)) }
  func encode(into message: inout MessageBuilder) { message.append(InterfaceAddressInfo()) }
}

/// `RTM_GETROUTE` for all routes.
struct ListRoutes: NetlinkRequest {
  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_GETROUTE)) }
  func encode(into message: inout MessageBuilder) { message.append(RouteInfo()) }
}
