internal import CNetlink

/// A network interface for IPsec: what is routed into it goes through the policies and SAs that have
/// its interface ID, and what those decapsulate comes out of it. Since Linux 4.19; needs
/// `CONFIG_XFRM_INTERFACE`.
///
/// Interfaces are made, listed and deleted with a ``/Netlink/RouteConnection``:
///
///     var route = try RouteConnection()
///     try route.add(InterfaceName("ipsec0"), XFRMInterface(id: 42))
///     try route.interfaces(XFRMInterface.self)
///     try route.deleteInterface("ipsec0")
public struct XFRMInterface: Hashable, Sendable {
  /// `if_id`; not 0, and no other interface of the namespace may have it.
  public var id: UInt32 = 0
  /// The interface that encrypted packets leave by, by number; 0 leaves it to the routes.
  public var underlyingInterface: UInt32 = 0
  /// Take the interface ID of each packet from its route instead; then it has none of its own. One
  /// to a namespace; since Linux 6.1.
  public var collectsMetadata = false

  /// An interface for what has the interface ID `id`, which is not 0.
  public init(id: UInt32, underlyingInterface: UInt32 = 0) {
    self.id = id
    self.underlyingInterface = underlyingInterface
  }

  /// The one interface of its namespace that serves every interface ID.
  public static var metadataCollecting: XFRMInterface {
    var interface = XFRMInterface(id: 0)
    interface.collectsMetadata = true
    return interface
  }
}

extension XFRMInterface: ReadableInterfaceKind {
  public static var name: String { "xfrm" }

  public init(from data: consuming AttributeReader) throws(MalformedMessage) {
    self.init(id: 0)
    while let attribute = try data.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .xfrmLink: underlyingInterface = try payload.read()
      case .xfrmInterfaceID: id = try payload.read()
      case .xfrmCollectMetadata: collectsMetadata = true
      default: break
      }
    }
  }

  public func encode(into data: inout MessageBuilder) {
    if underlyingInterface != 0 { data.append(.xfrmLink, underlyingInterface) }
    if collectsMetadata {
      data.append(.xfrmCollectMetadata) { _ in }
    } else {
      data.append(.xfrmInterfaceID, id)
    }
  }
}

/// `IFLA_XFRM_…`
extension AttributeType {
  static var xfrmLink: Self { Self(rawValue: UInt16(IFLA_XFRM_LINK)) }
  static var xfrmInterfaceID: Self { Self(rawValue: UInt16(IFLA_XFRM_IF_ID)) }
  static var xfrmCollectMetadata: Self { Self(rawValue: UInt16(CNL_IFLA_XFRM_COLLECT_METADATA)) }
}
