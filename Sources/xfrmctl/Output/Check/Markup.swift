/// Text made fit for languages in which some characters mean something.
enum Markup {
  /// For HTML and XML, between tags and in quoted attributes. What XML has no place for at all is
  /// replaced.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default: escaped.unicodeScalars.append(scalar.isPrintable ? scalar : "\u{fffd}")
      }
    }
    return escaped
  }

  /// For Markdown, cells of tables included: one line in which nothing has a meaning.
  static func markdown(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t", "\r": escaped += " "
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "&", "#", "!", "$":
        escaped += "\\"
        escaped.unicodeScalars.append(scalar)
      // What would make a mention of somebody, or a link.
      case "@": escaped += "&#64;"
      default: escaped.unicodeScalars.append(scalar.isPrintable ? scalar : "\u{fffd}")
      }
    }
    return escaped
  }

  /// For Markdown, as it is typed: behind more backticks than are in it.
  static func markdownCode(_ text: String) -> String {
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.isPrintable ? $0 : " " }))
    let longest = line.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    let pad = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
    return fence + pad + line + pad + fence
  }
}

extension Unicode.Scalar {
  /// Whether it shows, and neither commands a terminal nor turns the direction of what follows.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }
}
