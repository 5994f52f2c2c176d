package import XFRMKit

extension Secret {
  /// The longest text that is read as a key, in bytes.
  package static let longestText = 2048

  /// A key that is written in hexadecimal digits, with or without `0x` in front, and white space
  /// around them.
  ///
  /// - Parameters:
  ///   - text: Up to ``longestText`` bytes.
  ///   - name: What errors call the place that it is from.
  package init(hexadecimal text: Secret, from name: String) throws(KeyProblem) {
    guard text.count <= Self.longestText else { throw KeyProblem("\(name) is too long for a key") }
    self = try text.withBytes { text throws(KeyProblem) in
      var range = 0..<text.count
      while let last = range.last, text[last] <= 0x20 { range.removeLast() }
      while let first = range.first, text[first] <= 0x20 { range.removeFirst() }
      if range.count > 1, text[range.lowerBound] == UInt8(ascii: "0"),
        text[range.lowerBound + 1] == UInt8(ascii: "x")
      {
        range.removeFirst(2)
      }
      guard !range.isEmpty else { throw KeyProblem("\(name) is empty") }
      guard range.count.isMultiple(of: 2) else {
        throw KeyProblem("\(name) has an odd number of hexadecimal digits")
      }
      guard let key = Secret(digits: text.extracting(range)) else {
        throw KeyProblem("\(name) does not hold a key in hexadecimal digits")
      }
      return key
    }
  }

  /// `nil` for anything but pairs of hexadecimal digits.
  init?(digits: Span<UInt8>) {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes = [UInt8](repeating: 0, count: digits.count / 2)
    defer { bytes.wipe() }
    for index in digits.indices {
      guard let value = Character(UnicodeScalar(digits[index])).hexDigitValue else { return nil }
      bytes[index / 2] = bytes[index / 2] << 4 | UInt8(value)
    }
    self.init(bytes.span)
  }
}

extension [UInt8] {
  /// Appends a key in hexadecimal digits. There has to be room for it: an array that grows leaves
  /// what it had in memory.
  mutating func append(hexadecimal key: Secret) {
    precondition(capacity - count >= key.count * 2, "no room for the key")
    key.withBytes { bytes in
      for index in bytes.indices {
        append(Self.hexDigits[Int(bytes[index] >> 4)])
        append(Self.hexDigits[Int(bytes[index] & 15)])
      }
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}
