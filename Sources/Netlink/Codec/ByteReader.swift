/// A bounds-checked cursor over borrowed bytes.
///
/// The reader copies nothing and cannot outlive the bytes it was made from. It is the one place
/// that advances and the one place that checks.
public struct ByteReader: ~Escapable {
  @usableFromInline let bytes: RawSpan
  @usableFromInline var offset = 0
  @usableFromInline let base: Int

  /// Reads `bytes`, the first of which stands at `position` in its datagram.
  @inlinable @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, at position: Int = 0) {
    self.bytes = bytes
    self.base = position
  }

  /// Reads `bytes` from the start of a datagram.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) {
    // Sound: UInt8 has no padding to expose.
    self.init(unsafe bytes.bytes)
  }

  /// Where the next byte stands, counted from the start of the datagram, so that an error names
  /// the same offset the kernel would in an extended acknowledgement.
  @inlinable public var position: Int { base &+ offset }
  /// Bytes that are left.
  @inlinable public var remaining: Int { bytes.byteCount &- offset }
  /// Whether no byte is left.
  @inlinable public var isAtEnd: Bool { remaining == 0 }

  /// Reads a host-endian integer.
  @inlinable @inline(__always)
  public mutating func read<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self
  ) throws(MalformedMessage) -> T {
    try require(MemoryLayout<T>.size)
    // Sound: the length is checked and every bit pattern is a valid integer.
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    offset &+= MemoryLayout<T>.size
    return value
  }

  /// Borrows the next `count` bytes.
  @inlinable @inline(__always) @_lifetime(copy self)
  public mutating func read(byteCount count: Int) throws(MalformedMessage) -> RawSpan {
    try require(count)
    defer { offset &+= count }
    return bytes.extracting(offset..<(offset &+ count))
  }

  /// Reads text that ends at the first zero, or with the bytes.
  ///
  /// - Parameter width: How many bytes the field has; all that are left if `nil`. A field of known
  ///   width must have its terminating zero.
  public mutating func readText(width: Int? = nil) throws(MalformedMessage) -> String {
    let start = position
    let field = try read(byteCount: width ?? remaining)
    // Sound: every byte is a valid UInt8.
    let characters = unsafe field._unsafeView(as: UInt8.self)
    let length = characters.indices.first { characters[$0] == 0 } ?? characters.count
    guard width == nil || length < characters.count else { throw .unterminatedText(at: start) }
    do {
      return String(copying: try UTF8Span(validating: characters.extracting(first: length)))
    } catch {
      throw .unreadableText(at: start)
    }
  }

  /// Copies whatever is left.
  public mutating func readRest() -> [UInt8] {
    let rest = bytes.extracting(droppingFirst: offset)
    offset = bytes.byteCount
    // Sound: the buffer is used within the closure only.
    return unsafe rest.withUnsafeBytes { unsafe Array($0) }
  }

  /// Passes over bytes that must be there: padding inside a struct, or fields not wanted.
  @inlinable @inline(__always)
  public mutating func skip(_ count: Int) throws(MalformedMessage) {
    try require(count)
    offset &+= count
  }

  /// Passes over the alignment after an attribute or message, which the last one may lack.
  @inlinable
  public mutating func skipAlignment(after length: Int) {
    offset &+= min(aligned(length) &- length, remaining)
  }

  @inlinable @inline(__always) func require(_ count: Int) throws(MalformedMessage) {
    guard count >= 0, remaining >= count else {
      throw .truncated(at: position, needed: count, available: remaining)
    }
  }
}
