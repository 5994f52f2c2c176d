import Testing
import XFRMKit

extension Kernel.EventTests {
  @Test("an acquire that was announced before the snapshot is told after it")
  func acquireBeforeSnapshot() async throws {
    let namespace = try NetworkNamespace.create()
    var xfrm = try XFRMClient(in: namespace)
    var events = try XFRMEvents(
      of: .acquire, in: namespace, startsWithSnapshot: true
    ).makeAsyncIterator()
    var policy = numberedPolicy(1)
    policy.action = .allow
    policy.templates = [
      Template(from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel, requestID: 5)
    ]
    try xfrm.add(policy)
    var asked = Acquire(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), selector: policy.selector, policy: policy)
    asked.sequence = 99
    try xfrm.perform(.acquire(asked))
    guard case .snapshot(let snapshot, .start) = try await events.next() else {
      Issue.record("no snapshot")
      return
    }
    #expect(snapshot.policies.map(\.key) == [policy.key])
    guard case .acquire(let acquire) = try await events.nextContent() else {
      Issue.record("no acquire")
      return
    }
    #expect(acquire.policy.templates == policy.templates)
    // The policy's addition is in the snapshot.
    try xfrm.delete(policy.key)
    guard case .policyDeleted = try await events.nextContent() else {
      Issue.record("something between the acquire and the deletion")
      return
    }
  }

  @Test("a snapshot and what follows add up to what is there, however much changes meanwhile")
  func snapshotThenFollow() async throws {
    let namespace = try NetworkNamespace.create()
    let count = Self.scale(20_000)
    let quiet = try Changes(in: namespace)
    quiet.add(0..<count)
    let reader = Task {
      try await Mirror.follow(XFRMEvents.snapshotThenFollow(in: namespace, bufferBytes: 8 << 20))
    }
    let writer = Task.detached { try Changes(in: namespace).churn(count) }
    try await writer.value
    let mirror = try await reader.value
    #expect(mirror.starts == 1)
    #expect(mirror.policies == (try Mirror.dump(namespace)))
  }

  @Test("a burst that overruns a small buffer is told, and what follows adds up to what is there")
  func overrun() async throws {
    let namespace = try NetworkNamespace.create()
    let count = Self.scale(70_000)
    let events = try XFRMEvents(in: namespace, bufferBytes: 1)
    let reader = Task { try await Mirror.follow(events) }
    let writer = Task.detached { try Changes(in: namespace).burst(count) }
    try await writer.value
    let mirror = try await reader.value
    #expect(mirror.overruns > 0)
    #expect(mirror.policies == (try Mirror.dump(namespace)))
    #expect(mirror.policies.count == count / 2 + 1)
  }

  /// Guests are slower.
  private static func scale(_ count: Int) -> Int {
    switch Bed.name {
    case "host": count
    case "uml": count / 20
    default: count / 100
    }
  }

  @Test("without a burst nothing is overrun")
  func noOverrun() async throws {
    let namespace = try NetworkNamespace.create()
    let events = try XFRMEvents(in: namespace, bufferBytes: 8 << 20)
    let writer = try Changes(in: namespace)
    writer.add(0..<100)
    writer.finish()
    let mirror = try await Mirror.follow(events)
    #expect(mirror.overruns == 0)
    #expect(mirror.policies == (try Mirror.dump(namespace)))
    #expect(mirror.policies.count == 101)
  }
}

/// The policies as somebody knows them who has only listened.
private struct Mirror {
  var policies: [PolicyKey: Policy] = [:]
  var starts = 0
  var overruns = 0

  /// Listens until the last change has been told, by itself or in a snapshot.
  static func follow(_ events: XFRMEvents) async throws -> Mirror {
    var mirror = Mirror()
    for try await element in events {
      switch element {
      case .snapshot(let snapshot, let reason):
        mirror.policies = Dictionary(
          uniqueKeysWithValues: snapshot.policies.map { ($0.key, $0) })
        if reason == .start { mirror.starts += 1 } else { mirror.overruns += 1 }
      case .event(let event):
        switch event.content {
        case .policyAdded(let policy), .policyUpdated(let policy):
          mirror.policies[policy.key] = policy
        case .policyDeleted(let policy): mirror.policies[policy.key] = nil
        default: Issue.record("\(event)")
        }
      case .unreadable(let problem): Issue.record("\(problem)")
      }
      if mirror.policies[Changes.last.key] != nil { break }
    }
    return mirror
  }

  static func dump(_ namespace: NetworkNamespace) throws -> [PolicyKey: Policy] {
    var xfrm = try XFRMClient(in: namespace)
    return Dictionary(uniqueKeysWithValues: try xfrm.policies().map { ($0.key, $0) })
  }
}

/// Somebody who changes policies.
private final class Changes {
  /// The last thing that is added.
  static let last = numberedPolicy(0xff_ffff)

  private var xfrm: XFRMClient

  init(in namespace: NetworkNamespace) throws(XFRMError) {
    xfrm = try XFRMClient(in: namespace)
  }

  func add(_ numbers: Range<Int>) {
    #expect(xfrm.perform(numbers.map { .addPolicy(numberedPolicy($0)) }).isAccepted)
  }

  func finish() { #expect(xfrm.perform([.addPolicy(Self.last)]).isAccepted) }

  /// Adds many and takes back half of them.
  func burst(_ count: Int) throws {
    add(0..<count)
    #expect(
      xfrm.perform((0..<count / 2).map { .deletePolicy(numberedPolicy($0).key) }).isAccepted)
    finish()
  }

  /// Replaces every policy, deletes every third and adds others, a few at a time.
  func churn(_ count: Int) throws {
    for start in stride(from: 0, to: count, by: 100) {
      var operations: [Operation] = []
      for number in start..<start + 100 {
        var policy = numberedPolicy(number)
        policy.priority = UInt32(number)
        operations.append(.updatePolicy(policy))
        if number.isMultiple(of: 3) { operations.append(.deletePolicy(policy.key)) }
        operations.append(.addPolicy(numberedPolicy(count + number)))
      }
      #expect(xfrm.perform(operations).isAccepted)
    }
    finish()
  }
}

func numberedPolicy(_ number: Int) -> Policy {
  Policy(
    Selector(
      from: IPPrefix(.v4(0x0a00_0000)), to: IPPrefix(.v4(0x0b00_0000 + UInt32(number)))),
    direction: .outgoing, action: .block)
}

func numberedAssociation(_ number: Int) -> SecurityAssociation {
  var association = SecurityAssociation(
    from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: SPI(rawValue: 0x1000 + UInt32(number)),
    mode: .tunnel)
  association.requestID = 42
  ESPProposal.aes256gcm16.protect(&association)
  return association
}
