internal import Glibc

/// A thread that runs one closure. Dropping the value waits for it.
package struct Thread: ~Copyable, Sendable {
  private let handle: pthread_t

  package init(_ body: @escaping @Sendable () -> Void) throws(NetlinkError) {
    var handle = pthread_t()
    // Sound: the thread takes back the one reference retained here.
    let context = unsafe Unmanaged.passRetained(Job(body)).toOpaque()
    let status = unsafe pthread_create(
      &handle, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body()
        }
        return nil
      }, context)
    guard status == 0 else {
      unsafe Unmanaged<Job>.fromOpaque(context).release()
      throw .system(.startThread, SystemErrno(status))
    }
    self.handle = handle
  }

  deinit { pthread_join(handle, nil) }
}

private final class Job: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Runs `body` on a thread of its own and waits for it.
func onNewThread<Value: Sendable & ~Copyable>(
  _ body: @escaping @Sendable () throws(NetlinkError) -> Value
) throws(NetlinkError) -> Value {
  let outcome = Outcome<Value>()
  let thread = try Thread {
    do throws(NetlinkError) { outcome.value = try body() } catch { outcome.error = error }
  }
  _ = consume thread
  if let error = outcome.error { throw error }
  guard let value = outcome.value.take() else { preconditionFailure("the thread has ended") }
  return value
}

// Sound: written by the thread, read after it has been joined.
private final class Outcome<Value: ~Copyable>: @unchecked Sendable {
  var value: Value?
  var error: NetlinkError?
}
