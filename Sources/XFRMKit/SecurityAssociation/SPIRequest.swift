/// A wish for an SPI that nobody in the network namespace uses for the protocol:
/// `XFRM_MSG_ALLOCSPI`.
///
/// The kernel answers with a larval SA that holds the SPI for `net.core.xfrm_acq_expires` seconds
/// (30). ``Operation/updateAssociation(_:)`` completes it; adding it anew is refused, as it exists.
public struct SPIRequest: Hashable, Sendable {
  /// The SA's source address.
  public var source: IPAddress
  /// The SA's destination: as packets come to it, usually this host.
  public var destination: IPAddress
  /// ESP, AH or IPComp.
  public var proto: IPProtocol
  /// The mode of the SA to come.
  public var mode: Mode
  /// The request ID of the SA to come.
  public var requestID: UInt32 = 0
  /// The kernel chooses at random from these. IANA reserves 1–255; IPComp has 16 bits only.
  public var range: ClosedRange<UInt32>
  /// The number of the acquire that it answers, else 0.
  public var sequence: UInt32 = 0
  /// The mark of the SA to come: `XFRMA_MARK`.
  public var mark: Mark?
  /// The interface ID of the SA to come; since Linux 4.19.
  public var interfaceID: UInt32?
  /// Since Linux 6.10. The SA that completes it must have the same.
  public var direction: SecurityAssociation.Direction?
  /// Since Linux 6.13.
  public var cpu: UInt32?

  /// Asks for an SPI; without a range, for any that IANA has not reserved.
  public init(
    from source: IPAddress, to destination: IPAddress, proto: IPProtocol = .esp, mode: Mode,
    range: ClosedRange<UInt32>? = nil
  ) {
    self.source = source
    self.destination = destination
    self.proto = proto
    self.mode = mode
    self.range = range ?? (proto == .ipComp ? 0x100...0xffff : 0x100...0xffff_ffff)
  }
}

extension SPIRequest: CustomStringConvertible {
  public var description: String {
    "\(proto) SPI from 0x\(String(range.lowerBound, radix: 16)) to "
      + "0x\(String(range.upperBound, radix: 16)) for \(source) → \(destination)"
  }
}

extension SPIRequest {
  /// Writes `struct xfrm_userspi_info` and attributes.
  func encode(into message: inout MessageBuilder) {
    message.requireFamily(destination.family, of: source, "an SA")
    var association = SecurityAssociation(
      from: source, to: destination, spi: 0, proto: proto, mode: mode)
    association.requestID = requestID
    association.sequence = sequence
    message.append(SecurityAssociationWire(association))
    message.append(range.lowerBound)
    message.append(range.upperBound)
    message.append(.mark, ifPresent: mark)
    message.append(.interfaceID, ifPresent: interfaceID)
    message.append(.cpu, ifPresent: cpu)
    message.append(.direction, ifPresent: direction?.rawValue)
  }
}
