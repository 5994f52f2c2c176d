internal import Glibc
internal import Netlink

/// Goes through the options of `ip`. Each may be abbreviated and have one hyphen or two; the first
/// that fits is meant.
struct OptionReader {
  let words: [String]
  var options = IPOptions()
  private var next = 0

  init(_ words: [String]) { self.words = words }

  mutating func request() throws(SyntaxError) -> IPInvocation.Request {
    while next < words.count, words[next].hasPrefix("-") {
      let word = words[next]
      next += 1
      if word == "--" { break }
      let option = word.hasPrefix("--") ? String(word.dropFirst()) : word
      guard let name = Self.names.first(where: { Self.fits(option, $0) }) else {
        throw SyntaxError(
          "Option \"\(option)\" is unknown, try \"ip -help\".", exitStatus: 255, word: next - 1,
          expected: "an option of ip")
      }
      if name == "-Version" { return .version }
      if name == "-help" { return .other }
      try take(name)
    }
    if options.batchFile != nil { return .batch }
    guard next < words.count, words[next].abbreviates("xfrm") else { return .other }
    if ![.unspecified, .ipv4, .ipv6].contains(options.family) {
      throw SyntaxError(
        "Error: xfrm has no addresses of this family", exitStatus: 255, word: next - 1,
        expected: "-4 or -6")
    }
    return .xfrm(from: next + 1)
  }

  private mutating func take(_ name: String) throws(SyntaxError) {
    switch name {
    case "-family": options.family = try family()
    case "-4": options.family = .ipv4
    case "-6": options.family = .ipv6
    case "-0": options.family = .packet
    case "-M": options.family = .mpls
    case "-B": options.family = .bridge
    case "-stats", "-statistics": options.statistics += 1
    case "-oneline": options.isOneLine = true
    case "-timestamp": options.timestamp = options.timestamp ?? .long
    case "-tshort": options.timestamp = .short
    case "-force": options.isForced = true
    case "-batch": options.batchFile = try argument("a file of commands")
    case "-json": options.wantsJSON = true
    case "-rcvbuf": options.receiveBuffer = try receiveBuffer()
    case "-netns": options.namespace = try argument("a network namespace")
    case "-loops": _ = try argument("a number")
    default: break
    }
  }

  private mutating func argument(_ expected: String) throws(SyntaxError) -> String {
    guard next < words.count else {
      throw SyntaxError(
        "Command line is not complete. Try option \"help\"", exitStatus: 255, word: next,
        expected: expected)
    }
    next += 1
    return words[next - 1]
  }

  private mutating func family() throws(SyntaxError) -> AddressFamily {
    let name = try argument("a family")
    switch name {
    case "inet": return .ipv4
    case "inet6": return .ipv6
    case "link": return .packet
    case "mpls": return .mpls
    case "bridge": return .bridge
    default:
      throw SyntaxError(
        "Error: argument \"\(name)\" is wrong: invalid protocol family", exitStatus: 255,
        word: next - 1, expected: "inet or inet6")
    }
  }

  private mutating func receiveBuffer() throws(SyntaxError) -> UInt32 {
    let word = try argument("a number of bytes")
    guard let bytes = UInt32(cText: word.utf8Span.span, isStrict: false) else {
      throw SyntaxError(
        "Invalid rcvbuf size '\(word)'", exitStatus: 255, word: next - 1,
        expected: "a number of bytes")
    }
    return bytes
  }

  // In iproute2's order, which is what abbreviations mean.
  private static let names = [
    "-loops", "-family", "-4", "-6", "-0", "-M", "-B", "-human", "-human-readable", "-iec",
    "-stats", "-statistics", "-details", "-resolve", "-oneline", "-timestamp", "-tshort",
    "-Version", "-force", "-batch", "-brief", "-json", "-pretty", "-rcvbuf", "-color", "-help",
    "-netns", "-Numeric", "-all", "-echo",
  ]

  private static func fits(_ option: String, _ name: String) -> Bool {
    switch name {
    case "-4", "-6", "-0", "-M", "-B", "-echo": option == name
    case "-color":
      option.abbreviates(name) && option.utf8.count > 1
        || ["always", "auto", "never"].contains {
          option == "\(name)=\($0)" || option == "-c=\($0)"
        }
    default: option.abbreviates(name) && option.utf8.count > 1
    }
  }
}

extension AddressFamily {
  fileprivate static var packet: Self { Self(rawValue: UInt16(AF_PACKET)) }
  fileprivate static var mpls: Self { Self(rawValue: UInt16(AF_MPLS)) }
  fileprivate static var bridge: Self { Self(rawValue: UInt16(AF_BRIDGE)) }
}
