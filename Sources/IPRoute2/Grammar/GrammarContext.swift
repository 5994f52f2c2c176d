public import Netlink

/// What a command line refers to and only its surroundings know. The grammar itself looks at
/// nothing but the words.
public struct GrammarContext: Sendable {
  /// The index of the interface of that name; `nil` if there is none.
  public var interfaceIndex: @Sendable (_ name: String) -> Int32?
  /// The number of a protocol, as `/etc/protocols` has it.
  public var protocolNumber: @Sendable (_ name: String) -> UInt8?
  /// The name of a protocol in the same file.
  public var protocolName: @Sendable (_ number: UInt8) -> String?
  /// Fetches or makes the key that a word of ``Dialect/xfrmctl`` stands for.
  public var key: @Sendable (KeySource, KeyUse) throws(KeyUnavailable) -> Secret
  /// The most bytes that a security context may have: with the zero behind it, less than a page.
  public var longestSecurityContext = 4094

  /// Knows no interfaces, no keys, and the protocols that the grammar itself tells apart.
  public init() {
    interfaceIndex = { _ in nil }
    protocolNumber = { name in Self.protocols.first { $0.name == name }?.number }
    protocolName = { number in Self.protocols.first { $0.number == number }?.name }
    key = { (_, _) throws(KeyUnavailable) in throw KeyUnavailable("there is no key here") }
  }

  private static let protocols: [(name: String, number: UInt8)] = [
    ("ip", 0), ("icmp", 1), ("tcp", 6), ("udp", 17), ("dccp", 33), ("gre", 47), ("esp", 50),
    ("ah", 51), ("ipv6-icmp", 58), ("ipcomp", 108), ("sctp", 132), ("mobility-header", 135),
  ]
}

/// Where a key is that does not stand in the command line.
public enum KeySource: Hashable, Sendable {
  /// `@FILE`
  case file(String)
  /// `env:NAME`
  case environment(String)
  /// `-`
  case standardInput
  /// `generate`: a new one, of the algorithm's greatest length.
  case generated

  /// What a word stands for; `nil` if it is the key itself.
  public init?(_ word: String) {
    if word == "-" {
      self = .standardInput
    } else if word == "generate" {
      self = .generated
    } else if word.hasPrefix("@") {
      self = .file(String(word.dropFirst()))
    } else if word.hasPrefix("env:") {
      self = .environment(String(word.dropFirst(4)))
    } else {
      return nil
    }
  }
}

/// What a key is for.
public struct KeyUse: Hashable, Sendable {
  /// The kinds of algorithm that take one.
  public enum Kind: Sendable {
    /// `enc`
    case encryption
    /// `auth`, `auth-trunc`
    case authentication
    /// `aead`
    case aead
  }

  /// The kind of algorithm.
  public var kind: Kind
  /// Its name, as it was typed.
  public var algorithm: String

  /// A key for an algorithm.
  public init(_ kind: Kind, algorithm: String) {
    self.kind = kind
    self.algorithm = algorithm
  }
}

/// Why a key cannot be had.
public struct KeyUnavailable: Error, Hashable, Sendable {
  /// In words, without the key.
  public var reason: String
  /// Says why.
  public init(_ reason: String) { self.reason = reason }
}
