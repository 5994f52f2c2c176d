/// Text in the language of man(7).
enum Roff {
  /// Prose, in lines of a decent length.
  static func prose(_ text: String) -> String {
    var lines = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      if lines[lines.count - 1].count + word.count > 72 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map { guarded(escaped($0)) }.joined(separator: "\n")
  }

  /// What is typed as it stands: its hyphens and quotes are those of the keyboard.
  static func literal(_ text: String) -> String {
    escaped(text)
      .replacing("-", with: #"\-"#).replacing("'", with: #"\(aq"#)
      .replacing("`", with: #"\(ga"#).replacing("^", with: #"\(ha"#).replacing("~", with: #"\(ti"#)
  }

  static func bold(_ text: String) -> String { #"\fB"# + literal(text) + #"\fR"# }

  static func italic(_ text: String) -> String { #"\fI"# + literal(text) + #"\fR"# }

  /// Lines that stay as they are.
  static func block(_ lines: [String]) -> String {
    ([".EX"] + lines.map { guarded(literal(aligned($0))) } + [".EE"]).joined(separator: "\n")
  }

  /// Three dots take the room of one character and of blanks behind it.
  private static func aligned(_ line: String) -> String { line.replacing("…  ", with: "...") }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: #"\e"#).replacing("…", with: "...")
      .replacing("“", with: #"\(lq"#).replacing("”", with: #"\(rq"#)
      .replacing("→", with: #"\(->"#).replacing("’", with: #"\(cq"#)
  }

  /// A line that begins with one of these is a request.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
  }
}
