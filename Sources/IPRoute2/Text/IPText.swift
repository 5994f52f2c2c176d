internal import Netlink
public import XFRMKit

/// What `ip xfrm` of iproute2 7.1 prints, byte for byte, blanks at the ends of lines included.
///
/// What is different, and why, is said where it is. Text is appended to ``output``, from where it
/// has to be written somewhere now and then.
public struct IPText: ~Copyable {
  /// How much to say, and in which form.
  public struct Options: Hashable, Sendable {
    /// How often `-s` was given: once for counters and numbers, twice for hash tables.
    public var statistics = 0
    /// `-o`: each object in one line, with backslashes where its lines would end.
    public var isOneLine = false
    /// `nokeys`
    public var hidesKeys = false
    /// `-t` or `-ts`: when an event was heard.
    public var timestamp: Timestamp?
    /// `all-nsid`: which namespace an event is of.
    public var tellsNamespace = false

    /// Says what `ip` says without options.
    public init() {}
  }

  /// How the time is told at which an event was heard.
  public enum Timestamp: Hashable, Sendable {
    /// `-t`: in a line of its own.
    case long
    /// `-ts`: in front of the first line.
    case short
  }

  let options: Options
  let tellsNumbers: Bool
  /// What each of an object's lines ends with.
  private let lineEnd: UInt8
  var names: NameCache
  var out = ByteBuffer()

  /// Begins without any text.
  public init(_ options: Options = Options(), names: SystemNames = .live) {
    self.options = options
    tellsNumbers = options.statistics > 0
    lineEnd = UInt8(ascii: options.isOneLine ? "\\" : "\n")
    self.names = NameCache(names)
  }

  /// The text so far.
  public var output: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { out.bytes }
  }

  /// Whether there is enough text to be worth a system call.
  public var isPageful: Bool { out.count >= 1 << 15 }

  /// Writes the text so far to `descriptor`, and wipes it.
  public mutating func write(to descriptor: Int32) throws(SystemErrno) {
    try out.write(to: descriptor)
  }

  // MARK: Lines

  mutating func endLine() { out.append(lineEnd) }

  /// Ends what is one line under `-o`.
  mutating func endObject() {
    if options.isOneLine { out.append(UInt8(ascii: "\n")) }
  }
}

// MARK: - What lists and counts print

extension IPText {
  /// Appends an entry of `state list`, or the answer to `state get` or `state allocspi`.
  public mutating func append(_ association: SecurityAssociation) {
    appendEntry(association)
    endObject()
  }

  /// Appends an entry of `policy list`, or the answer to `policy get`.
  public mutating func append(_ policy: Policy) {
    appendEntry(policy)
    endObject()
  }

  /// Appends what `state count` prints.
  public mutating func append(_ info: SADInfo) {
    out.append("\t SAD count ")
    out.append(decimal: info.count)
    if tellsNumbers {
      out.append(" (buckets count ")
      out.append(decimal: info.buckets)
      out.append(" Max ")
      out.append(decimal: info.maximumBuckets)
      out.append(")")
    }
    endLine()
    endObject()
  }

  /// Appends what `policy count` prints.
  public mutating func append(_ info: SPDInfo) {
    out.append("\t SPD IN  ")
    appendCounts(info.incoming, info.outgoing, info.forwarded)
    if tellsNumbers {
      out.append(" (Sock: IN ")
      appendCounts(info.socketIncoming, info.socketOutgoing, info.socketForwarded)
      out.append(")")
    }
    endLine()
    if options.statistics > 1 {
      out.append("\t SPD buckets: count ")
      out.append(decimal: info.bucketMask)
      out.append(" Max ")
      out.append(decimal: info.maximumBuckets)
      endLine()
      appendThreshold(info.thresholdIPv4, "IPv4")
      appendThreshold(info.thresholdIPv6, "IPv6")
    }
    endObject()
  }

  private mutating func appendCounts(_ incoming: UInt32, _ outgoing: UInt32, _ forwarded: UInt32) {
    out.append(decimal: incoming)
    out.append(" OUT ")
    out.append(decimal: outgoing)
    out.append(" FWD ")
    out.append(decimal: forwarded)
  }

  private mutating func appendThreshold(
    _ threshold: SPDInfo.HashThreshold?, _ family: StaticString
  ) {
    guard let threshold else { return }
    out.append("\t SPD ")
    out.append(family)
    out.append(" thresholds: local ")
    out.append(decimal: threshold.localBits)
    out.append(" remote ")
    out.append(decimal: threshold.remoteBits)
    endLine()
  }

  /// Appends what `policy getdefault` prints, and `monitor` when that changes; `-o` means nothing
  /// to it.
  public mutating func append(_ actions: DefaultActions) {
    out.append("Default policies:\n in:  ")
    out.append(actions.incoming.word)
    out.append("\n fwd: ")
    out.append(actions.forwarded.word)
    out.append("\n out: ")
    out.append(actions.outgoing.word)
    out.append("\n")
  }
}
