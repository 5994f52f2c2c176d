/// Holds a file's values against their shapes.
///
/// What does not fit is told of and left out, so that what remains can be read without looking for
/// such errors again.
package struct ShapeChecker {
  package var diagnostics: Diagnostics

  package init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// What of a value fits; `nil` if nothing does.
  ///
  /// - Parameter name: What it is the value of, for messages.
  package mutating func fitting(_ node: YAMLNode, _ shape: Shape, of name: String) -> YAMLNode? {
    if node.isUnusable { return nil }
    guard !node.isNull else {
      diagnostics.error(node.span, "“\(name)” has no value", help: Self.allowed(shape))
      return nil
    }
    switch shape {
    case .lexeme(let lexeme): return fitting(node, lexeme, of: name)
    case .flag:
      return fitting(node, words: ["true", "false"], isPlain: true, of: name)
    case .choice(let words): return fitting(node, words: words, isPlain: false, of: name)
    case .list(let element):
      guard case .sequence(let elements) = node.content else {
        return refuse(node, "“\(name)” is a list, and this is \(node.kind)", "put “- ” before it")
      }
      return fitting(node, elements, element, of: name)
    case .oneOrMore(let element):
      guard case .sequence(let elements) = node.content else {
        return fitting(node, element, of: name)
      }
      guard !elements.isEmpty else {
        return refuse(node, "“\(name)” is an empty list", Self.allowed(element))
      }
      return fitting(node, elements, element, of: name)
    case .section(let section): return fitting(node, section, of: name)
    case .map(let key, let value): return fitting(node, key, value, of: name)
    case .either(let shape, let section):
      if case .mapping = node.content { return fitting(node, section, of: name) }
      return fitting(node, shape, of: name)
    case .unsupported(let harmless, let reason):
      if let harmless, node.text == harmless { return node }
      let help = harmless.map { "remove it, or write \($0)" } ?? "remove it"
      return refuse(node, "“\(name)” is not possible: \(reason)", help)
    }
  }

  // MARK: Collections

  private mutating func fitting(
    _ node: YAMLNode, _ elements: [YAMLNode], _ shape: Shape, of name: String
  ) -> YAMLNode? {
    var node = node
    var name = name
    if case .section(let section) = shape { name = section.name }
    node.content = .sequence(elements.compactMap { fitting($0, shape, of: name) })
    return node
  }

  /// What of a mapping fits a section.
  package mutating func fitting(_ node: YAMLNode, _ section: Section, of name: String) -> YAMLNode?
  {
    guard case .mapping(let members) = node.content else {
      diagnostics.error(
        node.span, "“\(name)” is a mapping, and this is \(node.kind)",
        help: "its keys: \(section.fields.map(\.name).joined(separator: ", "))",
        isSecret: section.holdsKeys)
      return nil
    }
    var kept: [YAMLNode.Member] = []
    for member in members {
      guard let field = section.field(member.key) else {
        refuseUnknown(member, section, of: name)
        continue
      }
      let value = fitting(member.value, field.shape, of: field.name) ?? member.value.unusable
      kept.append(YAMLNode.Member(member.key, at: member.keySpan, value))
    }
    for field in section.fields where field.isRequired {
      guard !members.contains(where: { $0.key == field.name }) else { continue }
      let start = SourceSpan(node.span.file, node.span.start, node.span.start)
      diagnostics.error(
        start, "“\(field.name)” is missing in “\(name)”", help: Self.allowed(field.shape))
    }
    var node = node
    node.content = .mapping(kept)
    return node
  }

  private mutating func refuseUnknown(
    _ member: YAMLNode.Member, _ section: Section, of name: String
  ) {
    // Merge keys are YAML 1.1's, and need aliases.
    guard member.key != "<<" else {
      diagnostics.error(member.keySpan, "merge keys (<<) are not read", help: "use defaults")
      return
    }
    diagnostics.error(
      member.keySpan, "\(Discretion.quoted(member.key)) is no key of \(name)",
      help: Spelling.help(
        for: member.key, among: section.fields.map(\.name), "keys of \(name)"))
  }

  private mutating func fitting(
    _ node: YAMLNode, _ key: Lexeme, _ shape: Shape, of name: String
  ) -> YAMLNode? {
    guard case .mapping(let members) = node.content else {
      return refuse(node, "“\(name)” is a mapping, and this is \(node.kind)", "its keys are names")
    }
    var node = node
    node.content = .mapping(
      members.compactMap { member in
        guard key.accepts(member.key) else {
          diagnostics.error(
            member.keySpan, "\(Discretion.quoted(member.key)) is not \(key.noun)", help: key.allowed
          )
          return nil
        }
        return fitting(member.value, shape, of: Discretion.shown(member.key)).map {
          YAMLNode.Member(member.key, at: member.keySpan, $0)
        }
      })
    return node
  }

  // MARK: Single values

  private mutating func fitting(_ node: YAMLNode, _ lexeme: Lexeme, of name: String) -> YAMLNode? {
    guard let text = node.text else {
      diagnostics.error(
        node.span, "“\(name)” is \(lexeme.noun), and this is \(node.kind)", help: lexeme.allowed,
        isSecret: lexeme.isSecret)
      return nil
    }
    if lexeme.accepts(text) { return node }
    let near = Spelling.nearest(to: text, among: lexeme.words)
    let help = near.map { "did you mean “\($0)”? \(lexeme.allowed)" } ?? lexeme.allowed
    let value = lexeme.isSecret ? "this" : Discretion.quoted(text)
    diagnostics.error(
      node.span, "\(value) is not \(lexeme.noun)", help: help, isSecret: lexeme.isSecret)
    return nil
  }

  private mutating func fitting(
    _ node: YAMLNode, words: [String], isPlain: Bool, of name: String
  ) -> YAMLNode? {
    let list = words.joined(separator: ", ")
    guard case .scalar(let text, let isTextPlain) = node.content else {
      return refuse(node, "“\(name)” is one of \(list), and this is \(node.kind)", nil)
    }
    guard !isPlain || isTextPlain else {
      return refuse(node, "“\(name)” is true or false", "remove the quotation marks")
    }
    if words.contains(text) { return node }
    let near = Spelling.nearest(to: text, among: words)
    return refuse(
      node, "\(Discretion.quoted(text)) is no “\(name)”",
      near.map { "did you mean “\($0)”? allowed: \(list)" } ?? "allowed: \(list)")
  }

  private mutating func refuse(_ node: YAMLNode, _ message: String, _ help: String?) -> YAMLNode? {
    diagnostics.error(node.span, message, help: help)
    return nil
  }

  /// What is allowed in a place, in a few words.
  private static func allowed(_ shape: Shape) -> String {
    switch shape {
    case .lexeme(let lexeme): "\(lexeme.noun): \(lexeme.allowed)"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .list(let element), .oneOrMore(let element): "a list; each is \(allowed(element))"
    case .section(let section): "its keys: \(section.fields.map(\.name).joined(separator: ", "))"
    case .map(let key, let value): "\(key.noun), and for each \(allowed(value))"
    case .either(let shape, let section): "\(allowed(shape)), or \(allowed(.section(section)))"
    case .unsupported: "remove it"
    }
  }
}
