/// Lays out messages one after another, ready to be sent in one datagram.
///
/// Lengths are patched when a message or attribute ends, so no size is computed twice. The buffer
/// may hold keys, so it is wiped when the builder goes away. What does not fit its length field is
/// remembered in ``failure`` and refused when it comes to sending.
public struct MessageBuilder: ~Copyable, Sendable {
  @usableFromInline var storage: WipedBuffer
  /// The first thing that could not be expressed.
  public private(set) var failure: UnencodableMessage?
  /// Where the last message starts, and the one before it.
  private var lastMessage = 0
  private var messageBefore = 0
  /// Of the socket that asks. Most answers bear it without being told, but the reply to
  /// `XFRM_MSG_GETAE` and announcements repeat what the request says.
  private let port: UInt32

  /// Starts with room for `capacity` bytes, which grows as needed. Messages bear `port` in their
  /// headers.
  public init(capacity: Int = 1024, port: UInt32 = 0) {
    storage = WipedBuffer(capacity: capacity)
    self.port = port
  }

  /// Bytes laid out so far.
  @inlinable public var count: Int { storage.count }

  /// The messages laid out so far.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { storage.span }
  }

  /// Takes back the message laid out last, and what was wrong with it.
  mutating func removeLastMessage() {
    storage.truncate(to: lastMessage)
    lastMessage = messageBefore
    failure = nil
  }

  /// Wipes what was laid out and starts again.
  public mutating func removeAll() {
    storage.removeAll()
    failure = nil
  }

  /// Appends a message whose payload `body` writes.
  public mutating func append<E: Error>(
    _ type: MessageType, flags: MessageFlags = [], sequence: UInt32 = 0,
    _ body: (inout MessageBuilder) throws(E) -> Void
  ) throws(E) {
    append(zeros: aligned(count) - count)
    let start = count
    messageBefore = lastMessage
    lastMessage = start
    append(UInt32(0))
    append(type.rawValue)
    append(flags.rawValue)
    append(sequence)
    append(port)
    try body(&self)
    storage.overwrite(UInt32(truncatingIfNeeded: count - start), at: start)
  }

  /// Asks that the message laid out last be acknowledged.
  mutating func acknowledgeLastMessage() {
    let position = lastMessage + 6
    let flags = MessageFlags(rawValue: storage.load(at: position))
    storage.overwrite(flags.union(.acknowledge).rawValue, at: position)
  }

  /// Appends an attribute whose payload `body` writes.
  @inlinable public mutating func append<E: Error>(
    _ type: AttributeType, nested: Bool = false,
    _ body: (inout MessageBuilder) throws(E) -> Void
  ) throws(E) {
    let start = count
    append(UInt16(0))
    append(type.rawValue | (nested ? 0x8000 : 0))
    try body(&self)
    endAttribute(type, startedAt: start)
  }

  @usableFromInline mutating func endAttribute(_ type: AttributeType, startedAt start: Int) {
    let length = count - start
    if length > UInt16.max { fail(.attributeTooLong(type, length: length)) }
    storage.overwrite(UInt16(truncatingIfNeeded: length), at: start)
    append(zeros: aligned(length) - length)
  }

  /// Appends a host-endian integer.
  @inlinable public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    storage.append(value)
  }

  /// Appends a network-endian integer.
  @inlinable
  public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T) {
    storage.append(value.bigEndian)
  }

  /// Appends bytes as they are.
  public mutating func append(_ bytes: Span<UInt8>) { storage.append(bytes) }

  /// Appends so many zero bytes.
  @inlinable public mutating func append(zeros count: Int) { storage.append(zeros: count) }

  /// Appends text with its terminating zero.
  public mutating func append(_ text: String) {
    appendCharacters(of: text)
    append(UInt8(0))
  }

  /// Appends text padded with zeros to a fixed width, as the kernel's `char[n]` fields are.
  public mutating func append(_ text: String, paddedTo width: Int) {
    guard text.utf8.count < width else {
      fail(.textTooLong(text, limit: width - 1))
      append(zeros: width)
      return
    }
    appendCharacters(of: text)
    append(zeros: width - text.utf8.count)
  }

  private mutating func appendCharacters(of text: String) {
    let characters = text.utf8Span.span
    if characters.indices.contains(where: { characters[$0] == 0 }) { fail(.textWithZero(text)) }
    storage.append(characters)
  }

  /// Refuses what is being laid out.
  public mutating func fail(_ problem: UnencodableMessage) {
    if failure == nil { failure = problem }
  }
}

/// Why a request could not be put into its wire format.
@nonexhaustive
public enum UnencodableMessage: Error, Hashable, Sendable {
  /// An attribute's length field holds 65,535 at most.
  case attributeTooLong(AttributeType, length: Int)
  /// The kernel's field has no room for the text.
  case textTooLong(String, limit: Int)
  /// Addresses of one object must be of one family; the text says of which.
  case mixedFamilies(String)
  /// The kernel would read the text to its first zero only.
  case textWithZero(String)
  /// The format has nothing for a part that there is; the text says which part, of what.
  case noPlace(String)
}

extension UnencodableMessage: CustomStringConvertible {
  public var description: String {
    switch self {
    case .attributeTooLong(let type, let length):
      "attribute \(type.rawValue) has \(length) bytes; 65535 is the most it can have"
    case .noPlace(let what): "there is no place for \(what)"
    case .mixedFamilies(let what): "\(what) has addresses of different families"
    case .textTooLong(let text, let limit):
      "“\(text.prefix(80))” has more than the \(limit) bytes the kernel allows"
    case .textWithZero(let text):
      "“\(text.prefix { $0 != "\0" }.prefix(80))…” has a zero byte, where the kernel would end it"
    }
  }
}
