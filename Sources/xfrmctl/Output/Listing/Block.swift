import XFRMKit

/// An entry as people read it: a title, and rows with a label each. It fits a terminal of 80 columns.
struct Block {
  private var lines: [String]

  private static let indent = "  "
  private static let labelWidth = 12
  /// What is left beside a label.
  static let width = 80 - indent.count - labelWidth

  /// - Parameter title: Its parts.
  init(title: [String]) {
    lines = Text.flow(title).map { Style.bold($0) }
  }

  var text: String { lines.joined(separator: "\n") }

  /// Adds a row of parts; none if there are none.
  mutating func row(_ label: String, _ parts: [String], _ style: Style? = nil) {
    for (index, line) in Text.flow(parts, width: Self.width).enumerated() {
      let label = Text.pad(index == 0 ? label : "", Self.labelWidth)
      lines.append(Self.indent + Style.dim(label) + (style?(line) ?? line))
    }
  }

  /// Adds a row for everything that is dangerous.
  mutating func warn(_ findings: [Finding]) {
    for finding in findings where finding.rule.severity == .dangerous {
      row("warning", ["\(finding.explanation): \(finding.rule.remedy)"], .yellow)
    }
  }
}
