internal import CNetlink

/// The kernel understood a request and refused it.
public struct KernelRefusal: Error, Hashable, Sendable {
  /// The error that the kernel returned.
  public var errno: SystemErrno
  /// The kernel's own explanation, when it gives one. Its wording changes between versions.
  public var explanation: String?
  /// Where in the request the kernel found fault, counted from its first byte.
  public var offset: Int?
  /// The attribute found at ``offset``, or the one that is missing.
  public var attribute: AttributeType?

  /// Puts a refusal together, as tests and programs that replay one need it.
  public init(
    errno: SystemErrno, explanation: String? = nil, offset: Int? = nil,
    attribute: AttributeType? = nil
  ) {
    self.errno = errno
    self.explanation = explanation
    self.offset = offset
    self.attribute = attribute
  }

  /// Reads `NLMSG_ERROR` or `NLMSG_DONE`; `nil` means success.
  init?(_ message: borrowing NetlinkMessage) throws(MalformedMessage) {
    var reader = message.reader
    let code: Int32 = try reader.read()
    guard code != 0 else { return nil }
    // Kernel codes are negative; a positive one, or the one without an opposite, is nobody's.
    guard code < 0, code != .min else {
      throw .unexpectedValue(at: message.position, field: "an error code of \(code)")
    }
    self.init(errno: SystemErrno(-code))

    guard message.header.flags.contains(.explained) else { return }
    if message.header.type == .error {
      let length: UInt32 = try reader.read()
      // The request's header follows, and unless capped the rest of the request too.
      let echoed =
        message.header.flags.contains(.capped) ? MessageHeader.size : aligned(Int(length))
      try reader.skip(echoed - MemoryLayout<UInt32>.size)
    }
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch UInt32(attribute.type.rawValue) {
      case NLMSGERR_ATTR_MSG.rawValue: explanation = try payload.readText()
      case NLMSGERR_ATTR_OFFS.rawValue: offset = Int(try payload.read(UInt32.self))
      case UInt32(CNL_NLMSGERR_ATTR_MISS_TYPE):
        self.attribute = AttributeType(
          rawValue: UInt16(truncatingIfNeeded: try payload.read(UInt32.self)))
      default: break
      }
    }
  }

  /// Names the attribute at ``offset`` in the request that was refused.
  ///
  /// - Parameter number: Which of the datagram's requests that was, from 0.
  mutating func locate(in datagram: Span<UInt8>, request number: Int = 0) {
    guard attribute == nil, let offset, offset >= MessageHeader.size else { return }
    do throws(MalformedMessage) {
      var messages = MessageReader(datagram)
      for _ in 0..<number { _ = try messages.next() }
      guard let request = try messages.next() else { return }
      var reader = request.reader
      try reader.skip(offset - MessageHeader.size + MemoryLayout<UInt16>.size)
      attribute = AttributeType(rawValue: try reader.read() & 0x3fff)
    } catch {
      // An offset outside of the request names nothing.
    }
  }
}

extension KernelRefusal: CustomStringConvertible {
  public var description: String {
    let code = "\(errno) (\(errno.name))"
    return explanation.map { "“\($0)”, \(code)" } ?? code
  }
}
