/// Key material.
///
/// A secret never appears in text: printing, interpolating, dumping or mirroring one yields its
/// length only. It cannot be encoded or hashed, is compared in constant time, and its bytes are
/// overwritten when the last copy goes away.
public struct Secret: Sendable {
  private let storage: Storage

  /// Copies a key. The bytes that it was copied from are not wiped.
  public init(_ bytes: Span<UInt8>) {
    var buffer = WipedBuffer(capacity: bytes.count)
    buffer.append(bytes)
    storage = Storage(buffer)
  }

  /// Copies a key, for instance out of a message. The bytes that it was copied from are not wiped.
  public init(_ bytes: RawSpan) {
    // Sound: every byte is a valid UInt8.
    self.init(unsafe bytes._unsafeView(as: UInt8.self))
  }

  /// Makes a key of `count` bytes from the system's random number generator.
  public static func random(count: Int) -> Secret {
    var buffer = WipedBuffer(capacity: count)
    buffer.append(random: count)
    return Secret(storage: Storage(buffer))
  }

  /// No key, for algorithms that take none.
  public static let empty = random(count: 0)

  private init(storage: Storage) { self.storage = storage }

  /// Bytes in the key.
  public var count: Int { storage.buffer.count }

  /// Lends the key to `body`.
  public func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    try storage.buffer.withBytes(body)
  }

  /// Equal for equal keys, and another in each process: to look for equal ones among many.
  package var seededHash: Int {
    withBytes { bytes in
      var hasher = Hasher()
      for index in bytes.indices { hasher.combine(bytes[index]) }
      return hasher.finalize()
    }
  }

  /// Whether it is what a kernel shows that keeps its keys for itself, or no key at all.
  package var isAllZeros: Bool {
    withBytes { bytes in
      var bits: UInt8 = 0
      for index in bytes.indices { bits |= bytes[index] }
      return bits == 0
    }
  }

  private final class Storage: Sendable {
    let buffer: WipedBuffer
    init(_ buffer: consuming WipedBuffer) { self.buffer = buffer }
  }
}

extension Secret: Equatable {
  /// Compares in time that depends on the lengths alone.
  public static func == (left: Secret, right: Secret) -> Bool {
    left.withBytes { left in
      right.withBytes { right in
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
      }
    }
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<\(count) secret bytes>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
