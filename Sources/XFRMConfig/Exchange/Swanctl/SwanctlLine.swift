internal import XFRMKit

/// A line of a listing, and what is left of it.
struct SwanctlLine {
  private let text: Substring
  private let number: Int
  private let file: String
  /// How many blanks it begins with.
  let indent: Int
  private(set) var rest: Substring

  init(_ text: Substring, _ number: Int, _ file: String) {
    self.text = text
    self.number = number
    self.file = file
    rest = text.drop { $0 == " " || $0 == "\t" }
    indent = text.unicodeScalars.count - rest.unicodeScalars.count
  }

  var isEmpty: Bool { rest.allSatisfy(\.isWhitespace) }
  var firstWord: Substring { rest.prefix { $0 != " " } }
  /// Whether a CHILD_SA begins with it.
  var hasChild: Bool { rest.contains(": #") && rest.contains(", reqid ") }
  /// `local` or `remote`, if it tells of an end of an IKE_SA.
  var isEnd: Substring? {
    ["local", "remote"].contains(firstWord) && rest.contains(" @ ") ? firstWord : nil
  }

  func unexpected(_ expected: String) -> SwanctlReader.Unexpected {
    let column = text.unicodeScalars.count - rest.unicodeScalars.count
    let start = SourcePosition(index: 0, line: number, column: column)
    let end = SourcePosition(index: 0, line: number, column: column + max(1, firstWord.count))
    return SwanctlReader.Unexpected(span: SourceSpan(file, start, end), expected: expected)
  }

  /// What stands before a mark, which is left behind.
  mutating func part(
    before mark: String, _ expected: String
  ) throws(SwanctlReader.Unexpected) -> String {
    guard let range = rest.firstRange(of: mark), range.lowerBound > rest.startIndex else {
      throw unexpected(expected)
    }
    defer { rest = rest[range.upperBound...] }
    return String(rest[..<range.lowerBound])
  }

  /// `local  'moon' @ 192.0.2.1[4500]`
  ///
  /// What an end is called may be anything, and so may be who logged in, whose name stands behind.
  ///
  /// - Returns: `nil` if names look like ends, so that several are told.
  mutating func end() throws(SwanctlReader.Unexpected) -> SwanctlChild.End? {
    let quoted = rest.ranges(of: "' @ ")
    let marks = quoted.isEmpty ? Array(rest.ranges(of: " @ ").prefix(1)) : quoted
    let ends = Set(marks.compactMap { Self.end(rest[$0.upperBound...]) })
    guard ends.isEmpty else { return ends.count == 1 ? ends.first : nil }
    if let mark = marks.first { rest = rest[mark.upperBound...].trimmingBlanks }
    let address = rest.prefix { $0 != "[" && $0 != " " }
    throw unexpected(IPAddress(String(address)) == nil ? "an IP address" : "ADDRESS[PORT]")
  }

  /// `192.0.2.1[4500]`
  private static func end(_ text: Substring) -> SwanctlChild.End? {
    let text = text.trimmingBlanks
    let behind = text.drop { $0 != "[" && $0 != " " }
    guard behind.first == "[", behind.contains("]"),
      let address = IPAddress(String(text[..<behind.startIndex])),
      let port = UInt16(behind.dropFirst().prefix { $0 != "]" })
    else { return nil }
    return SwanctlChild.End(address: address, port: port)
  }

  /// `installed 12s ago, rekeying in 3296s, expires in 3948s`
  func readTimes(_ child: inout SwanctlChild) throws(SwanctlReader.Unexpected) {
    for part in rest.split(separator: ",").map(\.trimmingBlanks) {
      let seconds = part.split(separator: " ").lazy.compactMap { word in
        word.last == "s" ? UInt32(word.dropLast()) : nil
      }.first.map { UInt64($0) }
      // Too late is told with a sign.
      switch part.prefix(while: { $0 != " " }) {
      case "installed":
        guard let seconds else { throw unexpected("installed NUMBERs ago") }
        child.age = seconds
      case "rekeying": child.rekeysIn = seconds
      case "expires": child.expiresIn = seconds
      default: throw unexpected("times: installed, rekeying, expires")
      }
    }
  }

