internal import Netlink
internal import XFRMKit

/// A run of `src`, `dst`, `proto` and `spi`, as far as they were said.
struct Identity {
  var source: IPPrefix?
  var destination: IPPrefix?
  var proto: IPProtocol?
  var spi: SPI?

  var family: AddressFamily? { (destination ?? source)?.family }
}

extension CommandParser {
  /// The run that begins with the next word.
  ///
  /// - Parameter isLoose: For lists: the protocol may be missing, and prefixes are meant.
  mutating func identity(isLoose: Bool = false) throws(SyntaxError) -> Identity {
    var identity = Identity()
    let start = next
    run: while let word = take() {
      switch word {
      case "src": identity.source = try endpoint(after: word, isLoose: isLoose)
      case "dst": identity.destination = try endpoint(after: word, isLoose: isLoose)
      case "proto": identity.proto = try ipsecProtocol()
      case "spi": identity.spi = SPI(rawValue: try number("SPI value is invalid"))
      default:
        putBack()
        break run
      }
    }
    // What fits nowhere else is taken for the beginning of an ID.
    if isNative, next == start, next < words.count, isNoKeyword(words[next]) {
      next += 1
      throw unknown()
    }
    try requireOneFamily(identity.source, identity.destination)
    try check(identity)
    if !isLoose, identity.proto ?? .any == .any { throw missing("XFRM-PROTO") }
    return identity
  }

  private mutating func endpoint(
    after keyword: String, isLoose: Bool
  ) throws(SyntaxError) -> IPPrefix {
    let prefix = try prefix(after: keyword)
    if isStrict, !isLoose, prefix.length < prefix.address.bitWidth, !prefix.address.isUnspecified {
      throw wrong("an SA has addresses, not prefixes", expected: "an address without a length")
    }
    return prefix
  }

  /// Two prefixes of one object.
  func requireOneFamily(_ source: IPPrefix?, _ destination: IPPrefix?) throws(SyntaxError) {
    guard let source, let destination, source.family != destination.family else { return }
    throw wrong(
      "the same address family is required between values after \"src\" and \"dst\"",
      expected: "addresses of one family")
  }

  private func check(_ identity: Identity) throws(SyntaxError) {
    guard let spi = identity.spi, spi != 0, let proto = identity.proto else { return }
    if proto.isMobility {
      throw impossible("\"spi\" is invalid with XFRM-PROTO value \"\(proto.keyword)\"")
    }
    if proto == .ipComp, spi.rawValue > 0xffff {
      throw impossible("SPI value is too large with XFRM-PROTO value \"\(proto.keyword)\"")
    }
  }

  /// The protocol of an SA that is the next argument. Numbers are refused.
  mutating func ipsecProtocol() throws(SyntaxError) -> IPProtocol {
    switch try argument("esp, ah or comp") {
    case "esp": .esp
    case "ah": .ah
    case "comp": .ipComp
    case "route2": .routing
    case "hao": .destinationOptions
    case "ipsec-any": .ipsec
    default:
      throw wrong("XFRM-PROTO value is invalid", expected: "one of esp, ah, comp, route2, hao")
    }
  }

  /// The mode that is the next argument; it may be abbreviated.
  mutating func mode() throws(SyntaxError) -> Mode {
    let word = try argument("a mode")
    for (name, mode) in Self.modes where word.abbreviates(name) {
      if mode != .iptfs || isNative { return mode }
    }
    let names = "one of transport, tunnel, beet, ro, in_trigger"
    throw wrong("MODE value is invalid", expected: isNative ? names + ", iptfs" : names)
  }

  static let modes: [(String, Mode)] = [
    ("transport", .transport), ("tunnel", .tunnel), ("ro", .routeOptimization),
    ("in_trigger", .inTrigger), ("beet", .beet), ("iptfs", .iptfs),
  ]

  /// The value behind `mark`, and its mask if `mask` follows.
  mutating func mark() throws(SyntaxError) -> Mark {
    let value: UInt32 = try number("MARK value is invalid")
    guard take("mask") else { return Mark(value) }
    return Mark(value, mask: try number("MASK value is invalid"))
  }

  /// An SA's direction.
  mutating func associationDirection() throws(SyntaxError) -> SecurityAssociation.Direction {
    switch try argument("in or out") {
    case "in": .incoming
    case "out": .outgoing
    default: throw wrong("DIR value is not \"in\" or \"out\"", expected: "in or out")
    }
  }

  /// The interface whose name is the next argument.
  mutating func interface(_ why: String) throws(SyntaxError) -> Int32 {
    let name = try argument("an interface")
    guard let index = context.interfaceIndex(name), index > 0 else {
      throw wrong(why, expected: "the name of an interface")
    }
    return index
  }
}

extension IPProtocol {
  /// Mobile IPv6: the type 2 routing header.
  static var routing: Self { Self(rawValue: 43) }
  /// Mobile IPv6: the home address option.
  static var destinationOptions: Self { Self(rawValue: 60) }

  var isMobility: Bool { self == .routing || self == .destinationOptions }
  var isIPsec: Bool { self == .esp || self == .ah || self == .ipComp }

  /// What an SA's protocol is called on a command line.
  var keyword: String { word.map { "\($0)" } ?? "\(rawValue)" }
}
