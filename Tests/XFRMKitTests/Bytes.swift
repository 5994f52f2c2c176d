import Netlink

extension Span<UInt8> {
  /// A copy that outlives the span.
  var array: [UInt8] {
    // Sound: the buffer is used within the closure only.
    unsafe withUnsafeBytes { unsafe Array($0) }
  }
}
