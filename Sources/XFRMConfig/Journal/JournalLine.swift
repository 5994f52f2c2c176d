/// How a record stands in a journal: its checksum, its words, and a line's end. Somebody who looks
/// at the file can read it, and whoever cuts it or changes it is found out.
struct JournalLine: Equatable, Sendable {
  var words: [String]

  init(_ words: [String]) { self.words = words }

  var bytes: [UInt8] {
    let payload = Array(words.map(Self.escaped).joined(separator: " ").utf8)
    return Self.digits(CRC32.of(payload.span)) + [UInt8(ascii: " ")] + payload
      + [UInt8(ascii: "\n")]
  }

  /// Reads a line without its end; `nil` if it is not one that was written.
  init?(_ line: ArraySlice<UInt8>) {
    guard line.count > 9, line[line.startIndex + 8] == UInt8(ascii: " ") else { return nil }
    let payload = Array(line.dropFirst(9))
    guard Array(line.prefix(8)) == Self.digits(CRC32.of(payload.span)) else { return nil }
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

  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Spaces, line ends and what is not ASCII become `%` and two digits; nothing becomes `%`.
  private static func escaped(_ word: String) -> String {
    guard !word.isEmpty else { return "%" }
    var text: [UInt8] = []
    for byte in word.utf8 {
      if byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "%") {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func unescaped(_ word: some Collection<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(word)[...]
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
