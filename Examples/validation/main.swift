// What is wrong with a policy before the kernel is asked, what the kernel says to it, and whether
// it has what was asked for. Wants root; works in a network namespace of its own.

import Glibc
import XFRMKit

do {
  guard let west = IPAddress("192.0.2.1"), let east = IPAddress("192.0.2.2"),
    let office = IPPrefix("10.1.0.0/24"), let branch = IPPrefix("10.2.0.0/24")
  else { exit(1) }

  // An SA that the kernel would take, and should not be given.
  var association = SecurityAssociation(from: west, to: east, spi: 0x1001, mode: .tunnel)
  association.encryption = try Encryption(.aesCBC, key: EncryptionAlgorithm.aesCBC.randomKey())
  for finding in association.findings {
    print("\(finding.rule.severity): \(finding)\n  → \(finding.rule.remedy)")
  }
  guard association.findings.contains(where: { $0.rule.severity == .dangerous }) else { exit(1) }

  // A policy that the kernel refuses: what cannot be protected would leave in clear.
  var template = Template(from: west, to: east, mode: .tunnel, requestID: 1)
  template.isOptional = true
  var policy = Policy(
    Selector(from: office, to: branch), direction: .outgoing, templates: [template])
  let foreseen = policy.findings.first { $0.rule.severity == .refused }

  var xfrm = try XFRMClient(in: NetworkNamespace.create())
  do {
    try xfrm.add(policy)
    exit(1)
  } catch {
    print(error)
    guard case .breach(let finding)? = error.cause, finding == foreseen else { exit(1) }
  }

  // What is mended is taken, and read back there is nothing that the kernel did not take.
  policy.templates[0].isOptional = false
  policy.priority = 100
  try xfrm.add(policy)
  guard try xfrm.untaken(of: policy).isEmpty else { exit(1) }

  // Somebody else puts another in its place.
  var other = policy
  other.priority = 7
  try xfrm.update(other)
  let differences = try xfrm.untaken(of: policy)
  for difference in differences { print(difference) }
  guard differences.map(\.property) == ["priority"] else { exit(1) }
} catch {
  print(error)
  exit(1)
}
