/// What a line must have in it: fragments in this order, whatever lies between them, in upper or
/// lower case. `Add SA … errno 93`
struct LinePattern: Hashable, Sendable, ExpressibleByStringLiteral {
  private let fragments: [[UInt8]]

  init(_ text: String) {
    fragments = text.split(separator: " … ").map { LineText(String($0)).bytes }
  }

  init(stringLiteral text: String) { self.init(text) }

  /// The shortest line that it matches.
  var example: String {
    fragments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// Its first four bytes.
  var beginning: UInt32 { fragments.joined().prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

  /// How specific it is: one that asks for more says more about a line.
  var weight: Int { fragments.reduce(0) { $0 + $1.count } }

  func matches(_ line: LineText) -> Bool {
    var position = 0
    for fragment in fragments {
      guard let end = line.end(of: fragment, from: position) else { return false }
      position = end
    }
    return !fragments.isEmpty
  }
}

/// A line made ready for the search: ASCII letters are small, ends of lines are blanks.
struct LineText {
  let bytes: [UInt8]

  init(_ text: String) {
    bytes = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): UInt8(ascii: " ")
      default: byte
      }
    }
  }

  /// Where the first occurrence of a fragment ends. `errno 3` does not occur in `errno 38`, nor
  /// `EPERM` in `EPERMANENT`.
  func end(of fragment: [UInt8], from start: Int) -> Int? {
    guard let first = fragment.first, let last = fragment.last else { return nil }
    var position = start
    while position + fragment.count <= bytes.count {
      let end = position + fragment.count
      if bytes[position] == first, bytes[position..<end].elementsEqual(fragment),
        position == 0 || !first.continues(bytes[position - 1]),
        end == bytes.count || !bytes[end].continues(last)
      {
        return end
      }
      position += 1
    }
    return nil
  }
}

extension UInt8 {
  /// Whether it goes on with the word or number that another ends with.
  fileprivate func continues(_ other: UInt8) -> Bool { isWord && other.isWord }

  private var isWord: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: false
    }
  }
}
