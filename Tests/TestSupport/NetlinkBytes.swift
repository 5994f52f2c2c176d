/// The bytes of one message.
public struct NetlinkBytes: Sendable {
  public var bytes: [UInt8]

  /// Cuts a datagram into its messages by their lengths alone.
  static func split(_ datagram: [UInt8]) -> [NetlinkBytes] {
    var messages: [NetlinkBytes] = []
    var rest = datagram[...]
    while rest.count >= 16 {
      let message = NetlinkBytes(bytes: Array(rest))
      let length = Int(message.length)
      messages.append(NetlinkBytes(bytes: Array(rest.prefix(length))))
      rest = rest.dropFirst((length + 3) & ~3)
    }
    return messages
  }

  /// An acknowledgement, or a refusal with a negative `code`.
  public static func acknowledgement(
    of request: NetlinkBytes, port: UInt32, code: Int32 = 0
  ) -> NetlinkBytes {
    var message = NetlinkBytes(bytes: [UInt8](repeating: 0, count: 36))
    message.length = 36
    message[4, 2] = 2  // NLMSG_ERROR
    message[6, 2] = 0x100  // NLM_F_CAPPED
    message.sequence = request.sequence
    message.port = port
    message.code = code
    message.bytes.replaceSubrange(20..., with: request.bytes.prefix(16))
    return message
  }

  public var length: UInt32 {
    get { self[0, 4] }
    set { self[0, 4] = newValue }
  }
  public var type: UInt32 {
    get { self[4, 2] }
    set { self[4, 2] = newValue }
  }
  public var sequence: UInt32 {
    get { self[8, 4] }
    set { self[8, 4] = newValue }
  }
  public var port: UInt32 {
    get { self[12, 4] }
    set { self[12, 4] = newValue }
  }
  /// Of an acknowledgement or the end of a dump.
  public var code: Int32 {
    get { Int32(bitPattern: self[16, 4]) }
    set { self[16, 4] = UInt32(bitPattern: newValue) }
  }
  /// Whether it is an acknowledgement, a refusal or the end of a dump.
  public var isEnd: Bool { type == 2 || type == 3 }

  /// A number; its bytes are in the order of x86 and ARM, lowest first.
  private subscript(offset: Int, width: Int) -> UInt32 {
    get { (0..<width).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) } }
    set {
      for index in 0..<width {
        bytes[offset + index] = UInt8(truncatingIfNeeded: newValue >> (8 * index))
      }
    }
  }
}
