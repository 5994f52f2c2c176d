internal import Netlink
public import XFRMKit

/// Reads messages of the kernel that stand in a file one after another, as they came: what
/// `ip xfrm monitor file` replays.
public struct MessageLogReader: ~Copyable {
  private let file: LogFile
  private var chunk = ByteBuffer(capacity: 2 * chunkBytes)
  /// Where the next message begins, in the chunk and in the file.
  private var offset = 0
  private var position = 0

  private static let chunkBytes = 1 << 16
  /// The kernel sends none that comes near it.
  private static let longestMessage = 1 << 24

  /// Opens a file.
  public init(path: String) throws(MessageLogError) { file = try LogFile(reading: path) }

  /// The next message, or `nil` at the end of the file.
  public mutating func next() throws(MessageLogError) -> XFRMEvent? {
    guard let length = try fetchMessage() else { return nil }
    defer {
      offset += length
      position += length
    }
    do throws(MalformedMessage) {
      let bytes = chunk.bytes.extracting(offset..<(offset + length))
      var messages = MessageReader(bytes, at: position)
      guard let message = try messages.next() else { return nil }
      return try XFRMEvent(message)
    } catch {
      throw .malformed(error)
    }
  }

  /// Brings in the whole next message, and tells how many bytes it takes up; `nil` at the end.
  private mutating func fetchMessage() throws(MessageLogError) -> Int? {
    guard try fetch(MessageHeader.size) else {
      guard chunk.count > offset else { return nil }
      throw .malformed(
        .truncated(at: position, needed: MessageHeader.size, available: chunk.count - offset))
    }
    var header = ByteReader(chunk.bytes.extracting(droppingFirst: offset))
    let length: UInt32
    do throws(MalformedMessage) { length = try header.read() } catch { throw .malformed(error) }
    guard length >= MessageHeader.size else {
      throw .malformed(.messageTooShort(at: position, length: length))
    }
    guard length <= Self.longestMessage else {
      throw .malformed(.unexpectedValue(at: position, field: "a length of \(length) bytes"))
    }
    if try fetch(aligned(Int(length))) { return aligned(Int(length)) }
    // The last message may lack its padding.
    let available = chunk.count - offset
    guard available >= Int(length) else {
      throw .malformed(.truncated(at: position, needed: Int(length), available: available))
    }
    return available
  }

  /// Brings in so many bytes from the next message on; `false` if there are not as many.
  private mutating func fetch(_ needed: Int) throws(MessageLogError) -> Bool {
    while chunk.count - offset < needed {
      chunk.removeFirst(offset)
      offset = 0
      do throws(SystemErrno) {
        guard try chunk.read(from: file.descriptor, atMost: Self.chunkBytes) else { return false }
      } catch {
        throw .system(error)
      }
    }
    return true
  }
}
