public import Netlink

/// What may stand between `ip` and the object. Options that change nothing for `xfrm` are taken and
/// forgotten.
public struct IPOptions: Equatable, Sendable {
  /// How events are dated.
  public enum Timestamp: Sendable {
    /// `-timestamp`: on a line of its own.
    case long
    /// `-tshort`: in front.
    case short
  }

  /// `-4`, `-6`, `-family`
  public var family = AddressFamily.unspecified
  /// How many times `-stats` was said.
  public var statistics = 0
  /// `-oneline`
  public var isOneLine = false
  /// `-timestamp`, `-tshort`
  public var timestamp: Timestamp?
  /// `-netns`
  public var namespace: String?
  /// `-rcvbuf`, in bytes.
  public var receiveBuffer: UInt32?
  /// `-batch`; `-` is the standard input.
  public var batchFile: String?
  /// `-force`: a batch goes on after a line that failed.
  public var isForced = false
  /// `-json`, which iproute2 ignores here.
  public var wantsJSON = false

  /// None.
  public init() {}
}

/// What a command line of `ip` asks for, as far as its options go.
public struct IPInvocation: Equatable, Sendable {
  /// What comes behind the options.
  public enum Request: Equatable, Sendable {
    /// A command of `xfrm`, whose object, such as `state`, is the word with this number.
    case xfrm(from: Int)
    /// `-batch`: the commands are in ``IPOptions/batchFile``.
    case batch
    /// `-Version`
    case version
    /// Something else that `ip` does: not for this package.
    case other
  }

  /// The options.
  public var options: IPOptions
  /// What comes behind them.
  public var request: Request

  /// Reads the words behind `ip`.
  public init(_ words: [String]) throws(SyntaxError) {
    var reader = OptionReader(words)
    request = try reader.request()
    options = reader.options
  }

  /// Where the object stands in a line of a batch: behind `xfrm`, which may be abbreviated. `nil` if
  /// the line is for something else of `ip`.
  public static func object(inLine words: [String]) -> Int? {
    words.first?.abbreviates("xfrm") == true ? 1 : nil
  }
}
