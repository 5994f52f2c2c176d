internal import XFRMKit

extension CommandParser {
  /// What `policy set` says.
  mutating func hashThresholds() throws(SyntaxError) -> PolicyCommand {
    var ipv4: SPDInfo.HashThreshold?
    var ipv6: SPDInfo.HashThreshold?
    while let word = take() {
      switch word {
      case "hthresh4":
        guard ipv4 == nil else { throw duplicate(word) }
        ipv4 = try hashThreshold(word, most: 32)
      case "hthresh6":
        guard ipv6 == nil else { throw duplicate(word) }
        ipv6 = try hashThreshold(word, most: 128)
      default: throw unknown()
      }
    }
    return .setHashThresholds(ipv4: ipv4, ipv6: ipv6)
  }

  private mutating func hashThreshold(
    _ keyword: String, most: UInt8
  ) throws(SyntaxError) -> SPDInfo.HashThreshold {
    let local = try number("\(keyword) LBITS value is invalid", in: 0...most)
    let remote = try number("\(keyword) RBITS value is invalid", in: 0...most)
    return SPDInfo.HashThreshold(local: local, remote: remote)
  }

  /// What `policy setdefault` says.
  mutating func defaultActions() throws(SyntaxError) -> DefaultActions {
    var actions = DefaultActions()
    while let word = take() {
      switch word {
      case "in": try defaultAction(word, &actions.incoming)
      case "fwd": try defaultAction(word, &actions.forwarded)
      case "out": try defaultAction(word, &actions.outgoing)
      default: throw wrong("unknown direction", expected: "in, fwd or out")
      }
    }
    return actions
  }

  private mutating func defaultAction(
    _ direction: String, _ action: inout DefaultActions.Action
  ) throws(SyntaxError) {
    guard action == .unchanged else { throw duplicate(direction) }
    switch try argument("block or accept") {
    case "block": action = .block
    case "accept", "allow": action = .accept
    default:
      throw wrong("\(direction) policy value is invalid", expected: "block or accept")
    }
  }
}
