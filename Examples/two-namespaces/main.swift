// Two network namespaces, an ESP tunnel between them, and the proof that pings went through it.
// Wants root and a kernel with ESP; the machine's own network is not touched.

import Glibc
import XFRMKit
import XFRMLab

guard let west = IPAddress("192.0.2.1"), let east = IPAddress("192.0.2.2"),
  let office = IPPrefix("10.1.0.1"), let branch = IPPrefix("10.2.0.1")
else { exit(64) }

do {
  // A cable between two namespaces, and behind each end of it an address to be reached.
  let (left, right) = (try Node("left"), try Node("right"))
  try Node.connect(left, "eth0", right, "eth0")
  for (node, outer, inner) in [(left, west, office), (right, east, branch)] {
    try node.addAddress(IPPrefix(outer, length: 24), to: "eth0")
    try node.addAddress(inner, to: "lo")
  }
  try left.addRoute(to: branch, via: east)
  try right.addRoute(to: office, via: west)

  // An SA for each direction. Both ends have both, with the same keys.
  var forth = SecurityAssociation(from: west, to: east, spi: 0x1001, mode: .tunnel)
  var back = SecurityAssociation(from: east, to: west, spi: 0x2002, mode: .tunnel)
  (forth.requestID, back.requestID) = (1, 1)
  ESPProposal.aes256gcm16.protect(&forth)
  ESPProposal.aes256gcm16.protect(&back)

  // Policies: what leaves goes into the tunnel, and only what came out of it is let in.
  let (out, home) = (Selector(from: office, to: branch), Selector(from: branch, to: office))
  for (node, sent, outgoing, received, incoming) in [
    (left, out, forth, home, back), (right, home, back, out, forth),
  ] {
    var xfrm = try XFRMClient(in: node.namespace)
    for association in [forth, back] { try xfrm.add(association) }
    try xfrm.add(Policy(sent, direction: .outgoing, templates: [Template(outgoing)]))
    try xfrm.add(Policy(received, direction: .incoming, templates: [Template(incoming)]))
  }

  // The proof: both SAs have counted every ping and every answer.
  let answered = try Flow(from: left, office.address, to: right, branch.address).ping(3)
  var xfrm = try XFRMClient(in: right.namespace)
  let received = try xfrm.association(forth.id).usage.packets
  let sent = try xfrm.association(back.id).usage.packets
  print("\(answered) of 3 pings answered; right received \(received) in ESP and sent \(sent)")
  guard answered == 3, received == 3, sent == 3 else { exit(1) }
} catch {
  print(error)
  exit(1)
}
