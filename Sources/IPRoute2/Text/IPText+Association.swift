internal import Netlink
internal import XFRMKit

extension IPText {
  mutating func appendEntry(_ association: SecurityAssociation) {
    appendIdentity(
      from: association.source, to: association.destination, of: association.family,
      spi: association.spi, proto: association.proto, mode: association.mode,
      requestID: association.requestID, isSPINeeded: association.proto.hasSPI)
    appendFlags(association)
    appendMarks(association)
    appendAlgorithms(association)
    if let encapsulation = association.encapsulation {
      append(encapsulation, of: association.family)
    }
    if let address = association.careOfAddress {
      appendCareOf(address, of: association.family)
    }
    if let lastUsedAt = association.lastUsedAt {
      out.append("\tlastused ")
      append(time: lastUsedAt)
      endLine()
    }
    if let state = association.replayState { append(state) }
    if let state = association.extendedReplayState { append(state) }
    if let offload = association.offload { append(offload, tellsDirection: true) }
    if let interfaceID = association.interfaceID { append(interfaceID: interfaceID) }
    if let bytes = association.trafficFlowPadding { appendLine("\ttfcpad ", bytes) }
    if let direction = association.direction { append(direction) }
    if let cpu = association.cpu { append(cpu: cpu) }
    if association.selector != .unrestricted {
      out.append("\tsel ")
      append(association.selector, orOf: association.family)
    }
    if tellsNumbers {
      append(association.lifetime, association.usage)
      append(association.statistics)
    }
    if let context = association.securityContext { append(context) }
  }

  /// Appends the line of addresses and the one below, which SAs and templates begin with.
  mutating func appendIdentity(
    from source: IPAddress, to destination: IPAddress, of family: AddressFamily, spi: SPI,
    proto: IPProtocol, mode: Mode, requestID: UInt32, isSPINeeded: Bool = false,
    indent: StaticString = "", tabs: StaticString = "\t"
  ) {
    out.append("src ")
    append(source, as: family)
    out.append(" dst ")
    append(destination, as: family)
    endLine()
    out.append(indent)
    out.append(tabs)
    out.append("proto ")
    append(proto.word, or: proto.rawValue)
    out.append(" ")
    if isSPINeeded || spi != 0 || tellsNumbers { append(spi) }
    out.append("reqid ")
    out.append(decimal: requestID)
    if tellsNumbers {
      out.append("(0x")
      out.append(hex: requestID, digits: 8)
      out.append(")")
    }
    out.append(" mode ")
    append(mode.word, or: mode.rawValue)
    endLine()
  }

  mutating func append(_ spi: SPI) {
    out.append("spi 0x")
    out.append(hex: spi.rawValue, digits: 8)
    if tellsNumbers {
      out.append("(")
      out.append(decimal: spi.rawValue)
      out.append(")")
    }
    out.append(" ")
  }

  private mutating func appendFlags(_ association: SecurityAssociation) {
    out.append("\treplay-window ")
    out.append(decimal: association.replayWindow)
    out.append(" ")
    if tellsNumbers {
      // Decimal digits behind 0x: so has iproute2 always printed it.
      out.append("seq 0x")
      out.append(decimal: association.sequence, digits: 8)
      out.append(" ")
    }
    if tellsNumbers || !association.flags.isEmpty {
      out.append("flag ")
      append(flags: UInt32(association.flags.rawValue), Self.flagWords)
    }
    if tellsNumbers {
      if let flags = association.extraFlags {
        out.append("extra_flag ")
        append(flags: flags.rawValue, Self.extraFlagWords)
      }
      out.append(" (0x")
      append(bits: association.flags.rawValue)
      out.append(")")
    }
    endLine()
  }

  private mutating func append(_ direction: SecurityAssociation.Direction) {
    switch direction {
    case .incoming: out.append("\tdir in")
    case .outgoing: out.append("\tdir out")
    default:
      out.append("\tdir other (")
      out.append(decimal: direction.rawValue)
      out.append(")")
    }
    endLine()
  }

  private mutating func append(_ statistics: SecurityAssociation.Statistics) {
    out.append("\tstats:")
    endLine()
    out.append("\t  replay-window ")
    out.append(decimal: statistics.outsideReplayWindow)
    out.append(" replay ")
    out.append(decimal: statistics.replayed)
    out.append(" failed ")
    out.append(decimal: statistics.integrityFailed)
    endLine()
  }

  static let flagWords: [(bit: UInt32, word: StaticString)] = [
    (1, "noecn"), (2, "decap-dscp"), (4, "nopmtudisc"), (8, "wildrecv"), (0x10, "icmp"),
    (0x20, "af-unspec"), (0x40, "align4"), (0x80, "esn"),
  ]
  static let extraFlagWords: [(bit: UInt32, word: StaticString)] = [
    (1, "dont-encap-dscp"), (2, "oseq-may-wrap"),
  ]
}

extension IPProtocol {
  /// Whether SPIs are always told of it.
  fileprivate var hasSPI: Bool { self == .esp || self == .ah || self == .ipComp }
}
