internal import Dispatch
internal import Synchronization

/// Carries out an asynchronous function on the calling thread, and returns what it returns.
///
/// The pool of threads behind Swift's tasks has as many as the machine has processors. Waiting on
/// one of them for a task that itself needs one may be waiting for ever; so the task gets the
/// thread that waits.
func waitingFor<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
  let executor = CallingThreadExecutor()
  let outcome = Outcome<Value>()
  Task.detached(executorPreference: executor) {
    let value = await body()
    outcome.value.withLock { $0 = value }
  }
  while true {
    executor.runNextJob()
    if let value = outcome.value.withLock({ $0 }) { return value }
  }
}

private final class Outcome<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}

private final class CallingThreadExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let arrivals = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrivals.signal()
  }

  /// Waits for the next piece of work and does it.
  func runNextJob() {
    arrivals.wait()
    let job = jobs.withLock { $0.removeFirst() }
    // Sound: every job that was enqueued is run once.
    unsafe job.runSynchronously(on: asUnownedTaskExecutor())
  }
}
