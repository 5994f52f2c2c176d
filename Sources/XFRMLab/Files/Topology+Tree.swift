internal import StructuredText
internal import XFRMKit

extension Topology {
  /// What a file says of it.
  var tree: YAMLNode {
    YAMLNode([
      ("name", YAMLNode(text: name)),
      ("nodes", YAMLNode(machines.map(\.tree))),
      ("links", Self.list(links) { $0.tree }),
      ("tunnels", Self.list(tunnels) { $0.tree }),
    ])
  }

  fileprivate static func list<T>(_ values: [T], _ tree: (T) -> YAMLNode) -> YAMLNode? {
    values.isEmpty ? nil : YAMLNode(values.map(tree))
  }

  fileprivate static func words(_ values: [some CustomStringConvertible]) -> YAMLNode? {
    list(values) { YAMLNode(text: "\($0)") }
  }
}

extension Topology.Machine {
  fileprivate var tree: YAMLNode {
    YAMLNode([
      ("name", YAMLNode(text: name)),
      ("forward", forwards ? YAMLNode(true) : nil),
      ("addresses", Topology.words(addresses)),
      ("nat", Topology.words(masqueraded)),
      (
        "routes",
        Topology.list(routes) { route in
          YAMLNode([
            ("to", YAMLNode(text: "\(route.destination)")),
            ("via", route.gateway.map { YAMLNode(text: "\($0)") }),
            ("interface", route.interface.map { YAMLNode(text: $0) }),
            ("table", route.table == 0 ? nil : YAMLNode(route.table)),
          ])
        }
      ),
      (
        "vrfs",
        Topology.list(virtualRouters) { router in
          YAMLNode([
            ("name", YAMLNode(text: router.name)), ("table", YAMLNode(router.table)),
            ("interfaces", Topology.words(router.interfaces)),
          ])
        }
      ),
      (
        "xfrm-interfaces",
        Topology.list(xfrmInterfaces) { interface in
          YAMLNode([
            ("name", YAMLNode(text: interface.name)), ("if-id", YAMLNode(interface.id)),
            ("addresses", Topology.words(interface.addresses)),
          ])
        }
      ),
    ])
  }
}

extension Topology.Link {
  fileprivate var tree: YAMLNode {
    let ends = ends.map { end in
      YAMLNode([
        ("node", YAMLNode(text: end.machine)), ("interface", YAMLNode(text: end.interface)),
        ("addresses", Topology.words(end.addresses)),
      ])
    }
    let loss = impairment.loss
    return YAMLNode([
      ("ends", YAMLNode(ends)),
      ("delay", impairment.delay == 0 ? nil : YAMLNode("\(impairment.delay)us")),
      ("jitter", impairment.jitter == 0 ? nil : YAMLNode("\(impairment.jitter)us")),
      ("loss", loss == 0 ? nil : YAMLNode("\(LinkImpairment.shown(UInt64(loss), 10_000))%")),
      ("rate", impairment.rate.map { YAMLNode("\($0 / 1000)kbit") }),
      ("mtu", mtu.map { YAMLNode($0) }),
    ])
  }
}

extension Topology.Tunnel {
  fileprivate var tree: YAMLNode {
    let ends = ends.map { end in
      YAMLNode([
        ("node", YAMLNode(text: end.machine)), ("address", YAMLNode(text: "\(end.address)")),
        ("seen-as", end.seenAs == end.address ? nil : YAMLNode(text: "\(end.seenAs)")),
        ("networks", Topology.words(end.networks)),
      ])
    }
    return YAMLNode([
      ("name", YAMLNode(text: name)), ("ends", YAMLNode(ends)),
      ("mode", mode == .tunnel ? nil : YAMLNode("\(mode)".lowercased())),
      ("proposal", YAMLNode(text: proposal.name)),
      ("udp", isInUDP ? YAMLNode(true) : nil),
      ("if-id", interfaceID.map { YAMLNode($0) }),
    ])
  }
}
