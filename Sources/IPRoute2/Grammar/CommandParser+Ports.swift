internal import XFRMKit

extension CommandParser {
  /// A port; in the own dialect also `PORT/MASK`, or `FIRST-LAST` where one mask says the same.
  mutating func port(after keyword: String) throws(SyntaxError) -> Selector.Port {
    let word = try argument("a port")
    let text = word.utf8Span.span
    if let port = UInt16(cText: text, isStrict: isStrict) {
      // To iproute2 port 0 is any; `0/0xffff` is the port.
      return port == 0 ? .any : Selector.Port(port)
    }
    guard isNative, let sign = text.indices.first(where: { Self.joins(text[$0]) }),
      let first = UInt16(cText: text.extracting(0..<sign), isStrict: true),
      let second = UInt16(cText: text.extracting((sign + 1)..<text.count), isStrict: true)
    else {
      throw wrong(
        "value after \"\(keyword)\" is invalid",
        expected: isNative ? "PORT, PORT/MASK or FIRST-LAST" : "a port")
    }
    if text[sign] == UInt8(ascii: "/") { return Selector.Port(first, mask: second) }
    guard let port = Selector.Port(first, through: second) else {
      throw wrong(
        "no one mask says \(first) to \(second)",
        expected: "a range of 2, 4, 8… ports that begins at a multiple of their number")
    }
    return port
  }

  private static func joins(_ character: UInt8) -> Bool {
    character == UInt8(ascii: "/") || character == UInt8(ascii: "-")
  }
}

extension Selector.Port {
  /// The ports from one to another; `nil` if no mask tells them from all others.
  init?(_ first: UInt16, through last: UInt16) {
    let varying = first ^ last
    guard first <= last, varying & (varying &+ 1) == 0, first & varying == 0 else { return nil }
    self.init(first, mask: ~varying)
  }
}
