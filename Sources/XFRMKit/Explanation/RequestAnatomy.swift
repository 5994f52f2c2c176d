/// A request to the kernel, part by part under the kernel's own names: what would be sent.
public struct RequestAnatomy: Equatable, Sendable {
  /// A field or an attribute.
  public struct Part: Hashable, Sendable {
    /// 0 for what stands in the message itself, more for what stands in another part.
    public var depth: Int
    /// As linux/xfrm.h names it: `reqid`, `XFRMA_MARK`.
    public var name: String
    /// What it says; empty for what has parts of its own. Keys are told by their lengths.
    public var value: String
  }

  /// Its type by the kernel's name: `XFRM_MSG_NEWSA`.
  public let messageName: String
  /// In the order of the message. Fields that are 0 or say that there is no limit are left out.
  public let parts: [Part]
  /// How many bytes it has.
  public var count: Int { message.count }

  private let message: Secret
  /// Where keys are.
  private let keys: [Range<Int>]

  /// Takes a change apart.
  ///
  /// - Throws: What makes it impossible to send.
  public init(_ operation: Operation) throws(UnencodableMessage) {
    try self.init(operation, flags: .acknowledge)
  }

  /// Takes a question apart.
  package init(_ query: Query) throws(UnencodableMessage) {
    try self.init(query, flags: query.isDump ? .dump : .acknowledge)
  }

  private init(
    _ request: some NetlinkRequest, flags: MessageFlags
  ) throws(UnencodableMessage) {
    var builder = MessageBuilder()
    builder.append(request, flags: flags)
    if let failure = builder.failure { throw failure }
    var dissector = Dissector()
    // What cannot be read back ends the list, and nothing else.
    try? dissector.take(apart: builder.bytes)
    messageName = request.messageType.xfrmName ?? "message \(request.messageType.rawValue)"
    parts = dissector.parts
    keys = dissector.keys
    message = Secret(builder.bytes)
  }

  /// The whole message in hexadecimal digits.
  ///
  /// - Parameter showsKeys: Otherwise two asterisks stand for each byte of a key.
  public func hexadecimal(showsKeys: Bool) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return message.withBytes { bytes in
      var text: [UInt8] = []
      text.reserveCapacity(bytes.count * 2)
      for index in bytes.indices {
        if !showsKeys, keys.contains(where: { $0.contains(index) }) {
          text += [UInt8(ascii: "*"), UInt8(ascii: "*")]
        } else {
          text += [digits[Int(bytes[index] >> 4)], digits[Int(bytes[index] & 15)]]
        }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }
}

extension Query {
  var isDump: Bool {
    switch self {
    case .associations, .policies: true
    default: false
    }
  }
}
