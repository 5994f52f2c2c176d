internal import XFRMKit

extension CommandParser {
  /// What stands behind `limit`.
  mutating func limit(of lifetime: inout Lifetime) throws(SyntaxError) {
    let keyword = try argument("a limit")
    switch keyword {
    case "time-soft": lifetime.soft.secondsFromAdd = try number(after: keyword)
    case "time-hard": lifetime.hard.secondsFromAdd = try number(after: keyword)
    case "time-use-soft": lifetime.soft.secondsFromUse = try number(after: keyword)
    case "time-use-hard": lifetime.hard.secondsFromUse = try number(after: keyword)
    case "byte-soft": lifetime.soft.bytes = try number(after: keyword)
    case "byte-hard": lifetime.hard.bytes = try number(after: keyword)
    case "packet-soft": lifetime.soft.packets = try number(after: keyword)
    case "packet-hard": lifetime.hard.packets = try number(after: keyword)
    default:
      throw wrong(
        "LIMIT value is invalid", expected: "one of time-, time-use-, byte-, packet-soft and -hard")
    }
  }

  /// The label that is the next argument.
  mutating func securityContext() throws(SyntaxError) -> SecurityContext {
    let label = try argument("a security context")
    guard label.utf8.count <= context.longestSecurityContext else {
      // iproute2 writes past its buffer here.
      throw SyntaxError(
        "Error: the security context is too long", exitStatus: 255, word: next - 1,
        expected: "at most \(context.longestSecurityContext) bytes")
    }
    // With the zero that ends it, as every tool sends it and the kernel gives it back.
    return SecurityContext(label: Array(label.utf8) + [0])
  }

  /// What ESP is wrapped in, behind `encap`.
  mutating func encapsulation() throws(SyntaxError) -> Encapsulation {
    let kind: Encapsulation.Kind
    switch try argument("espinudp or espintcp") {
    case "espinudp-nonike": kind = .espInUDPWithoutIKE
    case "espinudp": kind = .espInUDP
    case "espintcp": kind = .espInTCP
    default:
      throw wrong("ENCAP-TYPE value is invalid", expected: "espinudp or espintcp")
    }
    let source: UInt16 = try number("SPORT value after \"encap\" is invalid")
    let destination: UInt16 = try number("DPORT value after \"encap\" is invalid")
    var encapsulation = Encapsulation(kind, sourcePort: source, destinationPort: destination)
    let address = try address()
    if !address.isUnspecified { encapsulation.originalAddress = address }
    return encapsulation
  }
}

extension Encapsulation.Kind {
  /// An old draft; kernels have forgotten it.
  fileprivate static var espInUDPWithoutIKE: Self { Self(rawValue: 1) }
}
