internal import XFRMKit

// iproute2's words for numbers; `nil` where it prints the number.

extension IPProtocol {
  /// In `proto` of an SA, a template, an acquire and a flush: a table of iproute2's own.
  var word: StaticString? {
    switch rawValue {
    case 50: "esp"
    case 51: "ah"
    case 108: "comp"
    case 43: "route2"
    case 60: "hao"
    case 255: "ipsec-any"
    default: nil
    }
  }

  /// What the two port fields of a selector hold.
  var ports: PortMeaning {
    switch rawValue {
    case 1, 58: .icmp
    case 47: .gre
    case 135: .mobility
    default: .ports
    }
  }

  /// What stands in a selector's port fields.
  enum PortMeaning {
    case ports
    /// Type and code.
    case icmp
    /// The halves of a key.
    case gre
    /// A type.
    case mobility
  }
}

extension Mode {
  /// The word of `mode`; none for IP-TFS, which iproute2 7.1 does not know.
  var word: StaticString? {
    switch self {
    case .transport: "transport"
    case .tunnel: "tunnel"
    case .routeOptimization: "ro"
    case .inTrigger: "in_trigger"
    case .beet: "beet"
    default: nil
    }
  }
}

extension Policy.Direction {
  /// The word of `dir`, and behind `socket` for the policies of sockets.
  var word: StaticString? {
    switch rawValue {
    case 0, 3: "in"
    case 1, 4: "out"
    case 2, 5: "fwd"
    default: nil
    }
  }

  /// The number, counted for policies of sockets by themselves.
  var number: UInt8 { isOfSocket ? rawValue - 3 : rawValue }
}

extension Policy.Kind {
  /// The word of `ptype`.
  var word: StaticString? {
    switch self {
    case .main: "main"
    case .sub: "sub"
    default: nil
    }
  }
}

extension DefaultActions.Action {
  /// What `getdefault` calls it.
  var word: StaticString {
    switch self {
    case .unchanged: "unspec"
    case .block: "block"
    case .accept: "accept"
    default: "unknown"
    }
  }
}

extension Encapsulation.Kind {
  /// The word of `encap type`.
  var word: StaticString? {
    switch rawValue {
    case 1: "espinudp-nonike"
    case 2: "espinudp"
    case 7: "espintcp"
    default: nil
    }
  }
}

/// The word of `share`, of templates and policies.
func shareWord(_ share: UInt8) -> StaticString? {
  switch share {
  case 0: "any"
  case 1: "session"
  case 2: "user"
  case 3: "unique"
  default: nil
  }
}

extension IPText {
  /// Appends a word, or the number that it would stand for.
  mutating func append(_ word: StaticString?, or number: some UnsignedInteger & FixedWidthInteger) {
    if let word { out.append(word) } else { out.append(decimal: number) }
  }

  /// Appends the words of the bits that are set, with blanks between them, and what is left of them
  /// in hexadecimal.
  mutating func append(flags: UInt32, _ words: [(bit: UInt32, word: StaticString)]) {
    guard flags != 0 else { return }
    var rest = flags
    for (bit, word) in words where rest & bit != 0 {
      out.append(word)
      rest &= ~bit
      if rest != 0 { out.append(" ") }
    }
    if rest != 0 { out.append(hex: rest) }
  }

  /// Appends eight flags as as many binary digits, which iproute2 puts behind `0x`.
  mutating func append(bits: UInt8) {
    for bit in (0..<8).reversed() { out.append(UInt8(ascii: "0") + bits >> UInt8(bit) & 1) }
  }
}
