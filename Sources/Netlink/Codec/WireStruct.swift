/// A kernel struct: one list of fields that gives its size, offsets, encoding and decoding.
///
/// Each conforming type lists its fields in the header's order under the header's names, so that
/// it can be checked against the reference in one glance (and is checked against the header by a
/// test). What is done with the fields is up to the visitor. Where there may be many thousands of
/// a struct, `fields` is `@inline(__always)`: decoding takes half as long then.
public protocol WireStruct {
  /// Bytes in the kernel's layout.
  static var size: Int { get }
  /// A struct that is about to be read: every field zero.
  init()
  /// Shows every field to `wire`, padding included, in the order of the kernel's layout.
  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure)
}

/// What visits the fields of a struct: a decoder, an encoder, or something that describes them.
public protocol WireVisitor: ~Copyable, ~Escapable {
  /// Why a field cannot be visited; `Never` for an encoder.
  associatedtype Failure: Error

  /// A host-endian integer.
  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(Failure)
  /// A network-endian integer.
  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(Failure)
  /// A struct within the struct.
  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) throws(Failure)
  /// Bytes without a meaning. Generic because Swift 6.3 inlines no other requirement across
  /// modules, and a call here would cost more than all the fields.
  mutating func padding<Count: BinaryInteger>(_ count: Count) throws(Failure)
}

// The visitors' methods are inlined wherever a struct's fields are listed, so that encoding or
// decoding one becomes a run of loads and stores behind a single check of its size.

extension WireVisitor where Self: ~Copyable & ~Escapable {
  /// A number with names.
  @inlinable @inline(__always)
  public mutating func field<T: RawRepresentable>(
    _ name: StaticString, _ value: inout T
  ) throws(Failure) where T.RawValue: FixedWidthInteger & BitwiseCopyable {
    var number = value.rawValue
    try field(name, &number)
    if let named = T(rawValue: number) { value = named }
  }
}

extension ByteReader: WireVisitor {
  /// Reads a struct.
  @inlinable @inline(__always)
  public mutating func read<S: WireStruct>(_ type: S.Type = S.self) throws(MalformedMessage) -> S {
    let start = position
    var part = ByteReader(try read(byteCount: S.size), at: start)
    var value = S()
    try value.fields(&part)
    return value
  }

  @inlinable @inline(__always)
  public mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(MalformedMessage) {
    value = try read()
  }

  @inlinable @inline(__always)
  public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(MalformedMessage) {
    value = T(bigEndian: try read())
  }

  @inlinable @inline(__always)
  public mutating func structure<S: WireStruct>(
    _ name: StaticString, _ value: inout S
  ) throws(MalformedMessage) {
    value = try read()
  }

  @inlinable @inline(__always)
  public mutating func padding<Count: BinaryInteger>(_ count: Count) throws(MalformedMessage) {
    try skip(Int(count))
  }
}

/// Writes the fields of one struct into the bytes it takes up, which are zeros.
@usableFromInline
struct StructWriter: ~Copyable, ~Escapable, WireVisitor {
  @usableFromInline typealias Failure = Never
  @usableFromInline var bytes: MutableRawSpan
  @usableFromInline var offset = 0

  @inlinable @_lifetime(copy bytes)
  init(_ bytes: consuming MutableRawSpan) { self.bytes = bytes }

  @inlinable @inline(__always)
  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    bytes.storeBytes(of: value, toByteOffset: offset, as: T.self)
    offset &+= MemoryLayout<T>.size
  }

  @inlinable @inline(__always)
  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
    offset &+= MemoryLayout<T>.size
  }

  @inlinable @inline(__always)
  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) {
    var part = StructWriter(bytes._mutatingExtracting(offset..<(offset &+ S.size)))
    value.fields(&part)
    offset &+= S.size
  }

  @inlinable @inline(__always)
  mutating func padding<Count: BinaryInteger>(_ count: Count) { offset &+= Int(count) }
}

extension MessageBuilder {
  /// Appends a struct.
  @inlinable @inline(__always)
  public mutating func append<S: WireStruct>(_ value: S) {
    var value = value
    var writer = StructWriter(storage.extend(by: S.size))
    value.fields(&writer)
  }

  /// Appends an attribute that is a struct and nothing more.
  @inlinable
  public mutating func append<S: WireStruct>(_ type: AttributeType, _ value: S) {
    append(type) { $0.append(value) }
  }

  /// Appends an attribute that is a host-endian integer.
  @inlinable
  public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: AttributeType, _ value: T
  ) {
    append(type) { $0.append(value) }
  }
}
