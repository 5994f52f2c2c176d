/// Lists the fields of a struct that say something.
struct FieldLister: WireVisitor {
  typealias Failure = Never
  private let depth: Int
  /// Of addresses whose struct does not tell.
  private var family: AddressFamily?
  /// What the struct's own fields tell of families, by their names.
  private var families: [String: AddressFamily] = [:]
  private(set) var parts: [RequestAnatomy.Part] = []

  /// Lists the fields of `value`.
  static func parts<S: WireStruct>(
    of value: S, depth: Int = 0, family: AddressFamily? = nil
  ) -> [RequestAnatomy.Part] {
    var finder = FamilyFinder()
    var value = value
    value.fields(&finder)
    var lister = FieldLister(
      depth: depth, family: finder.families["family"] ?? family, families: finder.families)
    value.fields(&lister)
    return lister.parts
  }

  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    let number = UInt64(truncatingIfNeeded: value)
    let text = Self.words(for: "\(name)", number) ?? "\(value)"
    if number != 0 || Self.saysSomethingByZero("\(name)"), number != .max || T.bitWidth != 64 {
      add("\(name)", text)
    }
  }

  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    field(name, &value)
  }

  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) {
    if let address = value as? AddressWire {
      let family = families["\(name)".prefix { $0 != "_" } + "_family"] ?? family
      if address != AddressWire() { add("\(name)", text(address, family)) }
      return
    }
    let inner = Self.parts(of: value, depth: depth + 1, family: family)
    guard !inner.isEmpty else { return }
    add("\(name)", "")
    parts += inner
  }

  mutating func padding<Count: BinaryInteger>(_ count: Count) {}

  private mutating func add(_ name: String, _ value: String) {
    parts.append(RequestAnatomy.Part(depth: depth, name: name, value: value))
  }

  /// What a number means that is not only a number.
  private static func words(for name: String, _ number: UInt64) -> String? {
    let byte = UInt8(truncatingIfNeeded: number)
    return switch name {
    case "mode": "\(Mode(rawValue: byte))"
    case "proto": "\(IPProtocol(rawValue: byte))"
    case "dir": "\(Policy.Direction(rawValue: byte))"
    case "action": "\(Policy.Action(rawValue: byte))"
    case "in", "out", "fwd": "\(DefaultActions.Action(rawValue: byte))"
    case "encap_type": "\(Encapsulation.Kind(rawValue: UInt16(truncatingIfNeeded: number)))"
    case "family", "old_family", "new_family":
      "\(AddressFamily(rawValue: UInt16(truncatingIfNeeded: number)))"
    case "flags", "dport_mask", "sport_mask", "aalgos", "ealgos", "calgos", "spi":
      hexText(UInt32(truncatingIfNeeded: number))
    default: nil
    }
  }

  /// Fields that mean something when they are 0.
  private static func saysSomethingByZero(_ name: String) -> Bool {
    ["mode", "dir", "action", "priority", "reqid", "prefixlen_d", "prefixlen_s"].contains(name)
  }
}

/// Finds out of which families a struct's addresses are.
struct FamilyFinder: WireVisitor {
  typealias Failure = Never
  private(set) var families: [String: AddressFamily] = [:]

  mutating func field<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {
    let family = AddressFamily(rawValue: UInt16(truncatingIfNeeded: value))
    if "\(name)".hasSuffix("family"), family != .unspecified { families["\(name)"] = family }
  }

  mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    _ name: StaticString, _ value: inout T
  ) {}
  mutating func structure<S: WireStruct>(_ name: StaticString, _ value: inout S) {}
  mutating func padding<Count: BinaryInteger>(_ count: Count) {}
}

/// An address; one whose family nobody tells is IPv4 if it can be.
func text(_ address: AddressWire, _ family: AddressFamily?) -> String {
  "\(address.address(family ?? (address.fitsIPv4 ? .ipv4 : .ipv6)))"
}

func hexText(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
