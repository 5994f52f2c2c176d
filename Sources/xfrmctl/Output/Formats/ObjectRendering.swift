import XFRMKit

/// One object as a line of JSON: what a command that makes no list prints with `--json`.
enum ObjectRendering {
  /// With the schema's version before its own fields.
  static func line<T: Described>(_ value: T, keys: KeyDisplay = KeyDisplay()) -> [UInt8] {
    plainLine(Document(value), keys: keys)
  }

  /// A line of `monitor --json`; the first has the version for all of them.
  static func line(_ record: EventRecord, keys: KeyDisplay) -> [UInt8] {
    plainLine(record, keys: keys)
  }

  private static func plainLine<T: Described>(_ value: T, keys: KeyDisplay) -> [UInt8] {
    var writer = JSONWriter(keys: keys)
    writer.write(value)
    writer.write(punctuation: "\n")
    return writer.take()
  }
}
