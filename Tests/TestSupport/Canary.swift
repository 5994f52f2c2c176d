internal import FoundationEssentials

/// A key that would be seen at once, whatever form it has.
public struct Canary: Sendable {
  public let bytes: [UInt8]

  /// - Parameter bytes: The key; 16 bytes at least.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// In lowercase digits.
  public var hexadecimal: String { Self.hexadecimal(bytes) }
  public var base64: String { Data(bytes).base64EncodedString() }

  /// The name of the form that is in a text; `nil` if none is.
  ///
  /// Eight bytes in a row are enough, of the beginning, the middle or the end.
  public func form(in text: [UInt8]) -> String? {
    let lowercase = text.map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }
    for place in [0, bytes.count / 2 - 4, bytes.count - 8] {
      let part = Array(bytes[place..<place + 8])
      let reversed = Array(part.reversed())
      if Self.contains(text, part) { return "raw" }
      if Self.contains(text, reversed) { return "raw, reversed" }
      if Self.contains(lowercase, Array(Self.hexadecimal(part).utf8)) { return "hexadecimal" }
      if Self.contains(lowercase, Array(Self.hexadecimal(reversed).utf8)) {
        return "hexadecimal, reversed"
      }
    }
    let isEncoded = (0..<3).contains { offset in
      // Whatever stands before and behind it changes the first digits and the last.
      let text64 = Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString()
      return Self.contains(text, Array(text64.utf8.dropFirst(4).dropLast(4).prefix(12)))
    }
    return isEncoded ? "base64" : nil
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var rest = text[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: part) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
