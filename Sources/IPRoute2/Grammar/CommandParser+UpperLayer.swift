internal import Netlink
internal import XFRMKit

/// What a selector says of the headers behind IP's, as far as it does.
struct UpperLayer {
  var proto: IPProtocol?
  /// The port, or what stands in its place.
  var sourcePort: Selector.Port?
  var destinationPort: Selector.Port?
}

/// What was said, for what goes with which protocol.
private struct UpperWords: OptionSet {
  var rawValue: UInt8

  static let proto = UpperWords(rawValue: 1)
  static let sport = UpperWords(rawValue: 2)
  static let dport = UpperWords(rawValue: 4)
  static let type = UpperWords(rawValue: 8)
  static let code = UpperWords(rawValue: 16)
  static let key = UpperWords(rawValue: 32)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init?(_ word: String) {
    switch word {
    case "proto": self = .proto
    case "sport": self = .sport
    case "dport": self = .dport
    case "type": self = .type
    case "code": self = .code
    case "key": self = .key
    default: return nil
    }
  }
}

extension CommandParser {
  /// The run of `proto`, `sport`, `dport`, `type`, `code` and `key` that begins with the next word.
  mutating func upperLayer() throws(SyntaxError) -> UpperLayer {
    var upper = UpperLayer()
    var said: UpperWords = []
    while let word = take() {
      guard let this = UpperWords(word) else {
        putBack()
        break
      }
      // Of two iproute2 takes the last.
      guard said.insert(this).inserted || !isStrict else { throw duplicate(word) }
      switch this {
      case .proto: upper.proto = try selectedProtocol()
      case .sport: upper.sourcePort = try port(after: word)
      case .dport: upper.destinationPort = try port(after: word)
      case .type: upper.sourcePort = try octet(after: word)
      case .code: upper.destinationPort = try octet(after: word)
      default:
        let key = try greKey()
        upper.sourcePort = Selector.Port(UInt16(truncatingIfNeeded: key >> 16))
        upper.destinationPort = Selector.Port(UInt16(truncatingIfNeeded: key))
      }
    }
    if !said.isEmpty { try check(upper.proto ?? .any, goesWith: said) }
    return upper
  }

  /// The protocol inside that is the next argument.
  private mutating func selectedProtocol() throws(SyntaxError) -> IPProtocol {
    let word = try argument("a protocol")
    if word == "any" { return .any }
    if let number = context.protocolNumber(word) { return IPProtocol(rawValue: number) }
    guard let number = UInt8(cText: word.utf8Span.span, isStrict: isStrict) else {
      throw wrong("PROTO value is invalid", expected: "a protocol's name, or its number")
    }
    return IPProtocol(rawValue: number)
  }

  /// An ICMP type or code.
  private mutating func octet(after keyword: String) throws(SyntaxError) -> Selector.Port {
    Selector.Port(UInt16(try number(after: keyword, as: UInt8.self)))
  }

  private mutating func greKey() throws(SyntaxError) -> UInt32 {
    let word = try argument("a number or a dotted quad")
    let text = word.utf8Span.span
    if word.utf8.contains(UInt8(ascii: ".")) {
      guard case .v4(let bits) = IPAddress(cText: text, isStrict: isStrict) else {
        throw impossible(
          "Error: an IP address is expected rather than \"\(SyntaxError.shown(word))\"",
          at: next - 1, expected: "a dotted quad")
      }
      return bits
    }
    guard let key = UInt32(cText: text, isStrict: isStrict) else {
      throw SyntaxError(
        "value after \"key\" is invalid", exitStatus: 255, word: next - 1,
        expected: "a number or a dotted quad")
    }
    return key
  }

  private func check(
    _ proto: IPProtocol, goesWith said: UpperWords
  ) throws(SyntaxError) {
    if said.contains(.sport) || said.contains(.dport), !proto.hasPorts {
      throw mismatch("\"sport\" and \"dport\" are", proto)
    }
    if said.contains(.type) || said.contains(.code), !proto.hasTypes {
      throw mismatch("\"type\" and \"code\" are", proto)
    }
    if said.contains(.key), proto != .gre { throw mismatch("\"key\" is", proto) }
  }

  private func mismatch(_ what: String, _ proto: IPProtocol) -> SyntaxError {
    let name = context.protocolName(proto.rawValue) ?? "\(proto.rawValue)"
    return impossible("\(what) invalid with PROTO value \"\(name)\"")
  }
}

extension IPProtocol {
  fileprivate static var dccp: Self { Self(rawValue: 33) }
  fileprivate static var gre: Self { Self(rawValue: 47) }
  fileprivate static var sctp: Self { Self(rawValue: 132) }
  fileprivate static var mobilityHeader: Self { Self(rawValue: 135) }

  fileprivate var hasPorts: Bool {
    self == .any || self == .tcp || self == .udp || self == .sctp || self == .dccp
  }
  fileprivate var hasTypes: Bool {
    self == .icmp || self == .icmpv6 || self == .mobilityHeader
  }
}
