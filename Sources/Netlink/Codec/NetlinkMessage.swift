internal import CNetlink

/// The fixed header every netlink message begins with: `struct nlmsghdr`.
public struct MessageHeader: Hashable, Sendable {
  /// Bytes of the header itself.
  public static let size = 16
  /// Bytes in the message, this header included.
  public var length: UInt32
  /// What the message says.
  public var type: MessageType
  /// How to take it.
  public var flags: MessageFlags
  /// The number of a request, which what answers it bears too, and what the kernel announces
  /// because of it; 0 for what the kernel does by itself.
  public var sequence: UInt32
  /// Whose message it is; a reply carries the port of the socket that asked.
  public var port: UInt32

  package init(
    length: UInt32, type: MessageType, flags: MessageFlags, sequence: UInt32, port: UInt32
  ) {
    self.length = length
    self.type = type
    self.flags = flags
    self.sequence = sequence
    self.port = port
  }
}

/// What a message says; the numbers from 16 up mean something within a family only.
public struct MessageType: OpenEnumeration {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `NLMSG_ERROR`: an acknowledgement or a refusal.
  public static var error: Self { Self(rawValue: UInt16(NLMSG_ERROR)) }
  /// `NLMSG_DONE`: the end of a dump.
  public static var done: Self { Self(rawValue: UInt16(NLMSG_DONE)) }
  /// Whether it is about the conversation itself, in every family.
  var isControl: Bool { rawValue < UInt16(NLMSG_MIN_TYPE) }
}

/// `nlmsg_flags`. What a bit means depends on whether the message asks, answers or acknowledges.
public struct MessageFlags: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `NLM_F_REQUEST`: the kernel ignores messages without it.
  public static var request: Self { Self(rawValue: UInt16(NLM_F_REQUEST)) }
  /// `NLM_F_ACK`: asks to be told of success, too.
  public static var acknowledge: Self { Self(rawValue: UInt16(NLM_F_ACK)) }
  /// `NLM_F_MULTI`: more messages belong to this one, until ``MessageType/done``.
  public static var multipart: Self { Self(rawValue: UInt16(NLM_F_MULTI)) }
  /// `NLM_F_DUMP_INTR`: the table changed while it was listed.
  public static var dumpInterrupted: Self { Self(rawValue: UInt16(NLM_F_DUMP_INTR)) }
  /// `NLM_F_DUMP`: asks for the whole table.
  public static var dump: Self { Self(rawValue: UInt16(NLM_F_ROOT | NLM_F_MATCH)) }
  /// `NLM_F_CREATE`: creates the object if there is none.
  public static var create: Self { Self(rawValue: UInt16(NLM_F_CREATE)) }
  /// `NLM_F_EXCL`: refuses if there is one already.
  public static var exclusive: Self { Self(rawValue: UInt16(NLM_F_EXCL)) }
  /// `NLM_F_REPLACE`: replaces the object if there is one.
  public static var replace: Self { Self(rawValue: UInt16(NLM_F_REPLACE)) }
  /// In an acknowledgement: only the header of the request is echoed.
  static var capped: Self { Self(rawValue: UInt16(NLM_F_CAPPED)) }
  /// In an acknowledgement: attributes explain it.
  static var explained: Self { Self(rawValue: UInt16(NLM_F_ACK_TLVS)) }
}

/// One message, borrowed from the datagram it arrived in.
public struct NetlinkMessage: ~Escapable {
  /// Its header.
  public let header: MessageHeader
  /// Where the payload begins in the datagram.
  public let position: Int
  /// What follows the header, without padding.
  public let payload: RawSpan

  @inlinable @_lifetime(copy payload)
  init(header: MessageHeader, position: Int, payload: RawSpan) {
    self.header = header
    self.position = position
    self.payload = payload
  }

  /// A reader positioned at the payload.
  public var reader: ByteReader {
    @inlinable @_lifetime(copy self) get { ByteReader(payload, at: position) }
  }
}

/// Walks the messages of one datagram.
public struct MessageReader: ~Escapable {
  private var reader: ByteReader

  /// Walks a whole datagram.
  @_lifetime(copy datagram)
  public init(_ datagram: Span<UInt8>) { self.reader = ByteReader(datagram) }

  /// Walks bytes the first of which stands at `position` in a file.
  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>, at position: Int) {
    // Sound: UInt8 has no padding to expose.
    self.reader = ByteReader(unsafe bytes.bytes, at: position)
  }

  /// The next message, or `nil` at the end of the datagram.
  @_lifetime(copy self)
  public mutating func next() throws(MalformedMessage) -> NetlinkMessage? {
    guard !reader.isAtEnd else { return nil }
    let start = reader.position
    let header = MessageHeader(
      length: try reader.read(), type: MessageType(rawValue: try reader.read()),
      flags: MessageFlags(rawValue: try reader.read()), sequence: try reader.read(),
      port: try reader.read())
    guard header.length >= MessageHeader.size else {
      throw .messageTooShort(at: start, length: header.length)
    }
    let position = reader.position
    let payload = try reader.read(byteCount: Int(header.length) - MessageHeader.size)
    reader.skipAlignment(after: Int(header.length))
    return NetlinkMessage(header: header, position: position, payload: payload)
  }
}
