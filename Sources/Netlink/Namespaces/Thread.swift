internal import Glibc

/// Starts a thread that runs `body` and is nobody's to wait for.
func startThread(_ body: @escaping @Sendable () -> Void) throws(NetlinkError) {
  pthread_detach(try spawn(Job(body)))
}

/// Runs `body` on a thread of its own and waits for it.
func onNewThread<Value: Sendable & ~Copyable>(
  _ body: @escaping @Sendable () throws(NetlinkError) -> Value
) throws(NetlinkError) -> Value {
  let outcome = Outcome<Value>()
  let thread = try spawn(
    Job {
      do throws(NetlinkError) { outcome.value = try body() } catch { outcome.error = error }
    })
  pthread_join(thread, nil)
  if let error = outcome.error { throw error }
  guard let value = outcome.value.take() else { preconditionFailure("the thread has ended") }
  return value
}

private func spawn(_ job: Job) throws(NetlinkError) -> pthread_t {
  var thread = pthread_t()
  // Sound: the thread takes back the one reference retained here.
  let context = unsafe Unmanaged.passRetained(job).toOpaque()
  let status = unsafe pthread_create(
    &thread, nil,
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
  return thread
}

private final class Job: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

// Sound: written by the thread, read after it has been joined.
private final class Outcome<Value: ~Copyable>: @unchecked Sendable {
  var value: Value?
  var error: NetlinkError?
}
