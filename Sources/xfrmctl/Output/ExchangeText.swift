import XFRMConfig

/// A configuration that was made of something else, with what was left behind in comments.
struct ExchangeText {
  let text: String

  init(_ exchange: Exchange, from source: String) {
    var lines = ["# Made of \(source). It has no keys: they are in files, or still to be made."]
    for (waiver, names) in exchange.waived {
      let reason =
        waiver == "no-anti-replay"
        ? "accept replayed packets"
        : "have keys that must not be installed twice; give them fresh ones, and new SPIs"
      lines += Self.wrapped("By waiver: \(names.joined(separator: ", ")) \(reason).", prefix: "# ")
    }
    lines += Self.list(exchange.losses, prefix: "# ")
    text = lines.joined(separator: "\n") + "\n" + YAMLWriter.text(exchange.tree)
  }

  /// What was left behind, in lines of 80 columns where names allow.
  static func list(_ losses: [Exchange.Loss], prefix: String) -> [String] {
    [(true, "Not taken over:"), (false, "Taken over without:")].flatMap { isWhole, title in
      let some = losses.filter { $0.isWhole == isWhole }
      guard !some.isEmpty else { return [String]() }
      return [prefix + title]
        + some.flatMap { wrapped("\($0.object): \($0.explanation)", prefix: prefix + "  ") }
    }
  }

  private static func wrapped(_ text: String, prefix: String) -> [String] {
    Text.wrap(text, width: 78 - prefix.count).enumerated().map {
      prefix + ($0.offset == 0 ? "" : "  ") + $0.element
    }
  }
}
