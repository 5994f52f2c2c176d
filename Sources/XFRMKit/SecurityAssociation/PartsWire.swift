extension ReplayState: WireStruct {
  public static var size: Int { 12 }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("oseq", &outgoingSequence)
    try wire.field("seq", &incomingSequence)
    try wire.field("bitmap", &bitmap)
  }
}

extension SecurityAssociation.Statistics: WireStruct {
  public static var size: Int { 12 }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("replay_window", &outsideReplayWindow)
    try wire.field("replay", &replayed)
    try wire.field("integrity_failed", &integrityFailed)
  }
}

extension SecurityAssociation.Offload: WireStruct {
  public static var size: Int { 8 }
  /// No device.
  public init() { self.init(interfaceIndex: 0, flags: []) }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("ifindex", &interfaceIndex)
    try wire.field("flags", &flags)
    try wire.padding(3)
  }
}

/// `struct xfrm_encap_tmpl`
struct EncapsulationWire: WireStruct {
  static var size: Int { 24 }
  var kind = Encapsulation.Kind.espInUDP
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  var originalAddress = AddressWire()

  init() {}

  init(_ encapsulation: Encapsulation) {
    kind = encapsulation.kind
    sourcePort = encapsulation.sourcePort
    destinationPort = encapsulation.destinationPort
    originalAddress = encapsulation.originalAddress.map { AddressWire($0) } ?? AddressWire()
  }

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("encap_type", &kind)
    try wire.bigEndian("encap_sport", &sourcePort)
    try wire.bigEndian("encap_dport", &destinationPort)
    try wire.padding(2)
    try wire.structure("encap_oa", &originalAddress)
  }

  func encapsulation(_ family: AddressFamily) -> Encapsulation {
    var value = Encapsulation(kind, sourcePort: sourcePort, destinationPort: destinationPort)
    // ip takes an address of the other family, too, and the kernel keeps all its bytes.
    let address = originalAddress.address(originalAddress.fitsIPv4 ? family : .ipv6)
    if !address.isUnspecified { value.originalAddress = address }
    return value
  }
}

/// `struct xfrm_replay_state_esn`; its bitmap follows.
struct ExtendedReplayStateWire: WireStruct {
  static var size: Int { 24 }
  var bitmapWords: UInt32 = 0
  var oseq: UInt32 = 0
  var seq: UInt32 = 0
  var oseqHigh: UInt32 = 0
  var seqHigh: UInt32 = 0
  var window: UInt32 = 0

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("bmp_len", &bitmapWords)
    try wire.field("oseq", &oseq)
    try wire.field("seq", &seq)
    try wire.field("oseq_hi", &oseqHigh)
    try wire.field("seq_hi", &seqHigh)
    try wire.field("replay_window", &window)
  }
}

extension ExtendedReplayState {
  init(from reader: inout ByteReader) throws(MalformedMessage) {
    let wire: ExtendedReplayStateWire = try reader.read()
    window = wire.window
    outgoingSequence = UInt64(wire.oseqHigh) << 32 | UInt64(wire.oseq)
    incomingSequence = UInt64(wire.seqHigh) << 32 | UInt64(wire.seq)
    bitmap = []
    // A request may leave the bitmap out: it then starts empty.
    guard !reader.isAtEnd else {
      guard wire.bitmapWords <= 128 else {
        throw .unexpectedValue(at: reader.position - 24, field: "bmp_len")
      }
      bitmap = Array(repeating: 0, count: Int(wire.bitmapWords))
      return
    }
    guard reader.remaining >= Int(wire.bitmapWords) * 4 else {
      throw .truncated(
        at: reader.position, needed: Int(wire.bitmapWords) * 4, available: reader.remaining)
    }
    bitmap.reserveCapacity(Int(wire.bitmapWords))
    for _ in 0..<wire.bitmapWords { bitmap.append(try reader.read()) }
  }

  /// - Parameter leavesOutEmptyBitmap: Where the kernel takes that, as it does of new SAs.
  func encode(into message: inout MessageBuilder, leavesOutEmptyBitmap: Bool = false) {
    var wire = ExtendedReplayStateWire()
    wire.bitmapWords = UInt32(truncatingIfNeeded: bitmap.count)
    wire.oseq = UInt32(truncatingIfNeeded: outgoingSequence)
    wire.seq = UInt32(truncatingIfNeeded: incomingSequence)
    wire.oseqHigh = UInt32(truncatingIfNeeded: outgoingSequence >> 32)
    wire.seqHigh = UInt32(truncatingIfNeeded: incomingSequence >> 32)
    wire.window = window
    message.append(wire)
    if leavesOutEmptyBitmap, bitmap.allSatisfy({ $0 == 0 }) { return }
    for word in bitmap { message.append(word) }
  }
}
