/// A packet as the databases are asked about it.
public struct PacketQuery: Hashable, Sendable {
  /// What selectors look at.
  public var packet: PacketFlow
  /// Where it is looked at.
  public var direction: Policy.Direction
  /// The packet's mark.
  public var mark: UInt32
  /// That of the xfrm interface it goes through; 0 if it goes through none.
  public var interfaceID: UInt32

  /// Asks about a packet.
  ///
  /// - Parameters:
  ///   - packet: What selectors look at.
  ///   - direction: Where it is looked at.
  ///   - mark: The packet's mark.
  ///   - interfaceID: That of the xfrm interface it goes through; 0 if it goes through none.
  public init(
    _ packet: PacketFlow, _ direction: Policy.Direction = .outgoing, mark: UInt32 = 0,
    interfaceID: UInt32 = 0
  ) {
    self.packet = packet
    self.direction = direction
    self.mark = mark
    self.interfaceID = interfaceID
  }
}

/// The first thing by which a selector or a policy is not for a packet.
public enum PacketMismatch: String, Hashable, Sendable {
  /// It is about packets that go another way.
  case direction
  /// Its addresses are of another family.
  case family
  /// It is for another interface ID.
  case interfaceID
  /// The packet's mark is not one of its own.
  case mark
  /// It is for other addresses that packets go to.
  case destination
  /// It is for other addresses that packets come from.
  case source
  /// It is for another protocol.
  case proto
  /// It is for other ports that packets come from.
  case sourcePort
  /// It is for other ports that packets go to.
  case destinationPort
  /// It is for another interface.
  case interface
}

extension Selector {
  /// Why it is not for a packet; `nil` if it is: the kernel's `xfrm_selector_match`.
  ///
  /// - Parameter packet: What it is held against.
  public func mismatch(with packet: PacketFlow) -> PacketMismatch? {
    if !destination.contains(packet.destination) { return .destination }
    if !source.contains(packet.source) { return .source }
    if proto != .any, proto != packet.proto { return .proto }
    if !sourcePort.matches(packet.sourcePort) { return .sourcePort }
    if !destinationPort.matches(packet.destinationPort) { return .destinationPort }
    if interfaceIndex != 0, interfaceIndex != packet.interfaceIndex { return .interface }
    return nil
  }

  /// Whether it is for a packet.
  ///
  /// - Parameter packet: What it is held against.
  public func matches(_ packet: PacketFlow) -> Bool { mismatch(with: packet) == nil }
}

extension Policy {
  /// Why it is not for a packet; `nil` if it is: the kernel's `xfrm_policy_match`.
  ///
  /// - Parameter query: The packet, and where it is looked at.
  public func mismatch(with query: PacketQuery) -> PacketMismatch? {
    if direction != query.direction { return .direction }
    if selector.family != query.packet.source.family { return .family }
    if interfaceID ?? 0 != query.interfaceID { return .interfaceID }
    if let mark, query.mark & mark.mask != mark.value { return .mark }
    return selector.mismatch(with: query.packet)
  }
}
