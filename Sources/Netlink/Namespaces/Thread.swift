internal import Glibc
internal import Synchronization

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
final class Outcome<Value: Sendable & ~Copyable>: Sendable {
  private let result = Mutex<Result<Value, NetlinkError>?>(nil)

  func fill(_ body: () throws(NetlinkError) -> Value) {
    result.withLock { result in
      do throws(NetlinkError) { result = .success(try body()) } catch { result = .failure(error) }
    }
  }

  /// Takes the value out.
  func get() throws(NetlinkError) -> Value {
    guard let result = result.withLock({ $0.take() }) else {
      preconditionFailure("nothing was carried out")
    }
    return try result.get()
  }
}
