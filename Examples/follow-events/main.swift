// A mirror of the kernel's policies that stays right, even when announcements are lost.
// Wants root; works in a network namespace of its own.

import Glibc
import XFRMKit

/// A policy that drops what goes to one address of 10.0.0.0/8.
func policy(_ number: UInt32) -> Policy {
  let address = IPPrefix(.v4(0x0a00_0000 | number))
  return Policy(Selector(from: .any(.ipv4), to: address), direction: .outgoing, action: .block)
}

do {
  let namespace = try NetworkNamespace.create()
  var xfrm = try XFRMClient(in: namespace)
  try xfrm.add(policy(1))

  // First comes how things stand, then every change. The kernel may queue next to nothing here, so
  // that it has to forget something.
  let events = try XFRMEvents.snapshotThenFollow(in: namespace, bufferBytes: 4096)
  var mirror = PolicyMirror()
  for try await element in events {
    mirror.take(element)
    if case .snapshot(_, .start) = element {
      print("\(mirror.policies.count) policy to begin with")
      guard mirror.policies.count == 1 else { exit(1) }
      try xfrm.add(policy(2))
    } else if case .event(let event) = element {
      print("port \(event.port) caused an event, now there are \(mirror.policies.count)")
      guard event.port == xfrm.port, mirror.policies.count == 2 else { exit(1) }
      break
    }
  }

  // More than can be queued, while nobody reads.
  let result = xfrm.perform((3...1_000).map { .addPolicy(policy($0)) })
  guard result.isAccepted else { exit(1) }
  for try await element in events {
    mirror.take(element)
    if mirror.overruns > 0 { break }
  }
  print("announcements were lost, the mirror has \(mirror.policies.count) policies")
  let truth = Set(try xfrm.policies().map(\.key))
  guard Set(mirror.policies.keys) == truth, truth.count == 1_000 else { exit(1) }
} catch {
  print(error)
  exit(1)
}
