internal import Glibc

/// Bytes that are overwritten before their memory is given back.
///
/// Growing an `Array` leaves the old contents in freed memory; this does not. Requests and dumps
/// carry keys, so everything that is sent or received lives in one of these.
@safe @usableFromInline
struct WipedBuffer: ~Copyable, Sendable {
  // nonisolated(unsafe) because a pointer is never Sendable, and a Secret, which threads share, has
  // one of these as a constant. Sound: the value cannot be copied, so that the memory has one owner,
  // and nothing but mutating functions and the end of its life writes to it, for which the compiler
  // demands exclusive access.
  @usableFromInline nonisolated(unsafe) var storage: UnsafeMutableRawBufferPointer
  @usableFromInline var count = 0

  init(capacity: Int) {
    unsafe storage = .allocate(byteCount: max(capacity, 16), alignment: 16)
  }

  @inlinable deinit { discard() }

  /// Gives the memory back: for the end of its life, and for ``grow(_:)``, which puts other memory in
  /// its place. Not mutating, as no `deinit` could call it.
  @usableFromInline func discard() {
    wipe()
    unsafe storage.deallocate()
  }

  private func wipe() {
    guard let start = unsafe storage.baseAddress else { return }
    unsafe explicit_bzero(start, count)
  }

  /// Overwrites the contents and starts again with the same memory.
  mutating func removeAll() {
    wipe()
    count = 0
  }

  /// Overwrites what comes after the first `length` bytes and takes it back.
  mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count)
    guard let start = unsafe storage.baseAddress else { return }
    unsafe explicit_bzero(start + length, count - length)
    count = length
  }

  /// Replaces the contents by what `fill` puts into the whole capacity; it returns how many bytes.
  mutating func refill<E: Error>(
    _ fill: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) {
    removeAll()
    count = min(unsafe try fill(storage), unsafe storage.count)
  }

  var span: Span<UInt8> {
    @_lifetime(borrow self) borrowing get {
      // Sound: `count` bytes are initialised, and the span cannot outlive the borrow of self.
      let bytes = unsafe Span<UInt8>(
        _unsafeElements: UnsafeBufferPointer(
          rebasing: UnsafeRawBufferPointer(storage).assumingMemoryBound(to: UInt8.self)[..<count]))
      return unsafe _overrideLifetime(bytes, borrowing: self)
    }
  }

  /// Lends the bytes to `body`; unlike `span`, usable on a class's stored property.
  borrowing func withBytes<R, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try body(span)
  }

  @inlinable @inline(__always) mutating func append<T: BitwiseCopyable>(_ value: T) {
    let size = MemoryLayout<T>.size
    reserve(size)
    unsafe storage.storeBytes(of: value, toByteOffset: count, as: T.self)
    count &+= size
  }

  @usableFromInline mutating func append(_ bytes: Span<UInt8>) {
    reserve(bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: source)
    }
    count &+= bytes.count
  }

  /// Appends bytes that are somewhere else, to be inlined where their number is known.
  @inlinable @inline(__always) mutating func append(copying bytes: UnsafeRawBufferPointer) {
    reserve(bytes.count)
    guard let source = bytes.baseAddress, let start = unsafe storage.baseAddress else {
      return
    }
    unsafe (start + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  @inlinable @inline(__always) mutating func append(zeros: Int) {
    reserve(zeros)
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count..<(count &+ zeros)])
      .initializeMemory(as: UInt8.self, repeating: 0)
    count &+= zeros
  }

  /// Appends bytes from the system's random number generator, with as few system calls as it takes.
  mutating func append(random length: Int) {
    let start = count
    append(zeros: length)
    // More than that it does not give at once.
    for offset in stride(from: start, to: count, by: 256) {
      // Sound: exactly bytes that were just appended are overwritten.
      let part = unsafe UnsafeMutableRawBufferPointer(
        rebasing: storage[offset..<min(offset + 256, count)])
      guard let place = part.baseAddress else { continue }
      let result = unsafe getentropy(place, part.count)
      precondition(result == 0, "the system has no random numbers")
    }
  }

  /// Appends zeros and lends them.
  @inlinable @inline(__always) @_lifetime(&self)
  mutating func extend(by length: Int) -> MutableRawSpan {
    let start = count
    append(zeros: length)
    // Sound: the bytes are initialised, and the span cannot outlive the access to self.
    let bytes = unsafe MutableRawSpan(
      _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: storage[start..<count]))
    return unsafe _overrideLifetime(bytes, mutating: &self)
  }

  @inlinable mutating func overwrite<T: BitwiseCopyable>(_ value: T, at offset: Int) {
    precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= count)
    unsafe storage.storeBytes(of: value, toByteOffset: offset, as: T.self)
  }

  func load<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> T {
    precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= count)
    return unsafe storage.loadUnaligned(fromByteOffset: offset, as: T.self)
  }

  @inlinable mutating func reserve(_ extra: Int) {
    guard unsafe count &+ extra > storage.count else { return }
    grow(extra)
  }

  @usableFromInline @inline(never) mutating func grow(_ extra: Int) {
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(storage.count * 2, count + extra), alignment: 16)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
    discard()
    unsafe storage = larger
  }
}
