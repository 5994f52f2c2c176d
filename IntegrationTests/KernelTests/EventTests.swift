import Testing
import XFRMKit

extension Kernel {
  /// What the kernel announces, and how the databases stand when it could not.
  @Suite("Announcements", .timeLimit(.minutes(2)))
  struct EventTests {
    @Test("every change of a policy is announced, as it is stored")
    func policies() async throws {
      let namespace = try NetworkNamespace.create()
      var xfrm = try XFRMClient(in: namespace)
      var events = try XFRMEvents(in: namespace).makeAsyncIterator()
      var policy = numberedPolicy(1)
      try xfrm.add(policy)
      var stored = try xfrm.policy(policy.key)
      #expect(try await events.nextContent() == .policyAdded(stored))

      policy.priority = 7
      try xfrm.update(policy)
      stored = try xfrm.policy(policy.key)
      #expect(try await events.nextContent() == .policyUpdated(stored))

      try xfrm.perform(.expirePolicy(policy.key, isHard: false))
      guard case .policyExpired(let expiry) = try await events.nextContent() else {
        Issue.record("no expiry")
        return
      }
      #expect(expiry.policy.key == policy.key)
      #expect(!expiry.isHard)

      try xfrm.delete(policy.key)
      #expect(try await events.nextContent() == .policyDeleted(stored))

      try xfrm.add(policy)
      _ = try await events.nextContent()
      try xfrm.perform(.expirePolicy(policy.key, isHard: true))
      guard case .policyExpired(let expiry) = try await events.nextContent() else {
        Issue.record("no expiry")
        return
      }
      #expect(expiry.isHard)
      #expect(try xfrm.policies().isEmpty)

      // Of an empty table nothing is announced.
      try xfrm.flushPolicies()
      try xfrm.add(policy)
      _ = try await events.nextContent()
      try xfrm.flushPolicies()
      #expect(try await events.nextContent() == .policiesFlushed(.main))

      _ = try xfrm.allocateSPI(
        SPIRequest(from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel))
      try xfrm.flushAssociations(.ipsec)
      #expect(try await events.nextContent() == .associationsFlushed(.ipsec))

      let blocking = DefaultActions(incoming: .block, forwarded: .unchanged, outgoing: .accept)
      try xfrm.perform(.setDefaultActions(blocking))
      let actions = DefaultActions(incoming: .block, forwarded: .accept, outgoing: .accept)
      #expect(try xfrm.defaultActions() == actions)
      #expect(try await events.nextContent() == .defaultActionsChanged(actions))
    }

    @Test("a change says whose it is")
    func origin() async throws {
      let namespace = try NetworkNamespace.create()
      var one = try XFRMClient(in: namespace)
      var other = try XFRMClient(in: namespace)
      var events = try XFRMEvents(in: namespace).makeAsyncIterator()
      try one.add(numberedPolicy(1))
      try other.add(numberedPolicy(2))
      for port in [one.port, other.port] {
        guard case .event(let event) = try await events.next() else {
          Issue.record("no announcement")
          return
        }
        #expect(event.port == port)
      }
      #expect(one.port != other.port)
    }

    @Test("every change of an SA is announced", Bed.needsESP)
    func associations() async throws {
      let namespace = try NetworkNamespace.create()
      var xfrm = try XFRMClient(in: namespace)
      var events = try XFRMEvents(of: .passive, in: namespace).makeAsyncIterator()
      let association = numberedAssociation(1)
      try xfrm.add(association)
      let stored = try xfrm.association(association.id)
      #expect(try await events.nextContent() == .associationAdded(stored))

      var changed = association
      changed.lifetime.hard.packets = 1_000
      try xfrm.update(changed)
      guard case .associationUpdated(let updated) = try await events.nextContent() else {
        Issue.record("no update")
        return
      }
      #expect(updated.lifetime.hard.packets == 1_000)

      try xfrm.perform(.expireAssociation(association.id, isHard: false))
      guard case .associationExpired(let soft) = try await events.nextContent() else {
        Issue.record("no expiry")
        return
      }
      #expect(soft.association.id == association.id)
      #expect(!soft.isHard)

      var checkpoint = AssociationCheckpoint(association.id)
      checkpoint.replayState = ReplayState()
      checkpoint.replayState?.outgoingSequence = 77
      try xfrm.perform(.setCheckpoint(checkpoint))
      guard case .checkpoint(let announced) = try await events.nextContent() else {
        Issue.record("no checkpoint")
        return
      }
      #expect(announced.replayState?.outgoingSequence == 77)
      #expect(announced.flags.contains(.wasSet))

      try xfrm.delete(association.id)
      guard case .associationDeleted(let deleted) = try await events.nextContent() else {
        Issue.record("no deletion")
        return
      }
      #expect(deleted.aead == association.aead)
      #expect(deleted.id == association.id)
    }

    @Test("an acquire says which SA is needed for what")
    func acquire() async throws {
      let namespace = try NetworkNamespace.create()
      var xfrm = try XFRMClient(in: namespace)
      var events = try XFRMEvents(of: .acquire, in: namespace).makeAsyncIterator()
      var policy = numberedPolicy(1)
      policy.action = .allow
      policy.templates = [
        Template(from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel, requestID: 5)
      ]
      var asked = Acquire(
        from: .v4(0xc000_0201), to: .v4(0xc000_0202), selector: policy.selector, policy: policy)
      asked.sequence = 99
      try xfrm.perform(.acquire(asked))
      guard case .acquire(let acquire) = try await events.nextContent() else {
        Issue.record("no acquire")
        return
      }
      #expect(acquire.source == asked.source)
      #expect(acquire.destination == asked.destination)
      #expect(acquire.policy.templates == policy.templates)
      #expect(acquire.selector == asked.selector)
    }

    @Test("waiting ends when its task is cancelled, and can begin again")
    func cancellation() async throws {
      let namespace = try NetworkNamespace.create()
      let events = try XFRMEvents(in: namespace)
      for _ in 0..<3 {
        let waiting = Task { () async throws -> XFRMEvents.Element? in
          for try await element in events { return element }
          return nil
        }
        try await Task.sleep(for: .milliseconds(20))
        waiting.cancel()
        #expect(try await waiting.value == nil)
      }
      var xfrm = try XFRMClient(in: namespace)
      try xfrm.add(numberedPolicy(1))
      var iterator = events.makeAsyncIterator()
      let stored = try xfrm.policy(numberedPolicy(1).key)
      #expect(try await iterator.nextContent() == .policyAdded(stored))
    }
  }
}

extension XFRMEvents.Iterator {
  /// The next announcement; anything else is a failure.
  mutating func nextContent() async throws -> XFRMEvent.Content? {
    guard case .event(let event) = try await next() else {
      Issue.record("something else than an announcement")
      return nil
    }
    return event.content
  }
}
