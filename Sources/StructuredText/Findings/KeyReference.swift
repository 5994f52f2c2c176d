/// Where key material comes from. It never stands in a configuration.
public enum KeyReference: Hashable, Sendable {
  /// A file of hexadecimal digits that nobody else can read.
  case file(String)
  /// A variable of the environment.
  case environment(String)
  /// A credential that systemd hands to a service.
  case credential(String)
  /// A bundle that `xfrmctl keys new` wrote for one generation.
  case bundle(connection: String, generation: UInt32)

  /// Whether it stays the same for as long as nobody edits it. Counter modes do not survive that
  /// (RFC 4106, RFC 8221): their keys must be fresh each time that they are installed.
  public var isStatic: Bool { if case .bundle = self { false } else { true } }
}

extension KeyReference: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .environment(let name): "env:\(name)"
    case .credential(let name): "credential:\(name)"
    case .bundle(let connection, let generation): "generated:\(connection)#\(generation)"
    }
  }
}

extension KeyReference {
  /// Reads `file:PATH`, `env:NAME` or `credential:NAME`; `nil` for anything else.
  package init?(reference text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let value = String(parts[1])
    switch parts[0] {
    case "file" where value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }: self = .file(value)
    case "env" where Self.isVariableName(value): self = .environment(value)
    case "credential" where value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") }:
      self = .credential(value)
    default: return nil
    }
  }

  private static func isVariableName(_ text: String) -> Bool {
    text.first?.isNumber == false
      && text.allSatisfy { $0.isASCII && ($0 == "_" || $0.isLetter || $0.isNumber) }
  }
}
