internal import XFRMKit

extension Node {
  /// Makes the interfaces that a machine has besides its cables, and puts what is to be under a virtual
  /// router there. That takes addresses away from interfaces, so none has any yet.
  func addInterfaces(_ machine: Topology.Machine) throws(LabError) {
    for interface in machine.xfrmInterfaces {
      try change(
        "make \(interface.name) on \(name)", needing: "xfrm interfaces (module xfrm_interface)"
      ) { (route) throws(NetlinkError) in
        try route.add(InterfaceName(interface.name), XFRMInterface(id: interface.id))
        try route.changeInterface(interface.name, isUp: true)
      }
    }
    for router in machine.virtualRouters {
      try change("make \(router.name) on \(name)", needing: "VRF (module vrf)") {
        (route) throws(NetlinkError) in
        try route.add(InterfaceName(router.name), VirtualRouter(table: router.table))
        try route.changeInterface(router.name, isUp: true)
        for interface in router.interfaces { try route.enslave(interface, to: router.name) }
      }
    }
  }

  /// Gives a machine its addresses, routes and what else it has.
  ///
  /// - Parameters:
  ///   - machine: What it is to be.
  ///   - ends: Those of its cables.
  func setUp(_ machine: Topology.Machine, _ ends: [Topology.End]) throws(LabError) {
    let addresses =
      [("lo", machine.addresses)] + ends.map { ($0.interface, $0.addresses) }
      + machine.xfrmInterfaces.map { ($0.name, $0.addresses) }
    for (interface, prefixes) in addresses {
      for prefix in prefixes { try addAddress(prefix, to: interface) }
    }
    if machine.forwards {
      for family in SiteToSite.families {
        try setSysctl(
          family == .ipv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward", to: "1")
      }
    }
    for wanted in machine.routes {
      try change { (route) throws(NetlinkError) in
        var entry = Route(to: wanted.destination)
        entry.gateway = wanted.gateway
        entry.table = wanted.table
        if let name = wanted.interface { entry.interfaceIndex = try route.interfaceIndex(name) }
        try route.add(entry)
      }
    }
    for interface in machine.masqueraded { try masquerade(interface) }
  }

  /// Has what leaves by an interface bear its address.
  private func masquerade(_ interface: String) throws(LabError) {
    try attempt(
      "have \(name) translate addresses",
      needing: "NAT in nf_tables (modules nf_tables, nft_chain_nat and nft_masq)"
    ) { () throws(NetlinkError) in
      var route = try RouteConnection(in: namespace)
      let index = try route.interfaceIndex(interface)
      var filter = try NetfilterConnection(in: namespace)
      try filter.masquerade(leavingBy: index, table: "xfrmlab-\(interface)", .ipv4)
    }
  }
}
