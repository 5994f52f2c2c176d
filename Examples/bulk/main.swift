// Ten thousand policies in a few datagrams, what became of each of them, and how to take back
// what was accepted. Wants root; works in a network namespace of its own.

import Glibc
import XFRMKit

/// A policy that drops what goes to one address of 10.0.0.0/8.
func policy(_ number: UInt32) -> Policy {
  let address = IPPrefix(.v4(0x0a00_0000 | number))
  return Policy(Selector(from: .any(.ipv4), to: address), direction: .outgoing, action: .block)
}

do {
  var xfrm = try XFRMClient(in: NetworkNamespace.create())

  // The 5,000th is asked for twice, and the kernel refuses the second one.
  let numbers: [UInt32] = Array(1...5_000) + Array(5_000...10_000)
  let additions = numbers.map { Operation.addPolicy(policy($0)) }
  let result = xfrm.perform(additions)
  if let failure = result.failure { throw failure }

  for (operation, outcome) in zip(additions, result.outcomes) {
    if case .refused(let refusal) = outcome { print(XFRMError(operation, .refused(refusal))) }
  }
  let added = try xfrm.spdInfo().outgoing
  print("\(additions.count) asked for, \(added) are there")
  guard added == 10_000, result.outcomes[5_000] != .accepted else { exit(1) }

  // A datagram is no transaction: taking back what was accepted is up to the caller.
  let removals = zip(numbers, result.outcomes).compactMap { number, outcome in
    outcome == .accepted ? Operation.deletePolicy(policy(number).key) : nil
  }
  guard xfrm.perform(removals).isAccepted, try xfrm.spdInfo().outgoing == 0 else { exit(1) }
  print("\(removals.count) taken back")

  // Stopping at the first refusal costs a datagram for each change.
  var careful = BatchOptions()
  careful.onRefusal = .stop
  let stopped = xfrm.perform(additions, options: careful)
  let notSent = stopped.outcomes.count { $0 == .notSent }
  print("stopped: \(try xfrm.spdInfo().outgoing) added, \(notSent) not sent")
  guard notSent == 5_000, try xfrm.spdInfo().outgoing == 5_000 else { exit(1) }
} catch {
  print(error)
  exit(1)
}
