internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What `policy get` and `policy delete` say.
  mutating func policyKey() throws(SyntaxError) -> PolicyKey {
    var key = PolicyKey(.any(.ipv4), direction: .incoming)
    var selector: SelectorWords?
    var (hasDirection, hasIndex, hasKind) = (false, false, false)
    let family = preferredFamily
    while let word = take() {
      switch word {
      case "dir":
        guard !hasDirection else { throw duplicate(word) }
        hasDirection = true
        key.direction = try policyDirection()
      case "ctx":
        guard key.securityContext == nil else { throw duplicate(word) }
        key.securityContext = try securityContext()
      case "mark":
        let mark = try mark()
        key.mark = isSent(mark) ? masked(mark) : nil
      case "index":
        guard !hasIndex else { throw duplicate(word) }
        hasIndex = true
        key.index = try number("INDEX value is invalid")
      case "ptype":
        guard !hasKind else { throw duplicate(word) }
        hasKind = true
        key.kind = try policyKind()
      case "if_id": key.interfaceID = try number("IF_ID value is invalid")
      default:
        selector = try onlySelector(selector == nil) { $0.unknown() }
      }
    }
    guard hasDirection else {
      throw impossible("Not enough information: DIR is required.", expected: "dir in, out or fwd")
    }
    guard selector != nil || hasIndex else {
      throw impossible("Not enough information: either SELECTOR or INDEX is required.")
    }
    if selector != nil, hasIndex {
      throw SyntaxError(
        "Error: either \"SELECTOR\" is duplicate, or \"INDEX\" is garbage.", exitStatus: 255)
    }
    key.selector = selector?.policySelector(family) ?? .any(.ipv4)
    return key
  }

  /// The kernel masks the values of policies' marks, but not of those that it is asked for.
  private func masked(_ mark: Mark) -> Mark {
    isNative ? Mark(mark.value & mark.mask, mask: mark.mask) : mark
  }

  /// What `policy list` and `policy deleteall` say.
  mutating func policyQuery() throws(SyntaxError) -> PolicyQuery {
    var query = PolicyQuery()
    query.comparesLengths = isNative
    var selector: SelectorWords?
    while let word = take() {
      switch word {
      case "dir": query.direction = try policyDirection()
      case "index": query.index = try number("INDEX value is invalid")
      case "ptype":
        guard !isStrict || query.kind == nil else { throw duplicate(word) }
        query.kind = try policyKind()
      case "action": query.action = try policyAction()
      case "priority": query.priority = try number("PRIORITY value is invalid")
      case "flag": query.flags = try policyFlags(query.flags ?? [])
      case "nosock": query.leavesOutSockets = true
      case "reqid" where isNative: query.requestID = try number("REQID value is invalid")
      case "mark" where isNative: query.mark = try mark()
      case "if_id" where isNative: query.interfaceID = try number("IF_ID value is invalid")
      default:
        let words = try onlySelector(selector == nil) { $0.unknown() }
        selector = words
        query.take(words)
      }
    }
    query.family = preferredFamily
    return query
  }

  /// What `policy flush` says.
  mutating func flushedKind() throws(SyntaxError) -> Policy.Kind {
    var kind: Policy.Kind?
    while let word = take() {
      guard word == "ptype" else { throw unknown() }
      guard kind == nil else { throw duplicate(word) }
      kind = try policyKind()
    }
    return kind ?? .main
  }
}

extension PolicyQuery {
  fileprivate mutating func take(_ words: SelectorWords) {
    source = words.source
    destination = words.destination
    proto = words.upper.proto
    sourcePort = words.upper.sourcePort
    destinationPort = words.upper.destinationPort
    interfaceIndex = words.interfaceIndex
    user = words.user
  }
}
