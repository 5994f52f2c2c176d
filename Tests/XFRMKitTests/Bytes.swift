import Netlink

extension Span<UInt8> {
  /// A copy that outlives the span.
  var array: [UInt8] {
    // Sound: the buffer is used within the closure only.
    unsafe withUnsafeBytes { unsafe Array($0) }
  }
}

/// Reads hexadecimal digits. Blanks mean nothing; `00*24` is 24 zero bytes.
func hex(_ text: some StringProtocol) -> [UInt8] {
  var bytes: [UInt8] = []
  for word in text.split(whereSeparator: \.isWhitespace) {
    let parts = word.split(separator: "*")
    let digits = parts[0].compactMap(\.hexDigitValue)
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      bytes.append(UInt8(digits[index] << 4 | digits[index + 1]))
    }
    if parts.count == 2, let count = Int(parts[1]), let last = bytes.last {
      bytes += repeatElement(last, count: count - 1)
    }
  }
  return bytes
}
