internal import Netlink
internal import XFRMKit

/// A run of `src`, `dst`, `dev` and what is said of upper layers, as far as they were said.
struct SelectorWords {
  var source: IPPrefix?
  var destination: IPPrefix?
  var interfaceIndex: Int32?
  var user: UInt32?
  var upper = UpperLayer()
  /// Whether anything was said.
  var isEmpty = true

  var family: AddressFamily? { (destination ?? source)?.family }

  /// The selector of that family, or without one where the kernel fills it in.
  func selector(_ family: AddressFamily) -> Selector {
    var selector = Selector(
      from: source ?? .any(family), to: destination ?? .any(family), proto: upper.proto ?? .any)
    selector.family = family
    selector.sourcePort = upper.sourcePort ?? .any
    selector.destinationPort = upper.destinationPort ?? .any
    selector.interfaceIndex = interfaceIndex ?? 0
    selector.user = user ?? 0
    return selector
  }
}

extension CommandParser {
  /// The run that begins with the next word. In it, what is said of upper layers is one run, too.
  mutating func selector() throws(SyntaxError) -> SelectorWords {
    var selector = SelectorWords()
    var hasUpperLayer = false
    let start = next
    run: while let word = take() {
      switch word {
      case "src": selector.source = try prefix(after: word)
      case "dst": selector.destination = try prefix(after: word)
      case "dev":
        selector.interfaceIndex = take("none") ? 0 : try interface("DEV value is invalid")
      case "uid" where isNative: selector.user = try number("UID value is invalid")
      default:
        putBack()
        guard !hasUpperLayer else { break run }
        hasUpperLayer = true
        let before = next
        selector.upper = try upperLayer()
        guard next > before else { break run }
      }
    }
    try requireOneFamily(selector.source, selector.destination)
    selector.isEmpty = next == start
    return selector
  }

  /// A selector of which there may be one, where no other keyword fits.
  ///
  /// - Parameter isFirst: Whether there was none before.
  /// - Parameter repeated: The error if there was, or if the word begins none.
  mutating func onlySelector(
    _ isFirst: Bool, repeated: (borrowing CommandParser) -> SyntaxError
  ) throws(SyntaxError) -> SelectorWords {
    guard isFirst else { throw repeated(self) }
    putBack()
    let selector = try selector()
    if selector.isEmpty {
      next += 1
      throw repeated(self)
    }
    if preferredFamily == .unspecified, let family = selector.family { preferredFamily = family }
    return selector
  }
}
