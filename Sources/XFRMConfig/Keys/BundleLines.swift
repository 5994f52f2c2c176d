internal import XFRMKit

/// Takes the lines of a bundle one by one: a name, a space and what it has.
struct BundleLines: ~Escapable {
  private let text: Span<UInt8>
  private var place = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  /// The first line.
  mutating func readVersion() throws(KeyBundleFile.Damage) {
    let expected = Array(KeyBundleFile.version.utf8)
    // All versions begin so.
    let family = expected.dropLast()
    for (index, byte) in family.enumerated() {
      guard index < text.count else { throw index == 0 ? .init("is empty") : .cut }
      guard text[index] == byte else { throw .init("is no bundle of keys") }
    }
    let line = try line()
    guard line.count == expected.count, line.indices.allSatisfy({ text[$0] == expected[$0] })
    else { throw .init("is of a later version of xfrmctl; it is read by that one") }
  }

  mutating func word(_ name: String) throws(KeyBundleFile.Damage) -> String {
    let range = try value(name)
    guard range.count <= 64, range.allSatisfy({ text[$0] > 0x20 && text[$0] < 0x7f }) else {
      throw .damaged
    }
    return String(decoding: range.map { text[$0] }, as: UTF8.self)
  }

  mutating func number(_ name: String) throws(KeyBundleFile.Damage) -> UInt32 {
    guard let number = UInt32(try word(name)) else { throw .damaged }
    return number
  }

  mutating func half(_ name: String) throws(KeyBundleFile.Damage) -> KeyBundleFile.Half {
    let range = try value(name)
    // `0x58000100 `, and the key.
    guard range.count > 11, let spi = number(range.prefix(10)),
      text[range.lowerBound + 10] == UInt8(ascii: " "),
      let key = Secret(digits: text.extracting(range.dropFirst(11)))
    else { throw .damaged }
    return KeyBundleFile.Half(spi: SPI(rawValue: spi), key: key)
  }

  /// The last line, which is about all before.
  mutating func readChecksum() throws(KeyBundleFile.Damage) {
    let sum = CRC32.of(text.extracting(..<place))
    let range = try value("checksum")
    guard number(range) == sum, place == text.count else { throw .damaged }
  }

  /// A number as it is written, and in no other way.
  private func number(_ range: Range<Int>) -> UInt32? {
    let digits = String(decoding: range.map { text[$0] }, as: UTF8.self)
    guard let number = UInt32(digits.dropFirst(2), radix: 16),
      SPI(rawValue: number).description == digits
    else { return nil }
    return number
  }

  private mutating func value(_ name: String) throws(KeyBundleFile.Damage) -> Range<Int> {
    let line = try line()
    let start = Array((name + " ").utf8)
    guard line.count > start.count,
      start.indices.allSatisfy({ text[line.lowerBound + $0] == start[$0] })
    else { throw .damaged }
    return line.dropFirst(start.count)
  }

  private mutating func line() throws(KeyBundleFile.Damage) -> Range<Int> {
    let start = place
    while place < text.count {
      place += 1
      if text[place - 1] == UInt8(ascii: "\n") { return start..<place - 1 }
    }
    throw .cut
  }
}
