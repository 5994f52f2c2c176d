internal import CNetlink

/// A routing table of its own for some interfaces (VRF): `CONFIG_NET_VRF`.
public struct VirtualRouter: InterfaceKind, Hashable, Sendable {
  public static var name: String { "vrf" }
  /// The routing table's number.
  public var table: UInt32

  /// One whose interfaces look for routes in a table.
  public init(table: UInt32) { self.table = table }

  public func encode(into data: inout MessageBuilder) { data.append(.virtualRouterTable, table) }
}

extension RouteConnection {
  /// Puts an interface under a virtual router, a bridge or the like.
  ///
  /// - Parameters:
  ///   - name: The interface.
  ///   - master: What it is to belong to.
  public mutating func enslave(_ name: String, to master: String) throws(NetlinkError) {
    try execute(ChangeInterface(name: name, master: try interfaceIndex(master)))
  }
}

extension AttributeType {
  static var virtualRouterTable: Self { Self(rawValue: UInt16(IFLA_VRF_TABLE)) }
}
