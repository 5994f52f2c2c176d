internal import XFRMKit

/// A topology that was built: namespaces, cables, addresses, routes, SAs and policies.
///
/// All of it vanishes with the last copy of the value, or with the process, however that ends.
public struct Lab: Sendable {
  /// What was built.
  public let topology: Topology
  /// What this kernel could not do, for somebody to read.
  public private(set) var notes: [String] = []
  private let nodes: [String: Node]
  private var sockets: [EncapsulationSocket] = []

  /// Builds a network.
  ///
  /// Where the kernel has no ESP the SAs are left out, and a note says so: the policies are there all
  /// the same, and nothing that they are for passes.
  ///
  /// - Parameters:
  ///   - topology: What to build.
  ///   - isProtected: Whether tunnels get SAs and policies. Without them it is somebody else's task,
  ///     such as an IKE daemon's, and what tunnels go over is watched all the same.
  ///   - progress: Told what comes next.
  public init(
    _ topology: Topology, isProtected: Bool = true, progress: (String) -> Void = { _ in }
  ) throws(LabError) {
    self.topology = topology
    progress("Making \(topology.machines.count) namespaces")
    // Asking loads IPv6 where that is a module, and namespaces get it only if it is there by then.
    _ = SiteToSite.families
    var nodes: [String: Node] = [:]
    for machine in topology.machines { nodes[machine.name] = try Node(machine.name) }
    self.nodes = nodes
    progress("Connecting them")
    try connect()
    for machine in topology.machines { try node(machine.name).setUp(machine) }
    guard isProtected else { return }
    progress("Installing SAs and policies")
    for index in topology.tunnels.indices { try protect(index) }
  }

  /// A node.
  ///
  /// - Parameter name: What the topology calls it.
  public func node(_ name: String) throws(LabError) -> Node {
    guard let node = nodes[name] else {
      let known = topology.machines.map(\.name).joined(separator: ", ")
      throw .scenario("there is no node “\(name)”; there are \(known)")
    }
    return node
  }

  // MARK: Building

  private func connect() throws(LabError) {
    for link in topology.links {
      let (left, right) = (try node(link.left.machine), try node(link.right.machine))
      try Node.connect(
        left, link.left.interface, right, link.right.interface, mtu: link.mtu,
        impairment: link.impairment)
      for (node, end) in [(left, link.left), (right, link.right)] {
        for prefix in end.addresses { try node.addAddress(prefix, to: end.interface) }
      }
    }
    // Beneath a VRF addresses and routes are its own, so it comes before other routes.
    for machine in topology.machines {
      for router in machine.virtualRouters { try node(machine.name).add(router) }
    }
  }

  private mutating func protect(_ index: Int) throws(LabError) {
    let tunnel = topology.tunnels[index]
    for (end, entries) in zip(tunnel.ends, topology.entries(ofTunnel: index)) {
      let node = try node(end.machine)
      // Loads xfrm_user where that is a module; without it sockets take no policies.
      var xfrm = try node.xfrm()
      if tunnel.isInUDP {
        sockets.append(
          try node.run { () throws(LabError) in try EncapsulationSocket(end.address) })
      }
      do {
        try addUnlessMissing(entries.associations, &xfrm)
        for policy in entries.policies { try xfrm.add(policy) }
      } catch {
        throw .xfrm(error)
      }
    }
  }

  private mutating func addUnlessMissing(
    _ associations: [SecurityAssociation], _ xfrm: inout XFRMClient
  ) throws(XFRMError) {
    do throws(XFRMError) {
      for association in associations { try xfrm.add(association) }
    } catch {
      guard error.isLackOfKernel else { throw error }
      let note = "this kernel lacks what the SAs take, so there are none: \(error)"
      if notes.isEmpty { notes.append(note) }
    }
  }
}

extension XFRMError {
  /// Whether it is the kernel that has no such thing as an SA of this kind.
  var isLackOfKernel: Bool {
    switch cause {
    case .noProtocol, .noAlgorithm, .algorithmIncomplete, .noMode: true
    default: false
    }
  }
}
