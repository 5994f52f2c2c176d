internal import XFRMKit

/// Protocols that traffic is selected by.
enum ProtocolNames {
  private static let numbers: [(name: String, number: UInt8)] = [
    ("icmp", 1), ("tcp", 6), ("udp", 17), ("dccp", 33), ("gre", 47), ("esp", 50), ("ah", 51),
    ("icmpv6", 58), ("ospf", 89), ("ipip", 4), ("ipv6", 41), ("sctp", 132), ("udplite", 136),
  ]

  static let all = numbers.map(\.name)

  /// Reads a name, a number, or `any`, which RFC 9061 also has as 256.
  static func parse(_ text: String) -> IPProtocol? {
    if text == "any" { return .any }
    if let known = numbers.first(where: { $0.name == text }) {
      return IPProtocol(rawValue: known.number)
    }
    guard let number = Numbers.parse(text), number <= 256 else { return nil }
    return IPProtocol(rawValue: UInt8(truncatingIfNeeded: number))
  }

  static func name(_ proto: IPProtocol) -> String {
    if proto == .any { return "any" }
    return numbers.first { $0.number == proto.rawValue }?.name ?? "\(proto.rawValue)"
  }

  /// Whether it has ports, or what stands in their place.
  static func hasPorts(_ proto: IPProtocol) -> Bool {
    [6, 17, 33, 132, 136].contains(proto.rawValue)
  }
}
