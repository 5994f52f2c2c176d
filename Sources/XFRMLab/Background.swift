internal import Synchronization
internal import XFRMKit

/// Work on a thread of its own that goes on until it is stopped or dropped.
struct Background<Result: Sendable>: ~Copyable {
  private let state: State
  private let thread: Thread

  private final class State: Sendable {
    let isStopping = Atomic(false)
    let result: Mutex<Result>

    init(_ result: Result) { self.result = Mutex(result) }
  }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - what: What errors call that.
  ///   - nothing: The result of no work.
  ///   - work: Ends soon after its argument says that it is to.
  init(
    _ what: String, _ nothing: Result,
    _ work: @escaping @Sendable (_ isStopping: @Sendable () -> Bool) -> Result
  ) throws(LabError) {
    let state = State(nothing)
    thread = try attempt(what) { () throws(NetlinkError) in
      try Thread {
        let result = work { @Sendable in state.isStopping.load(ordering: .acquiring) }
        state.result.withLock { $0 = result }
      }
    }
    self.state = state
  }

  deinit { state.isStopping.store(true, ordering: .releasing) }

  /// Stops it, and tells what came of it once it has ended.
  consuming func stop() -> Result {
    let state = state
    _ = consume self  // The thread goes with it, once it has ended.
    return state.result.withLock { $0 }
  }
}
