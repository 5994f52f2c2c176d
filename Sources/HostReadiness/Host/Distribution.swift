/// The distribution that the host's files come from: `/etc/os-release`.
public struct Distribution: Hashable, Sendable {
  /// `ID`: `debian`
  public var id: String
  /// `VERSION_ID`: `12`. Rolling distributions have none.
  public var version: String?
  /// `PRETTY_NAME`: `Debian GNU/Linux 12 (bookworm)`
  public var name: String
  /// `ID_LIKE`: what it is derived from, the nearest first.
  public var relatives: [String]
}

extension Distribution: CustomStringConvertible {
  /// `debian 12`
  public var description: String { version.map { "\(id) \($0)" } ?? id }
}

extension Distribution {
  init?(_ tree: FileTree) throws(FileError) {
    for file in ["/etc/os-release", "/usr/lib/os-release"] {
      guard let text = try tree.text(file) else { continue }
      self.init(text)
      return
    }
    return nil
  }

  init(_ text: String) {
    var fields: [Substring: String] = [:]
    for line in text.lines {
      let parts = line.trimmed.split(separator: "=", maxSplits: 1)
      if parts.count == 2, !parts[0].hasPrefix("#") { fields[parts[0]] = Self.unquoted(parts[1]) }
    }
    id = fields["ID"] ?? "linux"
    version = fields["VERSION_ID"]
    name = fields["PRETTY_NAME"] ?? "Linux"
    relatives = fields["ID_LIKE", default: ""].words.map(String.init)
  }

  /// A shell's word: quotes of either kind, a backslash before what would be special.
  private static func unquoted(_ value: Substring) -> String {
    var inner = value
    if let quote = inner.first, quote == "\"" || quote == "'", inner.last == quote, inner.count > 1
    {
      inner = inner.dropFirst().dropLast()
    }
    var text = ""
    var escaped = false
    for character in inner {
      if character == "\\", !escaped {
        escaped = true
      } else {
        text.append(character)
        escaped = false
      }
    }
    return text
  }
}
