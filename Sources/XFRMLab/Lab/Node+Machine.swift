internal import XFRMKit

extension Node {
  /// Makes what a machine has besides its links.
  func setUp(_ machine: Topology.Machine) throws(LabError) {
    for prefix in machine.addresses { try addAddress(prefix, to: "lo") }
    if machine.forwards {
      for family in SiteToSite.families {
        try setSysctl(
          family == .ipv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward", to: "1")
      }
    }
    for interface in machine.xfrmInterfaces {
      try change { (route) throws(NetlinkError) in
        try route.add(InterfaceName(interface.name), XFRMInterface(id: interface.id))
        try route.changeInterface(interface.name, isUp: true)
        for prefix in interface.addresses { try route.addAddress(prefix, to: interface.name) }
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

  /// Makes a virtual router and puts its interfaces under it.
  func add(_ router: Topology.VirtualRouter) throws(LabError) {
    try change { (route) throws(NetlinkError) in
      try route.add(InterfaceName(router.name), VirtualRouter(table: router.table))
      try route.changeInterface(router.name, isUp: true)
      for interface in router.interfaces { try route.enslave(interface, to: router.name) }
    }
  }

  /// Has what leaves by an interface bear its address.
  private func masquerade(_ interface: String) throws(LabError) {
    try attempt("have \(name) translate addresses (NAT)") { () throws(NetlinkError) in
      var route = try RouteConnection(in: namespace)
      let index = try route.interfaceIndex(interface)
      var filter = try NetfilterConnection(in: namespace)
      try filter.masquerade(leavingBy: index, table: "xfrmlab-\(interface)", .ipv4)
    }
  }
}
