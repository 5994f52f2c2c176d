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
}
