/// A kernel struct: one list of fields that gives its size, offsets, encoding and decoding.
///
/// Each conforming type lists its fields in the header's order under the header's names, so that
/// it can be checked against the reference in one glance (and is checked against the header by a
/// test). What is done with the fields is up to the visitor.
public protocol WireStruct {
  /// Bytes in the kernel's layout.
  static var size: Int { get }
  init()
  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure)
}

/// What visits the fields of a struct: a decoder, an encoder, or something that describes them.
public protocol WireVisitor: ~Copyable, ~Escapable {
  associatedtype Failure: Error

  /// A host-endian integer.
  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(Failure)
  /// A network-endian integer.
  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(Failure)
  /// Text in a `char[width]`, terminated and padded with zeros.
  mutating func text(_ name: StaticString, _ value: inout String, width: Int) throws(Failure)
  /// A struct within the struct.
  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) throws(Failure)
  /// Bytes without a meaning.
  mutating func padding(_ count: Int) throws(Failure)
}

extension WireVisitor where Self: ~Copyable & ~Escapable {
  /// A number with names.
  @inlinable
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
  @inlinable
  public mutating func read<S: WireStruct>(_ type: S.Type = S.self) throws(MalformedMessage) -> S {
    var value = S()
    try value.fields(&self)
    return value
  }

  @inlinable
  public mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(MalformedMessage) {
    value = try read()
  }

  @inlinable
  public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) throws(MalformedMessage) {
    value = T(bigEndian: try read())
  }

  public mutating func text(
    _ name: StaticString, _ value: inout String, width: Int
  ) throws(MalformedMessage) {
    value = try readText(width: width)
  }

  @inlinable
  public mutating func structure<S: WireStruct>(
    _ name: StaticString, _ value: inout S
  ) throws(MalformedMessage) {
    try value.fields(&self)
  }

  @inlinable
  public mutating func padding(_ count: Int) throws(MalformedMessage) { try skip(count) }
}

extension MessageBuilder: WireVisitor {
  /// Appends a struct.
  @inlinable
  public mutating func append<S: WireStruct>(_ value: S) {
    var value = value
    value.fields(&self)
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

  @inlinable
  public mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    append(value)
  }

  @inlinable
  public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    append(bigEndian: value)
  }

  public mutating func text(_ name: StaticString, _ value: inout String, width: Int) {
    append(value, paddedTo: width)
  }

  @inlinable
  public mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) {
    value.fields(&self)
  }

  @inlinable
  public mutating func padding(_ count: Int) { append(zeros: count) }
}
