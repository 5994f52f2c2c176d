/// Writes trees as YAML in block style, or as JSON.
public enum YAMLWriter {
  /// A tree as YAML.
  public static func text(_ node: YAMLNode) -> String {
    var lines: [String] = []
    append(node, indent: 0, after: "", to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Parameters:
  ///   - first: What stands before the value in its first line: `name: ` or `- `.
  private static func append(
    _ node: YAMLNode, indent: Int, after first: String, to lines: inout [String]
  ) {
    let blank = String(repeating: " ", count: indent)
    switch node.content {
    case .scalar(let text, let isPlain):
      lines.append(blank + first + scalar(text, isPlain: isPlain))
    case .sequence(let elements) where elements.isEmpty: lines.append(blank + first + "[]")
    case .mapping(let members) where members.isEmpty: lines.append(blank + first + "{}")
    case .sequence(let elements) where elements.allSatisfy(\.isScalar):
      let items = elements.map { flowScalar($0) }.joined(separator: ", ")
      lines.append(blank + first + "[" + items + "]")
    case .sequence(let elements):
      var inner = indent
      if !first.isEmpty {
        lines.append(blank + first.dropLast())
        inner += 2
      }
      for element in elements { append(element, indent: inner, after: "- ", to: &lines) }
    case .mapping(let members):
      var inner = indent
      var prefix = ""
      if first == "- " {
        prefix = first
      } else if !first.isEmpty {
        lines.append(blank + first.dropLast())
        inner += 2
      }
      for member in members {
        let key = scalar(member.key, isPlain: true)
        // The first key of an element stands behind its dash, the others below it.
        let before = prefix
        prefix = ""
        if before.isEmpty {
          append(member.value, indent: inner, after: "\(key): ", to: &lines)
        } else {
          let start = lines.count
          append(member.value, indent: inner + 2, after: "\(key): ", to: &lines)
          lines[start] = blank + before + lines[start].dropFirst(inner + 2)
          inner += 2
        }
      }
    }
  }

  // MARK: Scalars

  private static func flowScalar(_ node: YAMLNode) -> String {
    guard case .scalar(let text, let isPlain) = node.content else { return "" }
    return text.contains(where: { ",[]{}".contains($0) })
      ? quoted(text) : scalar(text, isPlain: isPlain)
  }

  /// - Parameter isPlain: Whether it stood without quotation marks, so that it may do so again.
  package static func scalar(_ text: String, isPlain: Bool) -> String {
    isPlain && isSafelyPlain(text) || !isPlain && isSafelyPlain(text) && !meansMore(text)
      ? text : quoted(text)
  }

  /// Whether a text without quotation marks is that text to every reader of YAML.
  private static func isSafelyPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
      return false
    }
    let isOrdinary = text.unicodeScalars.allSatisfy {
      // Others may be line breaks, or no characters to libyaml.
      $0.value >= 0x20 && $0.value < 0x7f || $0.value >= 0xa1 && $0.value < 0x2000
    }
    return isOrdinary && !"-?:,[]{}#&*!|>'\"%@` ".unicodeScalars.contains(first) && last != " "
      && last != ":" && !text.contains(": ") && !text.contains(" #")
  }

  /// Whether a text would be a number, a truth value or nothing.
  private static func meansMore(_ text: String) -> Bool {
    ["true", "false", "null", "~", "yes", "no", "on", "off"].contains(text.lowercased())
      || text.allSatisfy { "0123456789abcdefABCDEFxoXOTZ.+-_: ".contains($0) }
        && text.contains(where: \.isNumber) && text.count { $0 == "." } < 2
  }

  /// A text in quotation marks, as JSON has it, which is YAML too.
  package static func quoted(_ text: String) -> String {
    var quoted: [UInt8] = []
    append(quoted: text, to: &quoted)
    return String(decoding: quoted, as: UTF8.self)
  }

  // As bytes: the text of a whole configuration is quoted, too.
  private static func append(quoted text: String, to json: inout [UInt8]) {
    json.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": json += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
      case "\n": json += "\\n".utf8
      case "\t": json += "\\t".utf8
      case _
      where scalar.value < 0x20 || (0x7f...0xa0).contains(scalar.value)
        || scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0xfeff:
        let digits = String(scalar.value, radix: 16)
        json += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      case _ where scalar.isASCII: json.append(UInt8(truncatingIfNeeded: scalar.value))
      default: json += scalar.utf8
      }
    }
    json.append(UInt8(ascii: "\""))
  }

  // MARK: JSON

  /// A tree as JSON, indented.
  public static func json(_ node: YAMLNode) -> String {
    var json: [UInt8] = []
    append(node, indent: 0, to: &json)
    return String(decoding: json, as: UTF8.self)
  }

  private static func append(_ node: YAMLNode, indent: Int, to json: inout [UInt8]) {
    switch node.content {
    case .scalar(let text, true) where isJSON(text): json += text.utf8
    case .scalar(let text, _): append(quoted: text, to: &json)
    case .sequence(let elements):
      append(elements, "[", "]", indent, to: &json) { element, json in
        append(element, indent: indent + 2, to: &json)
      }
    case .mapping(let members):
      append(members, "{", "}", indent, to: &json) { member, json in
        append(quoted: member.key, to: &json)
        json += ": ".utf8
        append(member.value, indent: indent + 2, to: &json)
      }
    }
  }

  /// A line for each, in brackets.
  private static func append<Item>(
    _ items: [Item], _ opening: String, _ closing: String, _ indent: Int, to json: inout [UInt8],
    _ appendItem: (Item, inout [UInt8]) -> Void
  ) {
    func begin(_ indent: Int) {
      json.append(UInt8(ascii: "\n"))
      json += repeatElement(UInt8(ascii: " "), count: indent)
    }
    json += opening.utf8
    for (index, item) in items.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      begin(indent + 2)
      appendItem(item, &json)
    }
    if !items.isEmpty { begin(indent) }
    json += closing.utf8
  }

  /// Whether a text without quotation marks is a value of JSON by itself.
  private static func isJSON(_ text: String) -> Bool {
    if ["true", "false", "null"].contains(text) { return true }
    guard let first = text.utf8.first, text.utf8.count <= 15 else { return false }
    return text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      && (first != UInt8(ascii: "0") || text == "0")
  }
}

extension YAMLNode {
  fileprivate var isScalar: Bool { text != nil }
}

// MARK: - Trees that no file has

extension YAMLNode {
  /// A text, whatever it looks like.
  package init(text: String) { self.init(.scalar(text, isPlain: false), at: .start(of: "")) }

  /// A text, a number or a truth value.
  package init(_ text: String) { self.init(.scalar(text, isPlain: true), at: .start(of: "")) }
  package init(_ number: some BinaryInteger) { self.init("\(number)") }
  package init(_ flag: Bool) { self.init(flag ? "true" : "false") }
  package init(_ elements: [YAMLNode]) { self.init(.sequence(elements), at: .start(of: "")) }

  /// A mapping; what is `nil` is left out.
  package init(_ members: [(String, YAMLNode?)]) {
    let members = members.compactMap { key, value in
      value.map { Member(key, at: .start(of: ""), $0) }
    }
    self.init(.mapping(members), at: .start(of: ""))
  }
}
