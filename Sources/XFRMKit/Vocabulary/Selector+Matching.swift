/// What a selector looks at of a packet.
public struct PacketFlow: Hashable, Sendable {
  /// Where the packet comes from: of the inner header, for what leaves a tunnel.
  public var source: IPAddress
  /// Where it goes to.
  public var destination: IPAddress
  /// What it carries.
  public var proto: IPProtocol
  /// The sender's port, or what stands in its place (``Selector/Port``).
  public var sourcePort: UInt16
  /// The receiver's port, or what stands in its place.
  public var destinationPort: UInt16
  /// The interface that it goes out of, also if it is forwarded; `lo` if it stays on the host.
  public var interfaceIndex: Int32

  /// A packet of a protocol between two addresses of one family.
  public init(
    from source: IPAddress, to destination: IPAddress, proto: IPProtocol = .any,
    sourcePort: UInt16 = 0, destinationPort: UInt16 = 0, interfaceIndex: Int32 = 0
  ) {
    self.source = source
    self.destination = destination
    self.proto = proto
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.interfaceIndex = interfaceIndex
  }
}

extension Selector {
  /// Whether it is for every packet that another one is for.
  public func covers(_ other: Selector) -> Bool {
    source.covers(other.source) && destination.covers(other.destination)
      && (proto == .any || proto == other.proto)
      && sourcePort.covers(other.sourcePort) && destinationPort.covers(other.destinationPort)
      && (interfaceIndex == 0 || interfaceIndex == other.interfaceIndex)
  }

  /// Whether there are packets that both are for.
  public func overlaps(_ other: Selector) -> Bool {
    source.overlaps(other.source) && destination.overlaps(other.destination)
      && (proto == .any || other.proto == .any || proto == other.proto)
      && sourcePort.overlaps(other.sourcePort) && destinationPort.overlaps(other.destinationPort)
      && (interfaceIndex == 0 || other.interfaceIndex == 0
        || interfaceIndex == other.interfaceIndex)
  }
}

extension Selector.Port {
  func matches(_ port: UInt16) -> Bool { (port ^ value) & mask == 0 }

  func covers(_ other: Self) -> Bool {
    mask & ~other.mask == 0 && (value ^ other.value) & mask == 0
  }

  func overlaps(_ other: Self) -> Bool { (value ^ other.value) & mask & other.mask == 0 }
}

/// How prefixes lie to each other, as selectors compare them.
extension IPPrefix {
  /// Whether every address of another prefix lies within.
  public func covers(_ other: IPPrefix) -> Bool {
    length <= other.length && contains(other.address)
  }

  /// Whether there are addresses that lie within both: then one of them covers the other.
  public func overlaps(_ other: IPPrefix) -> Bool { covers(other) || other.covers(self) }
}
