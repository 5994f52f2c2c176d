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
    try add(end, VethKind(peer: peer, peerNamespace: peerNamespace))
  }

  /// Makes an interface.
  public mutating func add(
    _ name: InterfaceName, _ kind: some InterfaceKind
  ) throws(NetlinkError) {
    try connection.execute(CreateInterface(name: name, kind: kind))
  }

  /// Deletes an interface, and the other end of a virtual Ethernet pair with it: `RTM_DELLINK`.
  public mutating func deleteInterface(_ name: String) throws(NetlinkError) {
    try connection.execute(DeleteInterface(interface: InterfaceName(name)))
  }

  /// Deletes an interface by the kernel's number for it, whatever it is called by now.
  ///
  /// - Parameter index: The number.
  public mutating func deleteInterface(index: Int32) throws(NetlinkError) {
    try connection.execute(DeleteInterface(interface: InterfaceName("", index: index)))
  }

  /// The interfaces of one kind.
  public mutating func interfaces<Kind: ReadableInterfaceKind>(
    _: Kind.Type
  ) throws(NetlinkError) -> [Interface<Kind>] {
    var found: [Interface<Kind>] = []
    try connection.dump(ListInterfaces()) { (message) throws(MalformedMessage) in
      if let interface = try Interface<Kind>(from: message.reader) { found.append(interface) }
    }
    return found
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

  /// Gives an interface an address, without duplicate address detection.
  ///
  /// Packets can be sent from it at once; an IPv6 address takes them a moment later, when a worker of
  /// the kernel has made its local route.
  public mutating func addAddress(_ prefix: IPPrefix, to name: String) throws(NetlinkError) {
    try connection.execute(
      AddAddress(prefix: prefix, interfaceIndex: try interfaceIndex(name)))
  }

  /// Takes an address from an interface.
  public mutating func deleteAddress(
    _ prefix: IPPrefix, from name: String
  ) throws(NetlinkError) {
    let index = try interfaceIndex(name)
    try connection.execute(Deletion(of: AddAddress(prefix: prefix, interfaceIndex: index)))
  }

  /// Adds a route through a gateway, or straight out of an interface.
  ///
  /// - Parameters:
  ///   - destination: Where it leads.
  ///   - gateway: The next hop; `nil` for what is directly reachable.
  ///   - name: The interface; `nil` for the one the gateway is reached through.
  ///   - source: The address that the host's own packets have; `nil` for the kernel's choice.
  public mutating func addRoute(
    to destination: IPPrefix, via gateway: IPAddress? = nil, interface name: String? = nil,
    source: IPAddress? = nil
  ) throws(NetlinkError) {
    var route = Route(to: destination)
    route.gateway = gateway
    route.source = source
    if let name { route.interfaceIndex = try interfaceIndex(name) }
    try add(route)
  }

  /// Adds a route, to the main table if it names none.
  public mutating func add(_ route: Route) throws(NetlinkError) {
    try connection.execute(AddRoute(route: route))
  }

  /// Puts a route in the place of the one to the same addresses with the same metric, in one step,
  /// or adds it where there is none.
  ///
  /// - Parameter route: The new one, in the main table if it names none.
  public mutating func replace(_ route: Route) throws(NetlinkError) {
    try connection.execute(AddRoute(route: route, isReplacing: true))
  }

  mutating func execute(_ request: some NetlinkRequest) throws(NetlinkError) {
    try connection.execute(request)
  }

  mutating func fetch<Answer>(
    _ request: some NetlinkRequest,
    _ decode: (borrowing NetlinkMessage) throws(MalformedMessage) -> Answer
  ) throws(NetlinkError) -> Answer {
    try connection.fetch(request, decode)
  }

  mutating func dump(
    _ request: some NetlinkRequest,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) throws(NetlinkError) {
    try connection.dump(request, body)
  }
}

/// A kind of virtual interface, and what makes one of it: `IFLA_LINKINFO`.
public protocol InterfaceKind {
  /// What the kernel calls the kind: `veth`, `xfrm`.
  static var name: String { get }
  /// Writes the attributes of `IFLA_INFO_DATA`.
  func encode(into data: inout MessageBuilder)
}

/// A kind whose interfaces can be listed.
public protocol ReadableInterfaceKind: InterfaceKind {
  /// Reads the attributes of `IFLA_INFO_DATA`.
  init(from data: consuming AttributeReader) throws(MalformedMessage)
}

/// An interface that there is.
public struct Interface<Kind> {
  /// Its name, and the kernel's number for it.
  public var name: InterfaceName
  /// Whether it was brought up (`IFF_UP`); its other end need not be.
  public var isUp: Bool
  /// The longest packet that it takes, in bytes.
  public var mtu: UInt32 = 0
  /// What makes it one of its kind.
  public var kind: Kind
}

extension Interface: Equatable where Kind: Equatable {}
extension Interface: Sendable where Kind: Sendable {}

extension Interface where Kind: ReadableInterfaceKind {
  /// Reads the payload of `RTM_NEWLINK`; `nil` if it is of another kind.
  init?(from reader: consuming ByteReader) throws(MalformedMessage) {
    let info: InterfaceInfo = try reader.read()
    var name = ""
    var mtu: UInt32 = 0
    var kind: Kind?
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .interfaceName: name = try payload.readText()
      case .mtu: mtu = try payload.read()
      case .linkInfo: kind = try Self.kind(in: attribute.attributes)
      default: break
      }
    }
    guard let kind else { return nil }
    self.init(
      name: InterfaceName(name, index: info.index), isUp: info.isUp, mtu: mtu, kind: kind)
  }

  private static func kind(in info: consuming AttributeReader) throws(MalformedMessage) -> Kind? {
    var isWanted = false
    var kind: Kind?
    // The kernel puts the kind's name before its data.
    while let attribute = try info.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .linkKind: isWanted = try payload.readText() == Kind.name
      case .linkData where isWanted: kind = try Kind(from: attribute.attributes)
      default: break
      }
    }
    return kind
  }
}

/// What an interface is to be called.
public struct InterfaceName: Hashable, Sendable {
  /// At most 15 bytes.
  public var name: String
  /// The kernel's number for it within its namespace; 0 lets the kernel choose.
  public var index: Int32

  /// A name of at most 15 bytes, which the kernel checks, and a number if the kernel shall not
  /// choose.
  public init(_ name: String, index: Int32 = 0) {
    self.name = name
    self.index = index
  }
}
