internal import Netlink

/// What IKE daemons, `ip`, modprobe and the kernel say where IPsec does not work, and what every
/// check is about.
public enum KnowledgeBase {
  /// Every entry, each with an `id` of its own.
  public static let all: [KnowledgeEntry] =
    charon + kernel + pluto + programs + errnos + checks

  /// Explains what somebody has at hand: the name of a check or of an entry, an error number by
  /// name or number, or a line of a log.
  /// - Returns: What it may be, the likeliest first; nothing if it is not known.
  public static func entries(explaining text: String) -> [KnowledgeEntry] {
    let text = String(text.trimmed)
    if let entry = all.first(where: { $0.id.lowercased() == text.lowercased() }) { return [entry] }
    if let entry = errno(text) { return [entry] }
    let recognised = entries(recognising: text)
    guard recognised.isEmpty else { return recognised }
    // Nobody's words that we know, but the error in it still says something.
    let line = LineText(text)
    return errnos.filter { entry in
      entry.errno.map { errno in
        ["\(errno)", errno.name, "errno \(errno.rawValue)"].contains {
          LinePattern($0).matches(line)
        }
      } ?? false
    }
  }

  /// Recognises a line of a log. The kernel's own words say more than what a daemon puts around
  /// them, and either more than a number.
  /// - Returns: What it may be, the likeliest first; nothing for a line that is of no concern.
  public static func entries(recognising line: String) -> [KnowledgeEntry] {
    let matches = index.matches(LineText(line)).map { (entry: all[$0.owner], weight: $0.weight) }
    let best = matches.map(\.entry.authority).max()
    return matches.filter { $0.entry.authority == best }.sorted { $0.weight > $1.weight }
      .map(\.entry)
  }

  private static let index = PatternIndex(all.map(\.patterns))

  /// `93`, `-93`, `(93)`, `errno 93` or the C library's words.
  private static func errno(_ text: String) -> KnowledgeEntry? {
    let words = text.lowercased().split { " :()-".contains($0) }
    let isNumber = words.count == 1 || words.count == 2 && ["errno", "error"].contains(words[0])
    let number = isNumber ? words.last.flatMap { Int32($0) } : nil
    return errnos.first { entry in
      guard let errno = entry.errno else { return false }
      return errno.rawValue == number || "\(errno)".lowercased() == text.lowercased()
    }
  }
}
