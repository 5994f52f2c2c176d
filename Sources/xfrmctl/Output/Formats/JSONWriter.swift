import XFRMKit

/// Writes objects as JSON, field by field. What has no value is left out.
struct JSONWriter: FieldVisitor {
  private(set) var bytes: [UInt8] = []
  let keys: KeyDisplay
  /// What to write; everything if `nil`.
  private var selection: FieldTree?
  private var needsComma = false

  init(keys: KeyDisplay, selection: FieldTree? = nil) {
    self.keys = keys
    self.selection = selection
  }

  /// Writes an object; several of them are elements of an array or lines.
  mutating func write<T: Described>(_ value: T) {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    T.fields(of: value, &self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Writes what is no field of an object.
  mutating func write(punctuation: StaticString) { bytes.append(text: punctuation) }

  /// Gives away what was written.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  // MARK: Fields

  mutating func scalar(_ name: StaticString, _ value: Scalar?) {
    guard let value, includes(name) else { return }
    write(name: name)
    write(value)
  }

  mutating func scalars(_ name: StaticString, _ values: [Scalar]?) {
    guard let values, includes(name) else { return }
    write(name: name)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func object<T: Described>(_ name: StaticString, _ value: T?) {
    guard let value, includes(name) else { return }
    write(name: name)
    within(name) { $0.write(value) }
  }

  mutating func list<T: Described>(_ name: StaticString, _ values: [T]?) {
    guard let values, includes(name) else { return }
    write(name: name)
    bytes.append(UInt8(ascii: "["))
    within(name) { writer in
      for (index, value) in values.enumerated() {
        if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
        writer.write(value)
      }
    }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  // MARK: Selection

  private func includes(_ name: StaticString) -> Bool {
    guard let selection else { return true }
    return selection.children["\(name)"] != nil
  }

  private mutating func within(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    guard let outer = selection else { return body(&self) }
    let inner = outer.children["\(name)"]
    selection = inner?.isWhole == true ? nil : inner
    body(&self)
    selection = outer
  }

  // MARK: Text

  private mutating func write(name: StaticString) {
    bytes.append(text: needsComma ? ",\"" : "\"")
    bytes.append(text: name)
    bytes.append(text: "\":")
    needsComma = true
  }

  private mutating func write(_ value: Scalar) {
    switch value {
    case .count(let number): bytes.append(decimal: number)
    case .signed(let number): bytes.append(decimal: number)
    case .flag(let isSet): bytes.append(text: isSet ? "true" : "false")
    case .text(let text): write(string: text)
    case .raw(let number):
      bytes.append(text: "{\"raw\":")
      bytes.append(decimal: number)
      bytes.append(UInt8(ascii: "}"))
    case .word(let word): quoted { $0.append(text: word.text) }
    case .address(let address): quoted { $0.append(address) }
    case .prefix(let prefix): quoted { $0.append(prefix) }
    case .time(let time): quoted { $0.append(time) }
    }
  }

  /// Puts quotation marks around text that needs no escaping.
  @inline(__always)
  private mutating func quoted(_ body: (inout [UInt8]) -> Void) {
    bytes.append(UInt8(ascii: "\""))
    body(&bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func write(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(text: "\\\"")
      case UInt8(ascii: "\\"): bytes.append(text: "\\\\")
      case UInt8(ascii: "\n"): bytes.append(text: "\\n")
      case UInt8(ascii: "\t"): bytes.append(text: "\\t")
      case UInt8(ascii: "\r"): bytes.append(text: "\\r")
      // A terminal must not take a name for a command, so not DEL either.
      case 0..<0x20, 0x7f:
        bytes.append(text: "\\u00")
        bytes.append(contentsOf: [byte].hexadecimal.utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
