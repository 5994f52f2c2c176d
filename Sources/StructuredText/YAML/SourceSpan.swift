/// A place in a text: counted from 0, in Unicode scalars, as libyaml does.
public struct SourcePosition: Hashable, Comparable, Sendable {
  /// From the beginning of the text.
  public var index: Int
  /// The line.
  public var line: Int
  /// From the beginning of the line.
  public var column: Int

  /// A place.
  public init(index: Int, line: Int, column: Int) {
    self.index = index
    self.line = line
    self.column = column
  }

  /// Where a text begins.
  public static let start = SourcePosition(index: 0, line: 0, column: 0)

  public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// A part of a file, from one place up to another.
public struct SourceSpan: Hashable, Sendable {
  /// The file, by the name that it was opened with.
  public var file: String
  /// The first place.
  public var start: SourcePosition
  /// Behind the last place.
  public var end: SourcePosition

  /// A part of a file.
  public init(_ file: String, _ start: SourcePosition, _ end: SourcePosition) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// The beginning of a file.
  public static func start(of file: String) -> SourceSpan { SourceSpan(file, .start, .start) }

  /// How many columns of its first line it takes; at least 1.
  public var width: Int {
    max(1, start.line == end.line ? end.column - start.column : 1)
  }
}

extension SourceSpan: CustomStringConvertible {
  /// `site.yaml:12:3`, counted from 1, as editors have it.
  public var description: String { "\(file):\(start.line + 1):\(start.column + 1)" }
}
