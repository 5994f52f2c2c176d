public import XFRMKit

/// An entry of the SPD, as the configuration or RFC 9061 has it: it may take several policies of the
/// kernel.
public struct SPDEntry: Sendable {
  /// What is done with packets.
  public enum Action: String, CaseIterable, Hashable, Sendable {
    case protect
    case bypass
    case discard
  }

  /// Which way packets go.
  public enum Direction: String, CaseIterable, Hashable, Sendable {
    case inbound
    case outbound
  }

  /// What SAs packets must go through.
  public struct Protection: Hashable, Sendable {
    public var proto = IPProtocol.esp
    public var mode = Mode.transport
    /// The ends, unless the packet's own addresses are; of one family.
    public var ends: (local: IPAddress, remote: IPAddress)? {
      get { endPair.map { ($0.local, $0.remote) } }
      set { endPair = newValue.map { EndPair(local: $0.local, remote: $0.remote) } }
    }
    private var endPair: EndPair?
    /// Whether packets pass without it where there is no SA.
    public var isOptional = false
    /// What its SAs must have; `nil` for either.
    public var extendedSequenceNumbers: Bool?
    /// What its SAs must have; `nil` for either.
    public var sequenceMayWrap: Bool?
    /// What its SAs must have at least.
    public var replayWindow: UInt32?
    /// What its SAs may be protected with; everything if empty.
    public var proposals: [ESPProposal] = []

    /// ESP in transport mode.
    public init() {}

    private struct EndPair: Hashable, Sendable {
      var local: IPAddress
      var remote: IPAddress
    }
  }

  /// The entry or the connection that it comes from.
  public var name: String
  /// Whether it is made of a connection.
  public var isOfConnection = false
  /// Which of a connection's entries it is: empty for those that protect.
  public var purpose = ""
  /// Which of several, counted from 1.
  public var ordinal = 1
  /// Where it stands in the configuration.
  public var span: SourceSpan
  public var direction: Direction
  public var selector: TrafficSelector
  public var action: Action
  /// The innermost first; empty unless it protects.
  public var protections: [Protection] = []
  /// Whether an inbound one is for forwarded packets, too.
  public var forwards = false
  /// Whether a guard stands behind it.
  public var isGuarded = false
  /// The request ID of its SAs.
  public var requestID: UInt32 = 0
  public var mark: Mark?
  public var interfaceID: UInt32?
  /// The one SA that it may use; `nil` if the kernel is to choose.
  public var pinnedTo: (name: ObjectName, spi: SPI)?

  /// An entry for packets of a direction.
  public init(
    _ name: String, at span: SourceSpan, _ direction: Direction, _ selector: TrafficSelector,
    _ action: Action
  ) {
    self.name = name
    self.span = span
    self.direction = direction
    self.selector = selector
    self.action = action
  }
}

/// Whether policies for incoming packets are for forwarded ones, too.
public enum ForwardRule: String, CaseIterable, Hashable, Sendable {
  case auto
  case yes
  case no
}

/// An SA of a configuration.
public struct SADEntry: Sendable {
  /// Where it stands in the configuration.
  public var span: SourceSpan
  public var entry: AssociationEntry

  /// Which way its packets go.
  public var direction: SPDEntry.Direction {
    entry.direction == .outgoing ? .outbound : .inbound
  }

  /// An SA at its place.
  public init(at span: SourceSpan, _ entry: AssociationEntry) {
    self.span = span
    self.entry = entry
  }
}
