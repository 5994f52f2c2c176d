/// An entry of the security policy database (SPD): what is done with the packets that a selector
/// matches. `struct xfrm_userpolicy_info` and attributes.
///
/// Among those that match, the one with the lowest ``priority`` wins, and among equals the oldest;
/// a longer prefix means nothing. A policy that allows without ``templates`` lets packets pass in
/// clear.
public struct Policy: Equatable, Sendable {
  /// `XFRM_POLICY_IN`, `_OUT`, `_FWD`
  public struct Direction: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Packets for this host.
    public static var incoming: Self { Self(rawValue: 0) }
    /// Packets that leave it, its own and forwarded ones.
    public static var outgoing: Self { Self(rawValue: 1) }
    /// Packets that it forwards, looked at when they have come in.
    public static var forwarded: Self { Self(rawValue: 2) }

    /// Whether it belongs to one socket, as in dumps, where such policies come with the rest.
    public var isOfSocket: Bool { rawValue >= 3 }

    public var description: String {
      switch self {
      case .incoming: "in"
      case .outgoing: "out"
      case .forwarded: "fwd"
      case Self(rawValue: 3): "socket in"
      case Self(rawValue: 4): "socket out"
      case Self(rawValue: 5): "socket fwd"
      default: "direction \(rawValue)"
      }
    }
  }

  /// `XFRM_POLICY_ALLOW`, `_BLOCK`
  public struct Action: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Protect as the templates say, or let pass in clear if there is none.
    public static var allow: Self { Self(rawValue: 0) }
    /// Drop.
    public static var block: Self { Self(rawValue: 1) }

    public var description: String {
      switch self {
      case .allow: "allow"
      case .block: "block"
      default: "action \(rawValue)"
      }
    }
  }

  /// `XFRM_POLICY_TYPE_…`: sub policies are searched before main ones.
  public struct Kind: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The usual one.
    public static var main: Self { Self(rawValue: 0) }
    /// Needs a kernel with `CONFIG_XFRM_SUB_POLICY`.
    public static var sub: Self { Self(rawValue: 1) }

    public var description: String {
      switch self {
      case .main: "main"
      case .sub: "sub"
      default: "type \(rawValue)"
      }
    }
  }

  /// `XFRM_POLICY_…`
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Without effect.
    public static let localOK = Flags(rawValue: 1)
    /// Let ICMP errors match by the packet they are about.
    public static let icmp = Flags(rawValue: 2)
    /// Acquire an SA per CPU; since Linux 6.13.
    public static let acquirePerCPU = Flags(rawValue: 4)
  }

  /// The packets that it is for; the inner ones of a tunnel.
  public var selector: Selector
  /// Where packets are looked at.
  public var direction: Direction
  /// What is done with them.
  public var action: Action
  /// Main or sub: `XFRMA_POLICY_TYPE`.
  public var kind = Kind.main
  /// The lowest number wins.
  public var priority: UInt32 = 0
  /// The kernel's number for it; 0 asks the kernel to choose.
  public var index: UInt32 = 0
  /// The SAs that a packet must go through, the innermost first. At most 5 work.
  public var templates: [Template]
  /// Only the limits in seconds count.
  public var lifetime = Lifetime()
  /// What else the kernel heeds of it.
  public var flags: Flags = []
  /// Checked and forgotten by the kernel.
  public var share: UInt8 = 0
  /// The packet marks that it is for: `XFRMA_MARK`. A part of its key.
  public var mark: Mark?
  /// Ties it to an xfrm interface; since Linux 4.19.
  public var interfaceID: UInt32?
  /// Seconds only: the kernel counts neither bytes nor packets of policies.
  public var usage = Usage()

  var rare = Rare<RareParts>()
  var attributeSequence = AttributeSequence()

  /// A policy of priority 0, the strongest. Without templates it lets packets pass in clear, or
  /// drops them.
  public init(
    _ selector: Selector, direction: Direction, action: Action = .allow,
    templates: [Template] = []
  ) {
    self.selector = selector
    self.direction = direction
    self.action = action
    self.templates = templates
  }

  /// What the kernel finds it by.
  public var key: PolicyKey {
    var key = PolicyKey(
      selector, direction: direction, kind: kind, mark: mark, interfaceID: interfaceID)
    key.securityContext = securityContext
    return key
  }
}

extension Policy: CustomStringConvertible {
  public var description: String { key.description }
}
