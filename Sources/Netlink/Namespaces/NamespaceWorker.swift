internal import Dispatch
internal import Synchronization

/// A thread that stays in one network namespace and runs one closure at a time there.
///
/// Starting a thread for each closure would be simpler, but takes milliseconds in a guest kernel.
final class NamespaceWorker: Sendable {
  private let mailbox: Mailbox
  private let thread: Thread
  private let isBusy = Atomic(false)

  /// Starts the thread, which first enters its namespace.
  init(entering enter: @escaping @Sendable () throws(NetlinkError) -> Void) throws(NetlinkError) {
    let mailbox = Mailbox()
    let entry = Outcome<Void>()
    let thread = try Thread {
      var hasEntered = false
      entry.fill { () throws(NetlinkError) in
        try enter()
        hasEntered = true
      }
      mailbox.completion.signal()
      if hasEntered { mailbox.serve() }
    }
    mailbox.completion.wait()
    try entry.get()
    self.mailbox = mailbox
    self.thread = thread
  }

  deinit { mailbox.post(nil) }

  /// Runs `body` on the thread and waits for it; `false`, and nothing is run, while the thread is
  /// running another.
  func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    mailbox.post(body)
    mailbox.completion.wait()
    isBusy.store(false, ordering: .releasing)
    return true
  }
}

/// What the thread and its owner share.
private final class Mailbox: Sendable {
  private let next = Mutex<(@Sendable () -> Void)?>(nil)
  private let arrival = DispatchSemaphore(value: 0)
  let completion = DispatchSemaphore(value: 0)

  /// Hands over a closure to run, or `nil` to end.
  func post(_ body: (@Sendable () -> Void)?) {
    next.withLock { $0 = body }
    arrival.signal()
  }

  func serve() {
    while true {
      arrival.wait()
      // The closure is gone before its completion is told: what it holds is the caller's to drop.
      guard let body = next.withLock({ $0.take() }) else { return }
      body()
      _ = consume body
      completion.signal()
    }
  }
}
