internal import Dispatch
internal import Synchronization

/// Carries out an asynchronous function and waits, on the calling thread, for what it returns.
///
/// Not for threads of the pool behind Swift's tasks: that has as many as the machine has processors,
/// and when all of them wait here, none is left to do what they wait for.
func waitingFor<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
  let outcome = Outcome<Value>()
  Task.detached {
    let value = await body()
    outcome.value.withLock { $0 = value }
    outcome.isThere.signal()
  }
  outcome.isThere.wait()
  guard let value = outcome.value.withLock({ $0 }) else {
    preconditionFailure("it is put there before the signal is given")
  }
  return value
}

private final class Outcome<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
  let isThere = DispatchSemaphore(value: 0)
}
