/// Something that an SA or a policy must be, or had better be.
public struct Rule: Hashable, Sendable, Identifiable, CustomStringConvertible {
  /// What comes of breaking a rule; the worst is the greatest.
  public enum Severity: Hashable, Sendable, Comparable {
    /// It works, but probably not as meant.
    case questionable
    /// The kernel takes it, and somebody gets hurt: packets in clear, forged, replayed or lost.
    case dangerous
    /// The kernel refuses it.
    case refused
  }

  /// Lasting: `S6.legacy-window`. S is for SAs, P for policies, T for templates, and then the kernel's
  /// order; D for what the kernel does not look at.
  public let id: String
  /// What comes of breaking it.
  public let severity: Severity
  /// What holds.
  public let statement: String
  /// What to do.
  public let remedy: String
  /// What the kernel answers, if it refuses.
  public let errno: SystemErrno?
  /// A part of the kernel's explanation; `nil` if it gives none. Wordings change between versions.
  let words: String?
  /// Whether only the kernel can know, so that its words are all there is to go by.
  var isKernelOnly = false

  public var description: String { id }
}

/// That a rule is broken.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// The rule that is broken.
  public let rule: Rule
  /// Which part of the object it is about, if it has several: `template 2`.
  public let part: String?
  /// What was found there: `this one has 16`.
  public let detail: String?

  /// `S16.key: AES-GCM keys are 20, 28 or 36 bytes including the 4-byte salt; this one has 16`
  public var description: String { "\(rule.id): \(explanation)" }

  /// The same without the rule's name.
  public var explanation: String {
    (part.map { "\($0): " } ?? "") + rule.statement + (detail.map { "; \($0)" } ?? "")
  }
}

/// A rule, and how to see whether an object breaks it.
struct RuleCheck<Object>: Sendable {
  let rule: Rule
  /// What is wrong: `nil` for nothing, an empty text if the rule says it all.
  let breach: @Sendable (Object) -> String?

  /// What the kernel refuses.
  static func refused(
    _ id: String, _ words: String?, errno: SystemErrno = .invalidArgument, _ statement: String,
    fix: String, _ breach: @escaping @Sendable (Object) -> String?
  ) -> Self {
    let rule = Rule(
      id: id, severity: .refused, statement: statement, remedy: fix, errno: errno, words: words)
    return RuleCheck(rule: rule, breach: breach)
  }

  static func refused(
    _ id: String, _ words: String?, errno: SystemErrno = .invalidArgument, _ statement: String,
    fix: String, if isBroken: @escaping @Sendable (Object) -> Bool
  ) -> Self {
    refused(id, words, errno: errno, statement, fix: fix) { isBroken($0) ? "" : nil }
  }

  /// What the kernel refuses and nobody else can know: found by the kernel's words only.
  static func kernelOnly(
    _ id: String, _ words: String, errno: SystemErrno = .invalidArgument, _ statement: String,
    fix: String
  ) -> Self {
    var rule = Rule(
      id: id, severity: .refused, statement: statement, remedy: fix, errno: errno, words: words)
    rule.isKernelOnly = true
    return RuleCheck(rule: rule) { _ in nil }
  }

  /// What the kernel does not look at.
  static func advice(
    _ severity: Rule.Severity, _ id: String, _ statement: String, fix: String,
    _ breach: @escaping @Sendable (Object) -> String?
  ) -> Self {
    let rule = Rule(
      id: id, severity: severity, statement: statement, remedy: fix, errno: nil, words: nil)
    return RuleCheck(rule: rule, breach: breach)
  }

  static func advice(
    _ severity: Rule.Severity, _ id: String, _ statement: String, fix: String,
    if isBroken: @escaping @Sendable (Object) -> Bool
  ) -> Self {
    advice(severity, id, statement, fix: fix) { isBroken($0) ? "" : nil }
  }

  func finding(_ object: Object, part: String? = nil) -> Finding? {
    breach(object).map { Finding(rule: rule, part: part, detail: $0.isEmpty ? nil : $0) }
  }
}
