/// Interfaces, addresses and routes of a network namespace.
public struct RouteConnection: ~Copyable, Sendable {
  private var connection: NetlinkConnection

  /// Opens a connection in a network namespace, the calling thread's if `nil`.
  public init(in namespace: NetworkNamespace? = nil) throws(NetlinkError) {
    connection = try NetlinkConnection(.route, in: namespace)
  }

  /// Makes a pair of virtual Ethernet interfaces, one here and one in `peerNamespace`.
  public mutating func addVethPair(
    _ end: InterfaceName, peer: InterfaceName, in peerNamespace: NetworkNamespace
  ) throws(NetlinkError) {
    try connection.execute(CreateVethPair(end: end, peer: peer, peerNamespace: peerNamespace))
  }

  /// Brings an interface up, or sets its maximum transmission unit in bytes, or both.
  public mutating func changeInterface(
    _ name: String, isUp: Bool? = nil, mtu: UInt32? = nil
  ) throws(NetlinkError) {
    try connection.execute(ChangeInterface(name: name, isUp: isUp, mtu: mtu))
  }

  /// The kernel's number for an interface.
  public mutating func interfaceIndex(_ name: String) throws(NetlinkError) -> Int32 {
    try interface(name).index
  }

  /// Whether an interface is up, as is its other end, and the kernel has taken note of both.
  public mutating func isRunning(_ name: String) throws(NetlinkError) -> Bool {
    try interface(name).isRunning
  }

  private mutating func interface(_ name: String) throws(NetlinkError) -> InterfaceInfo {
    try connection.fetch(GetInterface(name: name)) { (message) throws(MalformedMessage) in
      var reader = message.reader
      return try reader.read(InterfaceInfo.self)
    }
  }

  /// Gives an interface an address, at once usable (no duplicate address detection).
  public mutating func addAddress(_ prefix: IPPrefix, to name: String) throws(NetlinkError) {
    try connection.execute(
      AddAddress(prefix: prefix, interfaceIndex: try interfaceIndex(name)))
  }

  /// Adds a route through a gateway, or straight out of an interface.
  public mutating func addRoute(
    to destination: IPPrefix, via gateway: IPAddress? = nil, interface name: String? = nil
  ) throws(NetlinkError) {
    var index: Int32?
    if let name { index = try interfaceIndex(name) }
    try connection.execute(
      AddRoute(destination: destination, gateway: gateway, interfaceIndex: index))
  }
}

/// What an interface is to be called.
public struct InterfaceName: Hashable, Sendable {
  /// At most 15 bytes.
  public var name: String
  /// The kernel's number for it within its namespace; 0 lets the kernel choose.
  public var index: Int32

  public init(_ name: String, index: Int32 = 0) {
    self.name = name
    self.index = index
  }
}
