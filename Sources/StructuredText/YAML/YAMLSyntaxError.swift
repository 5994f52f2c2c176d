/// A text that is no YAML.
struct YAMLSyntaxError: Error {
  var message: String
  var span: SourceSpan
}

extension YAMLSyntaxError {
  /// What to do about the usual mistakes.
  var help: String? {
    Self.hints.first { message.contains($0.part) }?.help
  }

  private static let hints: [(part: String, help: String)] = [
    (
      "cannot start any token",
      "indent with blanks and not with tabs; values that begin with “@” or “%” need quotation marks"
    ),
    (
      "mapping values are not allowed",
      "look at the indentation; values with “: ” in them need quotation marks"
    ),
    ("did not find expected key", "look at the indentation of this line and of those before"),
    ("while scanning a quoted scalar", "a quotation mark is missing"),
    ("while parsing a flow", "a comma, a bracket or a brace is missing"),
    ("escape character", "behind a backslash; in single quotation marks there are no escapes"),
    ("could not find expected ':'", "a colon and a blank stand behind a key"),
  ]
}
