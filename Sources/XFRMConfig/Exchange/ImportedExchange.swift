/// What became of reading what another program has.
public struct ImportedExchange: Sendable {
  /// `nil` if there is an error.
  public internal(set) var exchange: Exchange?
  /// Errors, by place.
  public internal(set) var diagnostics: [Diagnostic]
  /// Errors beyond those that are told of.
  public internal(set) var omittedErrors: Int
  /// The text that was read, by its name, if it may be shown: one that has keys may not.
  public internal(set) var sources: [String: String]

  /// - Parameters:
  ///   - exchange: What was read; of no use if there is an error.
  ///   - shown: The text, if it has no keys.
  init(
    _ exchange: Exchange, _ diagnostics: Diagnostics, of file: String, shown: [UInt8]? = nil
  ) {
    self.exchange = diagnostics.hasErrors ? nil : exchange
    self.diagnostics = diagnostics.sorted(by: [file])
    omittedErrors = diagnostics.omittedErrors
    sources = shown.map { [file: String(decoding: $0, as: UTF8.self)] } ?? [:]
  }
}
