internal import Glibc

/// Bytes on their way to or from a file, such as text to be printed. They may hold keys, so they are
/// overwritten before their memory is given back.
package struct ByteBuffer: ~Copyable, Sendable {
  @usableFromInline var storage: WipedBuffer

  /// Starts with room for `capacity` bytes, which grows as needed.
  package init(capacity: Int = 1 << 16) { storage = WipedBuffer(capacity: capacity) }

  /// Bytes that are there.
  @inlinable package var count: Int { storage.count }

  /// What is there.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { storage.span }
  }

  /// Wipes what is there and starts again.
  package mutating func removeAll() { storage.removeAll() }

  /// Wipes the first `length` bytes, and moves the others to the front.
  package mutating func removeFirst(_ length: Int) {
    precondition(length >= 0 && length <= count)
    let rest = count - length
    // Sound: both ranges lie within the bytes that are there.
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage.storage[..<rest]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: storage.storage[length..<count]))
    storage.truncate(to: rest)
  }

  /// Appends one byte.
  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) { storage.append(byte) }

  /// Appends bytes as they are.
  @inlinable
  package mutating func append(_ bytes: Span<UInt8>) { storage.append(bytes) }

  /// Appends a message as it came, with the padding behind it.
  package mutating func append(_ message: borrowing NetlinkMessage) {
    // Sound: every byte is a valid UInt8.
    append(message.header, unsafe message.payload._unsafeView(as: UInt8.self))
  }

  /// Appends a message by its parts, with the padding behind it.
  package mutating func append(_ header: MessageHeader, _ payload: Span<UInt8>) {
    storage.append(header.length)
    storage.append(header.type.rawValue)
    storage.append(header.flags.rawValue)
    storage.append(header.sequence)
    storage.append(header.port)
    storage.append(payload)
    storage.append(zeros: aligned(payload.count) - payload.count)
  }

  /// Appends what `descriptor` has to give, `most` bytes at most; `false` at its end.
  package mutating func read(
    from descriptor: Int32, atMost most: Int
  ) throws(SystemErrno) -> Bool {
    storage.reserve(most)
    while true {
      // Sound: there is room for so many bytes.
      let length = unsafe Glibc.read(
        descriptor, storage.storage.baseAddress?.advanced(by: count), most)
      if length >= 0 {
        storage.count += length
        return length > 0
      }
      guard SystemErrno.current == .interrupted else { throw .current }
    }
  }

  /// Writes what is there to `descriptor`, and wipes it.
  package mutating func write(to descriptor: Int32) throws(SystemErrno) {
    defer { removeAll() }
    var written = 0
    while written < count {
      // Sound: so many bytes follow that one.
      let length = unsafe Glibc.write(
        descriptor, storage.storage.baseAddress?.advanced(by: written), count - written)
      if length >= 0 {
        written += length
      } else if SystemErrno.current != .interrupted {
        throw .current
      }
    }
  }
}
