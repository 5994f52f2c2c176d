internal import Dispatch

/// Runs `body` on a thread of its own: those that tests run on are too few to be waited on.
public func onOrdinaryThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue(label: "ordinary").async { continuation.resume(with: Result { try body() }) }
  }
}
