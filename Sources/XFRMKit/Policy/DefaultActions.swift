/// What becomes of packets that no policy matches: `struct xfrm_userpolicy_default`; since Linux
/// 5.15. A kernel starts with accepting in every direction.
public struct DefaultActions: Hashable, Sendable {
  /// `XFRM_USERPOLICY_…`
  public struct Action: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Leaves the direction as it is.
    public static var unchanged: Self { Self(rawValue: 0) }
    /// Drops them; loopback is exempt on the way out.
    public static var block: Self { Self(rawValue: 1) }
    /// Lets them pass in clear.
    public static var accept: Self { Self(rawValue: 2) }

    public var description: String {
      switch self {
      case .unchanged: "unchanged"
      case .block: "block"
      case .accept: "accept"
      default: "action \(rawValue)"
      }
    }
  }

  /// For packets to this host.
  public var incoming: Action
  /// For packets that it forwards.
  public var forwarded: Action
  /// For packets that leave it.
  public var outgoing: Action

  /// Changes the directions that are named.
  public init(
    incoming: Action = .unchanged, forwarded: Action = .unchanged, outgoing: Action = .unchanged
  ) {
    self.incoming = incoming
    self.forwarded = forwarded
    self.outgoing = outgoing
  }
}

extension DefaultActions: WireStruct {
  public static var size: Int { 3 }
  /// Changes nothing.
  public init() { self.init(incoming: .unchanged) }

  public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("in", &incoming)
    try wire.field("fwd", &forwarded)
    try wire.field("out", &outgoing)
  }
}
