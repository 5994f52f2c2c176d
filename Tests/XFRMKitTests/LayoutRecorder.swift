import Netlink
import Testing

/// Notes each field's name, offset and size.
struct LayoutRecorder: WireVisitor {
  struct Field {
    var name: String
    var offset: Int
    var size: Int
    var isBigEndian = false
  }

  var fields: [Field] = []
  var paddingOffsets: Set<Int> = []
  var size = 0

  private mutating func add(_ name: StaticString, _ count: Int, isBigEndian: Bool = false) {
    fields.append(
      Field(name: "\(name)", offset: size, size: count, isBigEndian: isBigEndian))
    size += count
  }

  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    add(name, MemoryLayout<T>.size)
  }

  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    add(name, MemoryLayout<T>.size, isBigEndian: true)
  }

  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) {
    var inner = LayoutRecorder()
    value.fields(&inner)
    #expect(inner.size == S.size)
    paddingOffsets.formUnion(inner.paddingOffsets.map { $0 + size })
    add(name, S.size)
  }

  mutating func padding<Count: BinaryInteger>(_ count: Count) {
    paddingOffsets.formUnion(size..<size + Int(count))
    size += Int(count)
  }
}
