import XFRMKit
import XFRMLab

/// `xfrmctl lab list --json`
struct LabListJSON: Encodable {
  struct Node: Encodable {
    var name: String
    var addresses: [String]
  }

  struct Tunnel: Encodable {
    var name: String
    /// The nodes at its ends.
    var ends: [String]
    var mode: String
    var proposal: String
  }

  struct Lab: Encodable {
    var name: String
    /// The one that holds it.
    var process: Int32
    /// `up`, or `starting` while it is being built.
    var state: String
    var nodes: [Node]
    var links: Int
    var tunnels: [Tunnel]
    /// What the kernel could not do.
    var notes: [String]

    init(_ lab: RunningLab) {
      name = lab.name
      process = lab.process
      state = lab.topology == nil ? "starting" : "up"
      let topology = lab.topology ?? Topology(lab.name)
      nodes = topology.machines.map { machine in
        Node(
          name: machine.name,
          addresses: topology.addresses(of: machine.name).map(\.description))
      }
      links = topology.links.count
      tunnels = topology.tunnels.map {
        Tunnel(
          name: $0.name, ends: $0.ends.map(\.machine), mode: "\($0.mode)".lowercased(),
          proposal: $0.proposal.name)
      }
      notes = lab.notes
    }
  }

  var version = 1
  var labs: [Lab]

  init(_ labs: [RunningLab]) { self.labs = labs.map { Lab($0) } }
}
