/// Writes entries as lines of values with tabs between them.
struct TSV {
  let names: [String]
  private let columns: CellCollector.Columns

  /// - Parameter names: Of fields that are no objects.
  init(_ names: [String]) {
    self.names = names
    columns = CellCollector.Columns(names)
  }

  var header: [UInt8] { Array((names.joined(separator: "\t") + "\n").utf8) }

  /// A function that writes an entry's line.
  func writer<T: Described>(
    of _: T.Type, keys: KeyDisplay
  ) -> (T, inout [UInt8]) -> Void {
    var collector = CellCollector(columns, keys: keys)
    return { value, bytes in
      for (index, cell) in collector.cells(of: value).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: "\t")) }
        for (position, scalar) in cell.enumerated() {
          // Several values of one field; none leaves its place empty.
          if position > 0 { bytes.append(UInt8(ascii: ",")) }
          if let scalar { bytes.append(plain: scalar) }
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(plain value: Scalar) {
    switch value {
    case .count(let number): append(decimal: number)
    case .signed(let number): append(decimal: number)
    case .flag(let isSet): append(text: isSet ? "true" : "false")
    case .text(let text): append(escaping: text)
    case .word(let word): append(text: word.text)
    case .raw(let number):
      append(text: "raw:")
      append(decimal: number)
    case .address(let address): append(address)
    case .prefix(let prefix): append(prefix)
    case .time(let time): append(time)
    }
  }

  /// What would end a value or a line, or command a terminal, is written with a backslash.
  private mutating func append(escaping text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append(text: "\\\\")
      case UInt8(ascii: "\t"): append(text: "\\t")
      case UInt8(ascii: "\n"): append(text: "\\n")
      case UInt8(ascii: "\r"): append(text: "\\r")
      case 0..<0x20, 0x7f:
        append(text: "\\x")
        append(contentsOf: [byte].hexadecimal.utf8)
      default: append(byte)
      }
    }
  }
}
