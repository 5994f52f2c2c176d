internal import XFRMKit

/// A topology that was built: namespaces, cables, addresses, routes, SAs and policies.
///
/// All of it vanishes with the last copy of the value, or with the process, however that ends.
public struct Lab: Sendable {
  /// What was built.
  public let topology: Topology
  /// What this kernel could not do, for somebody to read.
  public private(set) var notes: [String] = []
  /// The tunnels that have no SAs, as the kernel lacks what they take.
  public private(set) var unprotected: Set<String> = []
  private let nodes: [String: Node]
  /// By node and address: several tunnels share one.
  private var sockets: [String: [IPAddress: EncapsulationSocket]] = [:]

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
      try Node.connect(
        node(link.left.machine), link.left.interface, node(link.right.machine),
        link.right.interface, mtu: link.mtu, impairment: link.impairment)
    }
    for machine in topology.machines { try node(machine.name).addInterfaces(machine) }
    let ends = topology.links.flatMap(\.ends)
    // What came under a virtual router was down for a moment.
    for end in ends { try node(end.machine).waitUntilRunning(end.interface) }
    for machine in topology.machines {
      try node(machine.name).setUp(machine, ends.filter { $0.machine == machine.name })
    }
  }

  private mutating func protect(_ index: Int) throws(LabError) {
    let tunnel = topology.tunnels[index]
    for (end, entries) in zip(tunnel.ends, topology.entries(ofTunnel: index)) {
      let node = try node(end.machine)
      // Loads xfrm_user where that is a module; without it sockets take no policies.
      var xfrm = try node.xfrm()
      if tunnel.isInUDP, sockets[end.machine]?[end.address] == nil {
        sockets[end.machine, default: [:]][end.address] = try node.run { () throws(LabError) in
          try EncapsulationSocket(end.address)
        }
      }
      do {
        try addUnlessMissing(entries.associations, of: tunnel, &xfrm)
        for policy in entries.policies { try xfrm.add(policy) }
      } catch {
        throw .xfrm(error)
      }
    }
  }

  private mutating func addUnlessMissing(
    _ associations: [SecurityAssociation], of tunnel: Topology.Tunnel, _ xfrm: inout XFRMClient
  ) throws(XFRMError) {
    do throws(XFRMError) {
      for association in associations { try xfrm.add(association) }
    } catch {
      guard error.isLackOfKernel else { throw error }
      let note = "this kernel lacks what the SAs take, so there are none: \(error)"
      if notes.isEmpty { notes.append(note) }
      unprotected.insert(tunnel.name)
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
