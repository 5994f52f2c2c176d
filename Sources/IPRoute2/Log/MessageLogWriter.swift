public import Netlink

/// Writes messages of the kernel to a file one after another, as they came, for
/// ``MessageLogReader`` and `ip xfrm monitor file` to read.
public struct MessageLogWriter: ~Copyable {
  private let file: LogFile
  private var buffer = ByteBuffer(capacity: 1 << 12)

  /// Begins a file, or an old one anew. A new one only its owner may read: there will be keys in it.
  public init(path: String) throws(MessageLogError) { file = try LogFile(writing: path) }

  /// Writes one message that is not borrowed any more.
  public mutating func append(_ header: MessageHeader, _ payload: Secret) throws(MessageLogError) {
    payload.withBytes { buffer.append(header, $0) }
    try write()
  }

  /// Writes one message.
  public mutating func append(_ message: borrowing NetlinkMessage) throws(MessageLogError) {
    buffer.append(message)
    try write()
  }

  private mutating func write() throws(MessageLogError) {
    do throws(SystemErrno) {
      try buffer.write(to: file.descriptor)
    } catch {
      throw .system(error)
    }
  }
}
