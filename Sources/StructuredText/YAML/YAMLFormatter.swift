/// Lays a YAML file out anew, with its comments.
///
/// libyaml drops comments, so they are looked for in the text itself. What comes out is read again:
/// unless it says the same and has the same comments in the same order, it is not given away.
public struct YAMLFormatter {
  /// The widest line that a list or a mapping in brackets may take.
  private static let mostColumns = 100

  /// A line of what comes out, and where its content stood.
  private struct Line {
    var text: String
    var indent: Int
    var position: SourcePosition
    /// Where the line's own content began: at the dash of an element.
    var column: Int
  }

  private let text: YAMLText
  private let comments: [YAMLComment]
  private let blankLines: Set<Int>
  private var lines: [Line] = []

  /// A file laid out anew; `nil` if it cannot be read, or would lose something.
  ///
  /// - Parameters:
  ///   - bytes: The file's content.
  ///   - file: What it is called.
  /// - Returns: The text, or what is wrong.
  public static func format(_ bytes: [UInt8], of file: String) -> Result<String, Findings> {
    var diagnostics = Diagnostics()
    guard let tree = YAMLReader.read(bytes, of: file, &diagnostics), !diagnostics.hasErrors else {
      if !diagnostics.hasErrors {
        diagnostics.error(.start(of: file), "there is nothing in it")
      }
      return .failure(Findings(diagnostics.all))
    }
    var formatter = YAMLFormatter(tree, String(decoding: bytes, as: UTF8.self))
    formatter.append(tree, indent: 0, after: "")
    let formatted = formatter.merged()
    var ignored = Diagnostics()
    let again = YAMLReader.read(Array(formatted.utf8), of: file, &ignored)
    guard let again, again.says(tree),
      YAMLFormatter(again, formatted).comments.map(\.text) == formatter.comments.map(\.text)
    else {
      diagnostics.error(
        .start(of: file), "the file cannot be formatted without losing a comment or a value",
        help: "it stays as it is; a comment in a place of its own line is safest")
      return .failure(Findings(diagnostics.all))
    }
    return .success(formatted)
  }

  /// Why a file is not formatted.
  public struct Findings: Error {
    public var diagnostics: [Diagnostic]
    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  }

  private init(_ tree: YAMLNode, _ source: String) {
    text = YAMLText(source)
    var scalars: [SourceSpan] = []
    Self.collect(tree, &scalars)
    comments = text.comments(outside: scalars.sorted { $0.start < $1.start })
    blankLines = text.blankLines
  }

  private static func collect(_ node: YAMLNode, _ spans: inout [SourceSpan]) {
    switch node.content {
    case .scalar: spans.append(node.span)
    case .sequence(let elements): for element in elements { collect(element, &spans) }
    case .mapping(let members):
      for member in members {
        spans.append(member.keySpan)
        collect(member.value, &spans)
      }
    }
  }

  // MARK: Lines

  /// - Parameters:
  ///   - first: What stands before the value: `key: ` or `- `.
  ///   - dash: The column of the dash, if there is one.
  private mutating func append(
    _ node: YAMLNode, indent: Int, after first: String, dash: Int? = nil
  ) {
    if node.isFlow || node.text != nil || isEmpty(node) {
      let flow = flow(node)
      let isShort = indent + first.count + flow.count <= Self.mostColumns
      if !node.isFlow || isEmpty(node) || isShort && !hasComments(node) {
        add(first + flow, indent, node.span.start, dash)
        return
      }
    }
    switch node.content {
    case .scalar: break
    case .sequence(let elements):
      var inner = indent
      if !first.isEmpty {
        add(String(first.dropLast()), indent, node.span.start, dash)
        inner += 2
      }
      let column = node.isFlow ? nil : node.span.start.column
      for element in elements {
        append(element, indent: inner, after: "- ", dash: column)
      }
    case .mapping(let members):
      var inner = indent
      if !first.isEmpty, first != "- " {
        add(String(first.dropLast()), indent, node.span.start, dash)
        inner += 2
      }
      for (index, member) in members.enumerated() {
        let key = "\(self.key(member)): "
        let start = lines.count
        let isFirst = first == "- " && index == 0
        append(member.value, indent: first == "- " ? inner + 2 : inner, after: key)
        guard start < lines.count else { continue }
        lines[start].position = member.keySpan.start
        lines[start].column = isFirst ? dash ?? 0 : member.keySpan.start.column
        guard isFirst else { continue }
        lines[start].text = "- " + lines[start].text
        lines[start].indent = inner
      }
    }
  }

