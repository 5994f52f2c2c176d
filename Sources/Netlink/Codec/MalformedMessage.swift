/// Why received bytes were refused.
///
/// Positions are counted from the datagram's first byte, as the kernel counts them in an extended
/// acknowledgement.
@nonexhaustive
public enum MalformedMessage: Error, Hashable, Sendable {
  /// Fewer bytes were left at `at` than the field needs.
  case truncated(at: Int, needed: Int, available: Int)
  /// An attribute claims a length shorter than its own header.
  case attributeTooShort(at: Int, length: UInt16)
  /// A message claims a length shorter than its own header.
  case messageTooShort(at: Int, length: UInt32)
  /// Text fills its field with no room for the terminating zero.
  case unterminatedText(at: Int)
  /// Text is not UTF-8.
  case unreadableText(at: Int)
  /// A field has a value that its message cannot have.
  case unexpectedValue(at: Int, field: String)
}

extension MalformedMessage: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated(let at, let needed, let available):
      "\(needed) bytes are needed at offset \(at), \(available) are left"
    case .attributeTooShort(let at, let length):
      "the attribute at offset \(at) claims \(length) bytes, less than its header"
    case .messageTooShort(let at, let length):
      "the message at offset \(at) claims \(length) bytes, less than its header"
    case .unterminatedText(let at): "the text at offset \(at) has no end"
    case .unreadableText(let at): "the text at offset \(at) is not UTF-8"
    case .unexpectedValue(let at, let field): "\(field) at offset \(at) makes no sense"
    }
  }
}
