/// How a record stands in a journal: its checksum, its words, and a line's end. Somebody who looks
/// at the file can read it, and whoever cuts it or changes it is found out.
struct JournalLine: Equatable, Sendable {
  var words: [String]

  init(_ words: [String]) { self.words = words }

  var bytes: [UInt8] {
    // The checksum comes to stand where the zeros are. A configuration may be many thousand lines.
    var bytes = [UInt8](repeating: UInt8(ascii: "0"), count: Self.checksumDigits)
    for word in words {
      bytes.append(UInt8(ascii: " "))
      Self.append(word, to: &bytes)
    }
    let sum = CRC32.of(bytes.span.extracting((Self.checksumDigits + 1)...))
    for (place, digit) in Self.digits(sum).enumerated() { bytes[place] = digit }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Reads a line without its end; `nil` if it is not one that was written.
  init?(_ line: ArraySlice<UInt8>) {
    let digits = line.prefix(Self.checksumDigits)
    let payload = line.dropFirst(Self.checksumDigits + 1)
    guard !payload.isEmpty, line[digits.endIndex] == UInt8(ascii: " "),
      digits.elementsEqual(Self.digits(CRC32.of(payload.span)))
    else { return nil }
    var words: [String] = []
    for word in payload.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
      guard let word = Self.unescaped(word) else { return nil }
      words.append(word)
    }
    self.words = words
  }

  private static func digits(_ number: UInt32) -> [UInt8] {
    stride(from: 28, through: 0, by: -4).map { hexDigits[Int(number >> UInt32($0) & 15)] }
  }

  private static let checksumDigits = 8
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Spaces, line ends and what is not ASCII become `%` and two digits; nothing becomes `%`.
  private static func append(_ word: String, to line: inout [UInt8]) {
    if word.isEmpty { line.append(UInt8(ascii: "%")) }
    for byte in word.utf8 {
      if byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "%") {
        line.append(byte)
      } else {
        line += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      }
    }
  }

  private static func unescaped(_ word: ArraySlice<UInt8>) -> String? {
    guard word.contains(UInt8(ascii: "%")) else {
      return word.isEmpty ? nil : String(validating: word, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    var rest = word
    if rest.elementsEqual([UInt8(ascii: "%")]) { return "" }
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let high = hexDigits.firstIndex(of: rest.removeFirst()),
        let low = hexDigits.firstIndex(of: rest.removeFirst())
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
  }
}

/// The checksum of Ethernet, ZIP and many others (IEEE 802.3).
enum CRC32 {
  /// What each byte does to a sum.
  private static let table = (0..<256 as Range<UInt32>).map { byte in
    (0..<8).reduce(byte) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
  }

  static func of(_ bytes: Span<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for index in bytes.indices { sum = sum >> 8 ^ table[Int((sum ^ UInt32(bytes[index])) & 0xff)] }
    return ~sum
  }
}
