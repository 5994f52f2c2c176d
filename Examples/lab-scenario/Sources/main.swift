// A scenario in a lab: what a tunnel protects arrives encrypted, what it does not protect shows on the
// wire, and without SAs nothing passes. Wants root and a kernel with ESP; the machine's own network is
// not touched.

import Glibc
import XFRMKit
import XFRMLab

do {
  let lab = try Lab(
    yaml: """
      nodes:
        - {name: berlin, addresses: 10.1.0.1/24, routes: [{to: 10.2.0.0/24, via: 192.0.2.2}]}
        - {name: paris, addresses: 10.2.0.1/24, routes: [{to: 10.1.0.0/24, via: 192.0.2.1}]}
      links:
        - ends:
            - {node: berlin, interface: wan, addresses: 192.0.2.1/24}
            - {node: paris, interface: wan, addresses: 192.0.2.2/24}
      tunnels:
        - name: berlin-paris
          ends:
            - {node: berlin, address: 192.0.2.1, networks: 10.1.0.0/24}
            - {node: paris, address: 192.0.2.2, networks: 10.2.0.0/24}
      """)
  print(lab.topology.text() + "\n")

  print(try lab.send(20, from: "berlin", to: "paris").expectDelivered().expectEncrypted())

  // Between the gateways themselves no policy is for it: the same watch sees it.
  let outside = lab.topology.links[0].ends.compactMap { $0.addresses.first?.address }
  print(
    try lab.send(20, from: "berlin", to: "paris", source: outside[0], destination: outside[1])
      .expectDelivered().expectInClear())

  var paris = try lab.node("paris").xfrm()
  try paris.flushAssociations()
  print(
    try lab.send(20, from: "berlin", to: "paris", patience: 200).expectDropped()
      .expectRaised("XfrmInNoStates", on: "paris"))
} catch {
  print(error)
  exit(1)
}
