public import XFRMKit

/// Why recorded messages could not be read or written.
public enum MessageLogError: Error, Hashable, Sendable {
  /// The system refused it.
  case system(SystemErrno)
  /// Bytes that are no message, or a message that makes no sense. The position is the file's.
  case malformed(MalformedMessage)
}

extension MessageLogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let errno): "\(errno)"
    case .malformed(let problem): "no messages of the kernel: \(problem)"
    }
  }
}