  private mutating func add(
    _ text: String, _ indent: Int, _ position: SourcePosition, _ dash: Int?
  ) {
    let trimmed = text.last == " " ? String(text.dropLast()) : text
    let column = dash ?? position.column
    lines.append(Line(text: trimmed, indent: indent, position: position, column: column))
  }

  private func isEmpty(_ node: YAMLNode) -> Bool {
    switch node.content {
    case .scalar: false
    case .sequence(let elements): elements.isEmpty
    case .mapping(let members): members.isEmpty
    }
  }

  private func hasComments(_ node: YAMLNode) -> Bool {
    comments.contains { node.span.start < $0.position && $0.position < node.span.end }
  }

  // MARK: Values

  /// A value in one line.
  private func flow(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let value, let isPlain): scalar(value, isPlain: isPlain, node.span)
    case .sequence(let elements): "[" + elements.map { flow($0) }.joined(separator: ", ") + "]"
    case .mapping(let members):
      "{" + members.map { "\(key($0)): \(flow($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private func key(_ member: YAMLNode.Member) -> String {
    scalar(member.key, isPlain: true, member.keySpan)
  }

  /// As it was written, if that was on one line.
  private func scalar(_ value: String, isPlain: Bool, _ span: SourceSpan) -> String {
    guard span.start.line == span.end.line else { return YAMLWriter.quoted(value) }
    return text[span]
  }

  // MARK: Comments

  /// The lines with the comments and the empty lines between them.
  private func merged() -> String {
    var result: [String] = []
    var next = 0
    var lastLine = -1
    for (index, line) in lines.enumerated() {
      while next < comments.count, comments[next].position < line.position {
        append(comments[next], before: line, index, &result, &lastLine)
        next += 1
      }
      if !result.isEmpty, line.position.line > lastLine + 1, isBlank(line.position.line - 1) {
        result.append("")
      }
      result.append(String(repeating: " ", count: line.indent) + line.text)
      lastLine = line.position.line
    }
    while next < comments.count {
      append(comments[next], before: nil, lines.count, &result, &lastLine)
      next += 1
    }
    return result.joined(separator: "\n") + "\n"
  }

  private func append(
    _ comment: YAMLComment, before line: Line?, _ index: Int, _ result: inout [String],
    _ lastLine: inout Int
  ) {
    let isBehind =
      !comment.isAlone && index > 0 && result.last.map { !$0.isEmpty } == true
      && !result[result.count - 1].contains(" #")
    lastLine = max(lastLine, comment.position.line)
    guard !isBehind else {
      result[result.count - 1] += "  " + comment.text
      return
    }
    if !result.isEmpty, isBlank(comment.position.line - 1) { result.append("") }
    let indent = indent(of: comment, before: line, index)
    result.append(String(repeating: " ", count: indent) + comment.text)
  }

  /// As deep as the next line, or as a line before it that it belongs to.
  private func indent(of comment: YAMLComment, before line: Line?, _ index: Int) -> Int {
    let column = comment.position.column
    if let line, column <= line.column { return line.indent }
    let belongsTo = lines[..<index].last { $0.column <= column }
    let deepest = belongsTo?.indent ?? line?.indent ?? 0
    return line.map { max($0.indent, deepest) } ?? deepest
  }

  /// Whether a line of the file is empty.
  private func isBlank(_ line: Int) -> Bool { blankLines.contains(line) }
}
