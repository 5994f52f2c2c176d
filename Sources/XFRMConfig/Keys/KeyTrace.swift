/// What is known of a connection's keys though their files may be gone, or cannot be read.
public struct KeyTrace: Hashable, Sendable {
  /// The latest generation that there ever was, as far as anybody knows.
  public var generation: UInt32
  /// What its SAs have; `nil` if there are none.
  public var requestID: UInt32?

  /// A trace.
  ///
  /// - Parameters:
  ///   - generation: The latest that there ever was, as far as anybody knows.
  ///   - requestID: What its SAs have; `nil` if there are none.
  public init(generation: UInt32, requestID: UInt32? = nil) {
    self.generation = generation
    self.requestID = requestID
  }
}
