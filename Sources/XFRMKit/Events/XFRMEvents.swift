/// What the kernel announces about the IPsec databases of a network namespace, as it happens.
///
/// Only the kernel's own messages are believed. What the kernel cannot queue it forgets, and what it
/// had queued is worth little then: a ``Element/snapshot(_:_:)`` says how things stand now, and
/// events go on from there. An element is fetched when it is asked for, so a slow reader makes the
/// kernel queue, not this process.
///
/// One task at a time may iterate. It ends when the task is cancelled.
public struct XFRMEvents: AsyncSequence, Sendable {
  public typealias Failure = XFRMError

  @nonexhaustive
  public enum Element: Equatable, Sendable {
    /// Something has happened.
    case event(XFRMEvent)
    /// How things stand now, all events until now included. Those that say something else than how
    /// things stand come after it: ``XFRMEvent/Content/acquire(_:)``, soft limits, mappings,
    /// checkpoints, default actions, reports, and what could not be understood.
    case snapshot(Snapshot, SnapshotReason)
    /// An announcement that makes no sense.
    case unreadable(MalformedMessage)
  }

  /// Why there is a snapshot.
  public enum SnapshotReason: Hashable, Sendable {
    /// It was asked for.
    case start
    /// Announcements were lost.
    case overrun
  }

  /// Is lent each message as it came.
  public typealias Recorder = @Sendable (borrowing NetlinkMessage) -> Void

  private let source: EventSource

  /// Begins to hear announcements. The kernel queues them from now on.
  ///
  /// - Parameters:
  ///   - groups: What to hear.
  ///   - namespace: Where; the calling thread's namespace if `nil`.
  ///   - startsWithSnapshot: Hears ``EventGroups/changes``, too. The first element is how things
  ///     stand when events begin. The kernel never says that a table changed while it was listed,
  ///     so the list is taken while events are heard already, those are applied to it, and it is
  ///     held against the kernel's counts.
  ///   - bufferBytes: How much the kernel may queue; `nil` leaves the system's default.
  ///   - recorder: Is lent every message that is heard, keys included, before it becomes an element.
  public init(
    of groups: EventGroups = .changes, in namespace: NetworkNamespace? = nil,
    startsWithSnapshot: Bool = false, bufferBytes: Int32? = nil, recorder: Recorder? = nil
  ) throws(XFRMError) {
    // Without these a snapshot cannot be brought up to date.
    let heard = startsWithSnapshot ? groups.union(.changes) : groups
    let client = try XFRMClient(in: namespace)
    let monitor: NetlinkMonitor
    do throws(NetlinkError) {
      monitor = try NetlinkMonitor(
        .xfrm, groups: heard.numbers, in: namespace, bufferBytes: bufferBytes)
    } catch {
      throw XFRMError("listen to the kernel's IPsec announcements", error)
    }
    source = EventSource(
      monitor: monitor, client: client, startsWithSnapshot: startsWithSnapshot,
      recorder: recorder)
  }

  /// How things stand, and then every change.
  public static func snapshotThenFollow(
    in namespace: NetworkNamespace? = nil, bufferBytes: Int32? = nil
  ) throws(XFRMError) -> XFRMEvents {
    try XFRMEvents(in: namespace, startsWithSnapshot: true, bufferBytes: bufferBytes)
  }

  /// Waits for the next element, holding the thread: for programs that do nothing else meanwhile.
  /// `nil` if there was none in time.
  ///
  /// - Parameter milliseconds: How long to wait at most each time for the kernel; for ever if
  ///   negative.
  public func waitForNext(milliseconds: Int32 = -1) throws(XFRMError) -> Element? {
    while true {
      if let element = try source.next() { return element }
      do throws(NetlinkError) {
        guard try source.readiness.wait(milliseconds: milliseconds) else { return nil }
      } catch {
        throw XFRMError("hear the kernel's IPsec announcements", error)
      }
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

  /// Goes through what the kernel announces. Copies share what is yet to come.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let source: EventSource

    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(XFRMError) -> Element? {
      while !Task.isCancelled {
        if let element = try source.next() { return element }
        await source.readiness.wait()
      }
      return nil
    }
  }
}
