/// Names that stand for values: `${name}`.
struct Variables {
  /// What each stands for.
  private var values: [String: String]
  /// What to say about one that is not there.
  private let host: String
  private let hosts: [String]
  /// All that the files give a value, be it for another host.
  private let declared: Set<String>

  /// - Parameters:
  ///   - shared: Those of all hosts.
  ///   - hosts: Those of single hosts, which win.
  ///   - host: The host that the configuration is read for.
  ///   - set: Those of the command line, which win over all.
  init(
    shared: [String: String], hosts: [String: [String: String]], host: String, set: [String: String]
  ) {
    // The name may have its domain behind.
    let own = hosts[host] ?? hosts[String(host.prefix { $0 != "." })] ?? [:]
    values =
      shared
      .merging(own) { $1 }
      .merging(set) { $1 }
    self.host = host
    self.hosts = hosts.keys.sorted()
    declared = Set(shared.keys).union(hosts.values.flatMap(\.keys))
  }

  /// Refuses variables of the command line that no file declares and no value asks for.
  func refuseUnknown(
    _ set: some Sequence<String>, in trees: [YAMLNode], _ diagnostics: inout Diagnostics
  ) {
    guard let main = trees.first else { return }
    let known = trees.reduce(into: declared) { Self.collect($1, &$0) }
    for name in set.sorted() where !known.contains(name) {
      diagnostics.error(
        .start(of: main.span.file),
        "\(Discretion.quoted(name)) is set, and no file has a variable of that name",
        help: Spelling.help(for: name, among: known.sorted(), "variables"))
    }
  }

  /// The names that stand in a value.
  private static func collect(_ node: YAMLNode, _ names: inout Set<String>) {
    switch node.content {
    case .scalar(let text, _):
      let parts = text.replacing("$${", with: " ")
        .split(separator: "${", omittingEmptySubsequences: false)
      for part in parts.dropFirst() { names.insert(String(part.prefix { $0 != "}" })) }
    case .sequence(let elements): for element in elements { collect(element, &names) }
    case .mapping(let members): for member in members { collect(member.value, &names) }
    }
  }

  /// Letters, digits, `_` and `-`, a letter first.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter, text.utf8.count <= 64 else {
      return false
    }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
  }

  /// A value with what its names stand for. `$${` is `${` itself.
  func substituted(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> YAMLNode {
    var node = node
    switch node.content {
    case .scalar(let text, let isPlain):
      guard text.contains("${") else { return node }
      guard let value = substituted(text, at: node.span, &diagnostics) else { return node.unusable }
      // Quotation marks may be there for the braces only.
      node.content = .scalar(value, isPlain: isPlain || value != text)
    case .sequence(let elements):
      node.content = .sequence(elements.map { substituted($0, &diagnostics) })
    case .mapping(let members):
      node.content = .mapping(
        members.map {
          YAMLNode.Member($0.key, at: $0.keySpan, substituted($0.value, &diagnostics))
        })
    }
    return node
  }

  private func substituted(
    _ text: String, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> String? {
    var result = ""
    var isWhole = true
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        let name = rest.dropFirst(2).prefix { $0 != "}" }
        if name.endIndex == rest.endIndex {
          diagnostics.error(
            span, "the brace of “${” is not closed", help: "${name}; $${ is ${ itself")
          return nil
        }
        rest = rest[name.endIndex...].dropFirst()
        if let value = value(of: String(name), at: span, &diagnostics) {
          result += value
        } else {
          isWhole = false
        }
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return isWhole ? result + rest : nil
  }

  private func value(
    of name: String, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> String? {
    if let value = values[name] { return value }
    let known =
      hosts.isEmpty || hosts.contains(host)
      ? ""
      : "; host “\(host)” is none of hosts (\(hosts.prefix(8).joined(separator: ", "))): name one "
        + "with --host"
    diagnostics.error(
      span, "there is no variable \(Discretion.quoted(name))",
      help: Spelling.help(for: name, among: values.keys.sorted(), "variables") + known)
    return nil
  }
}
