/// A plugin of charon's: whether it is there, and whether it is to be loaded.
struct Plugin: Hashable, Sendable {
  var name: String
  /// Where its code is.
  var library: String?
  /// What says whether it is to be loaded, and what it says.
  var setting: Setting?

  struct Setting: Hashable, Sendable {
    var file: String
    /// `yes`, `no`, or a number, which means yes and how early.
    var value: String

    var isOn: Bool { !["no", "0", "false", "disabled"].contains(value.lowercased()) }
  }
}

extension Plugin {
  private static let libraries = [
    "/usr/lib/ipsec/plugins", "/usr/lib64/strongswan/plugins", "/usr/lib64/ipsec/plugins",
    "/usr/lib/strongswan/plugins", "/usr/local/lib/ipsec/plugins",
  ]
  private static let settings = ["/etc", "/etc/strongswan", "/usr/local/etc"]

  init(_ name: String, _ tree: FileTree) throws(FileError) {
    self.name = name
    library = Self.libraries.map { "\($0)/libstrongswan-\(name).so" }.first(where: tree.exists)
    for directory in Self.settings {
      // The settings of all programs come after the plugin's own file and say more.
      for file in ["\(directory)/strongswan.conf", "\(directory)/strongswan.d/charon/\(name).conf"]
      {
        guard let text = try tree.text(file), let value = Self.load(name, in: text) else {
          continue
        }
        setting = Setting(file: file, value: value)
        return
      }
    }
  }

  /// The value of `load` in the plugin's section.
  private static func load(_ name: String, in text: String) -> String? {
    var sections: [Substring] = []
    var pending: Substring = ""
    for line in text.lines {
      let code = line.prefix { $0 != "#" }
      for part in code.splitKeepingBraces {
        switch part {
        case "{":
          sections.append(pending)
          pending = ""
        case "}":
          _ = sections.popLast()
          pending = ""
        default:
          let words = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
          if sections.last == name[...], words.count == 2, words[0] == "load" {
            return String(words[1])
          }
          if !part.trimmed.isEmpty { pending = part.trimmed }
        }
      }
    }
    return nil
  }
}

extension Substring {
  /// `a { b` as `a `, `{` and ` b`.
  fileprivate var splitKeepingBraces: [Substring] {
    var parts: [Substring] = []
    var rest = self
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      parts += [rest[..<brace], rest[brace...brace]]
      rest = rest[rest.index(after: brace)...]
    }
    return parts + [rest]
  }
}
