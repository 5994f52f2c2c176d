/// The kernel needs an SA that is not there: a packet met a policy whose template no SA satisfies.
///
/// It holds a larval SA meanwhile. Who answers puts ``sequence`` into the SA that it adds, or into
/// the ``SPIRequest``, so that the kernel knows which acquire is settled. `struct
/// xfrm_user_acquire`
public struct Acquire: Equatable, Sendable {
  /// The SA's own addresses: the template's in tunnel mode, else the packet's.
  public var source: IPAddress
  /// Where the SA is to lead.
  public var destination: IPAddress
  /// The template's; 0 leaves it to who answers.
  public var spi: SPI = 0
  /// ESP, AH or IPComp, as the template asks.
  public var proto: IPProtocol
  /// The packet that wants it, with ports and interface.
  public var selector: Selector
  /// The policy it met, with its templates.
  public var policy: Policy
  /// The template's.
  public var algorithms = Template.AlgorithmMasks()
  /// The number of the larval SA.
  public var sequence: UInt32 = 0
  /// For which CPU; since Linux 6.13.
  public var cpu: UInt32?

  /// Asks for an SA, to be announced by ``Operation/acquire(_:)``.
  public init(
    from source: IPAddress, to destination: IPAddress, proto: IPProtocol = .esp,
    selector: Selector, policy: Policy
  ) {
    self.source = source
    self.destination = destination
    self.proto = proto
    self.selector = selector
    self.policy = policy
  }
}

extension Acquire: CustomStringConvertible {
  public var description: String { "\(proto) SA \(source) → \(destination) for \(selector)" }
}

// MARK: - Wire

/// `struct xfrm_user_acquire`
struct AcquireWire: WireStruct {
  static var size: Int { 280 }
  var identity = IdentityWire()
  var saddr = AddressWire()
  var selector = SelectorWire()
  var policy = PolicyWire()
  var algorithms = Template.AlgorithmMasks()
  var sequence: UInt32 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("id", &identity)
    try wire.structure("saddr", &saddr)
    try wire.structure("sel", &selector)
    try wire.structure("policy", &policy)
    try wire.field("aalgos", &algorithms.authentication)
    try wire.field("ealgos", &algorithms.encryption)
    try wire.field("calgos", &algorithms.compression)
    try wire.field("seq", &sequence)
  }
}

extension Acquire: AttributeCarrier {
  static let requestOrder: [AttributeType] = Policy.requestOrder + [.cpu]

  var otherAttributes: [OtherAttribute] {
    get { policy.otherAttributes }
    set { policy.otherAttributes = newValue }
  }

  var attributeSequence: AttributeSequence {
    get { policy.attributeSequence }
    set { policy.attributeSequence = newValue }
  }

  /// Reads the payload of `XFRM_MSG_ACQUIRE`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: AcquireWire = try reader.read()
    let selector = wire.selector.selector(assuming: .ipv4)
    self.init(
      from: .v4(0), to: .v4(0), proto: wire.identity.proto, selector: selector,
      policy: try Policy(wire.policy, at: start + 96))
    spi = wire.identity.spi
    algorithms = wire.algorithms
    sequence = wire.sequence
    try readAttributes(from: reader)

    // The message does not say of which family the SA is to be; the template it is for does.
    let template = policy.templates.first {
      $0.proto == proto && $0.mode.hasOuterAddresses
        && AddressWire($0.destination) == wire.identity.daddr
    }
    let family = template?.destination.family ?? selector.source.family
    source = wire.saddr.address(family)
    destination = wire.identity.daddr.address(family)
  }

  func encode(into message: inout MessageBuilder) {
    message.requireFamily(destination.family, of: source, "an SA")
    selector.requireOneFamily(in: &message)
    policy.selector.requireOneFamily(in: &message)
    var wire = AcquireWire()
    wire.identity.daddr = AddressWire(destination)
    wire.identity.spi = spi
    wire.identity.proto = proto
    wire.saddr = AddressWire(source)
    wire.selector = SelectorWire(selector)
    wire.policy = PolicyWire(policy)
    wire.algorithms = algorithms
    wire.sequence = sequence
    message.append(wire)
    appendAttributes(to: &message, form: .request)
  }

  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
    guard attribute.type == .cpu else { return try policy.read(attribute) }
    var payload = attribute.reader
    cpu = try payload.read()
    return true
  }

  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder) {
    if type == .cpu {
      message.append(type, ifPresent: cpu)
    } else {
      policy.append(type, form: form, to: &message)
    }
  }
}
