internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What `policy add` and `policy update` say: the rest of the words, in any order.
  mutating func policy() throws(SyntaxError) -> Policy {
    let family = preferredFamily
    var policy = Policy(.unrestricted, direction: .incoming)
    var selector: SelectorWords?
    var once = OnceWords()
    while let word = take() {
      switch word {
      case "dir":
        guard !once.direction else { throw duplicate(word) }
        once.direction = true
        policy.direction = try policyDirection()
      case "tmpl": policy.templates.append(try template(after: policy.templates.count))
      case "priority": policy.priority = try number("PRIORITY value is invalid")
      case "action": policy.action = try policyAction()
      case "mark":
        let mark = try mark()
        policy.mark = mark.mask == 0 ? nil : mark
      case "if_id": policy.interfaceID = try number("IF_ID value is invalid")
      case "index": policy.index = try number("INDEX value is invalid")
      case "ptype":
        guard !once.kind else { throw duplicate(word) }
        once.kind = true
        policy.kind = try policyKind()
      case "flag": policy.flags = try policyFlags(policy.flags)
      case "limit": try limit(of: &policy.lifetime)
      case "ctx":
        guard policy.securityContext == nil else { throw duplicate(word) }
        policy.securityContext = try securityContext()
      case "offload": policy.offload = try policyOffload()
      case "share" where isNative: policy.share = try share()
      default:
        selector = try onlySelector(selector == nil) {
          $0.isNative ? $0.unknown() : $0.duplicate("unknown")
        }
      }
    }
    guard once.direction else {
      throw impossible("Not enough information: DIR is required.", expected: "dir in, out or fwd")
    }
    policy.selector = (selector ?? SelectorWords()).policySelector(family)
    return policy
  }

  /// What may be said once and has no other trace.
  private struct OnceWords {
    var direction = false
    var kind = false
  }

  /// A policy's direction.
  mutating func policyDirection() throws(SyntaxError) -> Policy.Direction {
    switch try argument("in, out or fwd") {
    case "in": .incoming
    case "out": .outgoing
    case "fwd": .forwarded
    default: throw wrong("DIR value is invalid", expected: "in, out or fwd")
    }
  }

  /// Main or sub.
  mutating func policyKind() throws(SyntaxError) -> Policy.Kind {
    switch try argument("main or sub") {
    case "main": .main
    case "sub": .sub
    default: throw wrong("PTYPE value is invalid", expected: "main or sub")
    }
  }

  /// What becomes of packets.
  mutating func policyAction() throws(SyntaxError) -> Policy.Action {
    switch try argument("allow or block") {
    case "allow": .allow
    case "block": .block
    default: throw wrong("ACTION value is invalid", expected: "allow or block")
    }
  }

  /// Who may use an SA, as PF_KEY thinks of it.
  mutating func share() throws(SyntaxError) -> UInt8 {
    let names = ["any", "session", "user", "unique"]
    let word = try argument("a share")
    guard let share = names.firstIndex(of: word) else {
      throw wrong("SHARE value is invalid", expected: "one of any, session, user, unique")
    }
    return UInt8(share)
  }
}

extension SelectorWords {
  /// A policy's selector has a family: its addresses', else the option's, else IPv4.
  func policySelector(_ preferred: AddressFamily) -> Selector {
    selector(family ?? (preferred == .unspecified ? .ipv4 : preferred))
  }
}
