internal import Synchronization

/// What the copies of a sequence of events share.
final class EventSource: Sendable {
  let readiness: Readiness
  private let state: Mutex<State>

  init(
    monitor: consuming NetlinkMonitor, client: consuming XFRMClient, startsWithSnapshot: Bool,
    recorder: XFRMEvents.Recorder?
  ) {
    readiness = monitor.readiness
    state = Mutex(
      State(
        monitor: monitor, client: client, recorder: recorder,
        missing: startsWithSnapshot ? .start : nil))
  }

  /// The next element if there is one.
  func next() throws(XFRMError) -> XFRMEvents.Element? {
    try state.withLock { (state) throws(XFRMError) in try state.next() }
  }
}

private struct State: ~Copyable {
  var monitor: NetlinkMonitor
  var client: XFRMClient
  /// Is handed every message that is heard.
  let recorder: XFRMEvents.Recorder?
  /// Why a snapshot is due.
  var missing: XFRMEvents.SnapshotReason?
  /// An overrun was told, and the queue was not empty since. Until it is the kernel queues nothing
  /// and tells of no further overrun (`NETLINK_S_CONGESTED`).
  var isDeaf = false
  /// What is delivered next: what came in one datagram with what was delivered last, or was heard
  /// for a snapshot that does not tell it.
  var pending: ArraySlice<XFRMEvents.Element> = []

  mutating func next() throws(XFRMError) -> XFRMEvents.Element? {
    if let reason = missing {
      let snapshot = try takeSnapshot()
      // What happened since it was taken may have been lost, and nobody would tell.
      missing = isDeaf ? .overrun : nil
      return .snapshot(snapshot, reason)
    }
    if let element = pending.popFirst() { return element }
    switch try receive() {
    case .nothing: return nil
    case .elements(let elements):
      pending = elements[...]
      return pending.popFirst()
    case .overrun:
      missing = .overrun
      return try next()
    }
  }

  private enum Reception: Equatable {
    case nothing
    case elements([XFRMEvents.Element])
    case overrun
  }

  /// Takes in what one datagram holds.
  private mutating func receive() throws(XFRMError) -> Reception {
    var elements: [XFRMEvents.Element] = []
    do throws(NetlinkError) {
      let isThere = try monitor.next(milliseconds: 0) { (message) throws(MalformedMessage) in
        recorder?(message)
        elements.append(.event(try XFRMEvent(message)))
      }
      if !isThere {
        isDeaf = false
        return .nothing
      }
    } catch {
      switch error {
      case .overrun:
        isDeaf = true
        return .overrun
      case .malformed(let problem): elements.append(.unreadable(problem))
      default: throw XFRMError("hear the kernel's IPsec announcements", error)
      }
    }
    return .elements(elements)
  }

  /// Lists both databases and applies what was announced meanwhile, until the kernel's counts agree.
  private mutating func takeSnapshot() throws(XFRMError) -> Snapshot {
    var latest: Snapshot?
    for _ in 0..<Self.attempts {
      // An older one lacks what was heard since, and that is gone from the queue.
      latest = try attemptSnapshot()
      if latest?.isVerified == true { break }
    }
    if let latest { return latest }
    return Snapshot(
      associations: try client.associations(), policies: try client.policies(),
      isVerified: false)
  }

  /// `nil` if announcements were lost, or did not tell enough.
  private mutating func attemptSnapshot() throws(XFRMError) -> Snapshot? {
    // Somebody may announce faster than this reads.
    var patience = Self.receptions
    // What is queued is older than the list, and after an overrun it has gaps.
    draining: while true {
      switch try receive() {
      case .nothing: break draining
      case .elements(let elements): keep(elements)
      case .overrun: break
      }
      patience -= 1
      if patience == 0 { return nil }
    }
    var table = SnapshotTable(try client.associations(), try client.policies())
    var counts = try self.counts()
    for _ in 0..<Self.rounds {
      var isQuiet = true
      while true {
        let reception = try receive()
        if reception == .nothing { break }
        patience -= 1
        guard case .elements(let elements) = reception else { return nil }
        keep(elements)
        guard patience > 0 else { return nil }
        isQuiet = false
        for element in elements {
          try table.apply(element) { (id) throws(XFRMError) in try stored(id) }
        }
      }
      if table.isIncomplete { return nil }
      // Nothing was announced since they were counted.
      if isQuiet { break }
      counts = try self.counts()
    }
    return table.snapshot(counts.0, counts.1)
  }

  /// Puts by what no snapshot tells. The kernel asks for an SA once, and then waits for it.
  private mutating func keep(_ elements: [XFRMEvents.Element]) {
    pending += elements.filter { !$0.isToldBySnapshots }
    // Somebody may cause them faster than anybody takes them. What the oldest ask for has waited
    // longest, and is the first to be asked for again.
    if pending.count > 2 * Self.kept { pending = pending.suffix(Self.kept) }
  }

  private mutating func counts() throws(XFRMError) -> (SADInfo, SPDInfo) {
    (try client.sadInfo(), try client.spdInfo())
  }

  private mutating func stored(
    _ id: SecurityAssociationID
  ) throws(XFRMError) -> SecurityAssociation? {
    do throws(XFRMError) {
      return try client.association(id)
    } catch {
      guard error.cause == .missing else { throw error }
      return nil
    }
  }

  /// How often both are listed at most.
  private static let attempts = 5
  /// How many datagrams of announcements are read for one list at most.
  private static let receptions = 1_000_000
  /// How many announcements wait for a snapshot at least before the oldest are given up.
  private static let kept = 10_000
  /// How often the kernel is given the chance to be quiet for the time of two counts.
  private static let rounds = 20
}
