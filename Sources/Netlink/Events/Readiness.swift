internal import CNetlink
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Waits, without holding a thread, until a descriptor has something to read, be it an error.
package final class Readiness: Sendable {
  private let state: State

  /// - Parameter descriptor: May be closed while nobody waits.
  init(_ descriptor: Int32) throws(NetlinkError) {
    // A dispatch source is blind to a socket with an error and nothing queued, as one is whose last
    // announcement was lost while the others were read: it spins and never tells.
    let watch = cnl_watch(descriptor)
    guard watch >= 0 else { throw .system(.receive, SystemErrno(-watch)) }
    state = State(watch)
  }

  deinit { state.close() }

  /// Waits, holding the thread, until there is something to read; `false` if there was nothing in
  /// time. Waits for ever if `milliseconds` is negative.
  package func wait(milliseconds: Int32) throws(NetlinkError) -> Bool {
    let result = cnl_wait(state.descriptor, milliseconds)
    guard result >= 0 else { throw .system(.receive, SystemErrno(-result)) }
    return result == 1
  }

  /// Returns when there is something to read, or the task is cancelled. One task at a time.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { state.wait($0) }
    } onCancel: {
      state.resumeWaiter()
    }
  }

  /// The source's handler must not keep its owner alive, so this is apart from it.
  private final class State: Sendable {
    private let waiting: Mutex<Waiting>
    let descriptor: Int32

    private struct Waiting {
      let source: any DispatchSourceRead
      var waiter: CheckedContinuation<Void, Never>?
      /// A source tells over and over that there is something to read, so it is suspended but
      /// while somebody waits.
      var isSuspended = true
    }

    init(_ descriptor: Int32) {
      self.descriptor = descriptor
      waiting = Mutex(Waiting(source: DispatchSource.makeReadSource(fileDescriptor: descriptor)))
      waiting.withLock { waiting in
        waiting.source.setEventHandler { [weak self] in self?.becameReadable() }
        waiting.source.setCancelHandler { Glibc.close(descriptor) }
      }
    }

    func wait(_ continuation: CheckedContinuation<Void, Never>) {
      let isCancelled = waiting.withLock { waiting in
        // A cancellation before this line found no waiter.
        guard !Task.isCancelled else { return true }
        waiting.waiter = continuation
        if waiting.isSuspended {
          waiting.isSuspended = false
          waiting.source.resume()
        }
        return false
      }
      if isCancelled { continuation.resume() }
    }

    func resumeWaiter() { waiting.withLock { $0.waiter.take() }?.resume() }

    private func becameReadable() {
      waiting.withLock { waiting in
        guard !waiting.isSuspended else { return }
        waiting.isSuspended = true
        waiting.source.suspend()
      }
      resumeWaiter()
    }

    func close() {
      waiting.withLock { waiting in
        waiting.source.cancel()
        // A source must not go away suspended.
        if waiting.isSuspended {
          waiting.isSuspended = false
          waiting.source.resume()
        }
      }
    }
  }
}
