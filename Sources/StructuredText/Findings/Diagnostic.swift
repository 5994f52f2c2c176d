/// Something that is wrong with a configuration, or that somebody should know of it.
public struct Diagnostic: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Hashable, Sendable {
    /// The configuration is not used.
    case error
    /// It is used all the same.
    case warning
  }

  /// How grave it is.
  public var severity: Severity
  /// What it is about.
  public var span: SourceSpan
  /// What is wrong, with the value, unless that may be a key.
  public var message: String
  /// What is allowed, or what to do; `nil` if the message says it all.
  public var help: String?
  /// Whether what stands there may be a key, and is not to be shown.
  public var isSecret = false

  /// A finding at a place of a file.
  public init(
    _ severity: Severity, _ span: SourceSpan, _ message: String, help: String? = nil
  ) {
    self.severity = severity
    self.span = span
    self.message = message
    self.help = help
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `site.yaml:12:3: error: “10.1.0.0/33” is no prefix`
  public var description: String { "\(span): \(severity.rawValue): \(message)" }
}

/// What was found in the files that are read so far.
package struct Diagnostics {
  /// So many errors are told of; whoever has more begins with these.
  package static let mostErrors = 50

  package private(set) var all: [Diagnostic] = []
  /// Errors that are not told of.
  package private(set) var omittedErrors = 0
  package private(set) var errorCount = 0

  package init() {}

  package var hasErrors: Bool { errorCount > 0 }

  /// - Parameter isSecret: Whether what stands there may be a key.
  package mutating func error(
    _ span: SourceSpan, _ message: String, help: String? = nil, isSecret: Bool = false
  ) {
    errorCount += 1
    guard errorCount <= Self.mostErrors else {
      omittedErrors += 1
      return
    }
    var diagnostic = Diagnostic(.error, span, message, help: help)
    diagnostic.isSecret = isSecret
    all.append(diagnostic)
  }

  package mutating func warning(_ span: SourceSpan, _ message: String, help: String? = nil) {
    all.append(Diagnostic(.warning, span, message, help: help))
  }

  /// By place, the files in the order in which they were read.
  package func sorted(by files: [String]) -> [Diagnostic] {
    let order = Dictionary(
      files.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return all.enumerated().sorted { left, right in
      let (one, other) = (left.element.span, right.element.span)
      return (order[one.file] ?? 0, one.start.index, left.offset)
        < (order[other.file] ?? 0, other.start.index, right.offset)
    }.map(\.element)
  }
}