  /// Whether it has the CPI of IPComp behind an SPI: `in  c1a2b3c4/0b5c,   168 bytes, …`
  var hasCPI: Bool { rest.prefix { $0 != "," && $0 != "(" }.contains("/") }

  /// `in  c1a2b3c4 (-|0x00000017),   168 bytes,     2 packets,     1s ago`
  func half() throws(SwanctlReader.Unexpected) -> SwanctlChild.Half {
    let words = rest.prefix { $0 != "," }.split(separator: " ")
    guard words.count > 1, let spi = UInt32(words[1], radix: 16) else {
      throw unexpected("an SPI of hexadecimal digits")
    }
    var half = SwanctlChild.Half(spi: SPI(rawValue: spi))
    guard words.count > 2 else { return half }
    guard words.count == 3, words[2].first == "(", words[2].last == ")" else {
      throw unexpected("(MARK|IF-ID)")
    }
    let parts = words[2].dropFirst().dropLast().split(
      separator: "|", omittingEmptySubsequences: false)
    let mark = parts.first.map { String($0) } ?? "-"
    half.mark = mark == "-" ? nil : Mark(configured: mark)
    let interface = parts.count > 1 ? parts[1] : "-"
    half.interfaceID =
      interface == "-" ? nil : Numbers.parse(interface).flatMap { UInt32(exactly: $0) }
    guard (mark == "-") == (half.mark == nil), (interface == "-") == (half.interfaceID == nil)
    else { throw unexpected("(MARK|IF-ID)") }
    return half
  }

  /// `local  10.1.0.0/24 192.0.2.1/32[tcp/443]`
  func traffic() throws(Inexpressible) -> [SwanctlChild.Traffic] {
    var traffic: [SwanctlChild.Traffic] = []
    for word in rest.split(separator: " ").dropFirst() {
      guard let one = Self.traffic(word) else {
        throw Inexpressible("its traffic is not told as PREFIX[PROTOCOL/PORT]")
      }
      traffic.append(one)
    }
    return traffic
  }

  /// `nil` for ranges of addresses and of ports, and for ports by a name that is not a usual one.
  private static func traffic(_ word: Substring) -> SwanctlChild.Traffic? {
    guard let prefix = IPPrefix(String(word.prefix { $0 != "[" })) else { return nil }
    var value = SwanctlChild.Traffic(prefix: prefix)
    guard word.contains("[") else { return value }
    let inside = word.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }
    let parts = inside.split(separator: "/", omittingEmptySubsequences: false)
    guard let proto = parts.first.flatMap({ Self.proto(String($0)) }), parts.count <= 2 else {
      return nil
    }
    value.proto = proto
    guard parts.count == 2 else { return value }
    value.port = proto == .icmp || proto == .icmpv6 ? icmp(parts[1]) : port(parts[1])
    return value.port == nil ? nil : value
  }

  /// `8` or `3(1)`, a type and its code, as they stand in the place of a port.
  private static func icmp(_ text: Substring) -> UInt16? {
    let parts = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
    guard let type = UInt8(parts[0]) else { return nil }
    guard parts.count == 2 else { return UInt16(type) << 8 }
    guard parts[1].last == ")", let code = UInt8(parts[1].dropLast()) else { return nil }
    return UInt16(type) << 8 | UInt16(code)
  }

  private static func proto(_ text: String) -> IPProtocol? {
    text == "ipv6-icmp" ? .icmpv6 : ProtocolNames.parse(text)
  }

  /// Some ports are told by name.
  private static func port(_ text: Substring) -> UInt16? {
    let names: [Substring: UInt16] = [
      "ssh": 22, "smtp": 25, "domain": 53, "http": 80, "ntp": 123, "snmp": 161, "bgp": 179,
      "https": 443, "isakmp": 500, "l2f": 1701, "l2tp": 1701, "ipsec-nat-t": 4500,
    ]
    return names[text] ?? UInt16(text)
  }
}

extension Substring {
  /// Without blanks around it.
  var trimmingBlanks: Substring {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
