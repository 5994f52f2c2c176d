/// What an object of the kernel's databases is called in configurations, plans and journals:
/// `berlin-paris/out`, `berlin-paris/in#5`.
public struct ObjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The connection or entry of the configuration that it comes from.
  public var entry: String
  /// Which of the entry's objects it is: `in`, `out`, `fwd`, `guard-out`.
  public var part: String
  /// Which generation of keys an SA has; `nil` for what has none.
  public var generation: UInt32?

  public init(_ entry: String, _ part: String, generation: UInt32? = nil) {
    self.entry = entry
    self.part = part
    self.generation = generation
  }

  /// What all generations of it have in common.
  var withoutGeneration: ObjectName { ObjectName(entry, part) }

  public var description: String {
    "\(entry)/\(part)" + (generation.map { "#\($0)" } ?? "")
  }

  public static func < (left: ObjectName, right: ObjectName) -> Bool {
    (left.entry, left.part, left.generation ?? 0)
      < (right.entry, right.part, right.generation ?? 0)
  }
}

extension ObjectName {
  /// Reads what ``description`` writes.
  public init?(_ text: String) {
    guard let slash = text.lastIndex(of: "/") else { return nil }
    let rest = text[text.index(after: slash)...]
    let words = rest.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard let part = words.first, !part.isEmpty, slash > text.startIndex else { return nil }
    var generation: UInt32?
    if words.count == 2 {
      guard let number = UInt32(words[1]) else { return nil }
      generation = number
    }
    self.init(String(text[..<slash]), String(part), generation: generation)
  }
}
