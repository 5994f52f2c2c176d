/// Which packets a policy is for, or an SA may carry: `struct xfrm_selector`.
public struct Selector: Hashable, Sendable {
  /// Port bits that must equal a value; by default any port will do.
  ///
  /// For protocols without ports the fields hold what stands in their place: ICMP type (source)
  /// and code (destination), the mobility header's type, the halves of a GRE key.
  public struct Port: Hashable, Sendable {
    /// The port, in the host's byte order.
    public var value: UInt16
    /// Bits that count; all ones for one port, 0 for every port.
    public var mask: UInt16

    /// Ports whose masked bits are those of `value`; without a mask, the one port.
    public init(_ value: UInt16, mask: UInt16 = .max) {
      self.value = value
      self.mask = mask
    }

    /// Every port.
    public static let any = Port(0, mask: 0)
  }

  // In an order that leaves few gaps in memory: there may be millions.
  /// Where packets come from.
  public var source: IPPrefix
  /// Of the addresses. An SA's selector may leave it unspecified and take the SA's.
  public var family: AddressFamily
  /// The sender's port.
  public var sourcePort = Port.any
  /// Where packets go to; of the same family.
  public var destination: IPPrefix
  /// The receiver's port.
  public var destinationPort = Port.any
  /// The protocol inside; ``IPProtocol/any`` for every one.
  public var proto = IPProtocol.any
  /// The interface a packet goes out of, or came in by; 0 for any.
  public var interfaceIndex: Int32 = 0
  /// Stored and compared by the kernel, but never matched against packets.
  public var user: UInt32 = 0

  /// Packets between two prefixes of one family.
  public init(from source: IPPrefix, to destination: IPPrefix, proto: IPProtocol = .any) {
    family = source.family
    self.source = source
    self.destination = destination
    self.proto = proto
  }

  /// Every packet of a family.
  public static func any(_ family: AddressFamily) -> Selector {
    Selector(from: .any(family), to: .any(family))
  }

  /// What an SA has that does not restrict what it carries: the kernel puts in the SA's family.
  public static let unrestricted: Selector = {
    var selector = Selector.any(.ipv4)
    selector.family = .unspecified
    return selector
  }()
}

extension Selector: CustomStringConvertible {
  /// `10.1.0.0/16 → 10.2.0.0/16 TCP port 443`
  public var description: String {
    var text = "\(source) → \(destination)"
    if proto != .any { text += " \(proto)" }
    if sourcePort != .any { text += " from port \(sourcePort.value)" }
    if destinationPort != .any { text += " to port \(destinationPort.value)" }
    return text
  }
}
