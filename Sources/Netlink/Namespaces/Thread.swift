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

/// What became of something that another thread carries out.
// Sound: written by that thread, read after it has told that it is done.
final class Outcome<Value: ~Copyable>: @unchecked Sendable {
  var value: Value?
  var error: NetlinkError?

  func fill(_ body: () throws(NetlinkError) -> Value) {
    do throws(NetlinkError) { value = try body() } catch { self.error = error }
  }

  /// Takes the value out.
  func get() throws(NetlinkError) -> Value {
    if let error { throw error }
    guard let value = value.take() else { preconditionFailure("nothing was carried out") }
    return value
  }
}
