public import XFRMKit

/// What `ip xfrm state` and `ip xfrm policy` have printed, read again: the counterpart of
/// ``IPText``.
///
/// With or without `-s`, `-d`, `-o` and `nokeys`, one behind the other if wanted. Not read are
/// times of day; a port counts with all of its bits, as the text does not tell which of them do.
public struct IPListing: Sendable {
  /// SAs, in the order of the text. Keys that it hides are empty.
  public internal(set) var associations: [SecurityAssociation] = []
  /// Policies, without those of sockets, in the order of the text.
  public internal(set) var policies: [Policy] = []
  /// Whether the text hides a key, and with it how long it is.
  public internal(set) var hidesKeys = false

  /// The longest text, in bytes.
  public static let mostBytes = 64 << 20

  init() {}

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: What `ip` printed.
  ///   - context: Knows names of protocols and interfaces.
  public init(
    _ text: String, context: GrammarContext = GrammarContext()
  ) throws(ListingError) {
    var reader = try ListingReader(text, context)
    self = try reader.read()
  }
}

/// Why a text is not what `ip xfrm` prints.
public struct ListingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 0.
  public var line: Int
  /// In Unicode scalars, counted from 0.
  public var column: Int
  /// How many columns it is about.
  public var width: Int
  /// What was expected there. The text itself is not repeated: it may be a key.
  public var expected: String

  init(_ line: Int, _ column: Int, width: Int = 1, _ expected: String) {
    self.line = line
    self.column = column
    self.width = width
    self.expected = expected
  }

  public var description: String {
    "line \(line + 1), column \(column + 1): \(expected) is expected"
  }
}
