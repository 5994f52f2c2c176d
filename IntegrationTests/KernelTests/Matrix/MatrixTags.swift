import XFRMLab

@testable import XFRMKit

/// What ties SAs and policies to some packets only: marks, interfaces, directions.
enum MatrixTags {
  static let all =
    [AddressFamily.ipv4, .ipv6].flatMap { [marks($0), outputMark($0)] }
    + Way.all.filter { $0.mode == .tunnel }.map(interface) + Way.all.map(direction)

  /// What is marked is protected; what is not is not for these, and is not taken in clear.
  private static func marks(_ family: AddressFamily) -> MatrixCase {
    MatrixCase(feature: "Marks", name: "\(family)") { rig in
      let protection = Protection(mode: .transport, family: family)
      var plan = rig.plan(protection)
      for (site, entries) in [
        (rig.sites.a, \ProtectionPlan.a), (rig.sites.b, \ProtectionPlan.b),
      ] {
        for index in plan[keyPath: entries].associations.indices
        where plan[keyPath: entries].associations[index].source == site.gatewayAddress(family) {
          plan[keyPath: entries].associations[index].mark = Mark(7)
        }
        plan[keyPath: entries].policies[0].mark = Mark(7)
      }
      let installed = try rig.sites.install(plan)
      defer { withExtendedLifetime(installed) {} }
      let flow = rig.sites.flow(protection)
      let marked = try MatrixTraffic(rig, flow, tags: PacketTags(mark: 7))
      let unmarked = try MatrixTraffic(rig, flow, patience: 50)
      var complaints = Complaints()
      complaints.expect("delivered unmarked", unmarked.forth.delivered, 0)
      complaints.expect("unmarked on the wire", Set(unmarked.packets.map(\.kind)), [.clear])
      return complaints.texts + marked.complaints(.esp, isReadable: false)
    }
  }

  private static func outputMark(_ family: AddressFamily) -> MatrixCase {
    MatrixCase(feature: "Output marks", name: "\(family)") { rig in
      var complaints = Complaints()
      for mark in [nil, 9 as UInt32?] {
        var counter = try PacketCounter(
          .marked(9), on: rig.sites.a.gateway, interface: SiteToSite.wan)
        let (_, traffic) = try rig.carry(Protection(family: family)) { plan in
          plan.changeAssociations { $0.outputMark = mark }
        }
        complaints.expect(
          "marked with \(mark ?? 0)", try counter.total(), mark == nil ? 0 : traffic.forth.sent)
        complaints.expect("with \(mark ?? 0)", traffic.complaints(.esp, isReadable: false), [])
        try rig.clear()
      }
      return complaints.texts
    }
  }

  /// Routes lead into an interface, which SAs and policies belong to by their number; with another
  /// number nothing goes through.
  private static func interface(_ way: Way) -> MatrixCase {
    MatrixCase(
      feature: "xfrm interfaces", name: "\(way)", needs: way.needs + [.interface]
    ) { rig in
      let inner = way.inner ?? way.family
      defer {
        for site in [rig.sites.a, rig.sites.b] {
          var route = try? RouteConnection(in: site.gateway.namespace)
          try? route?.deleteInterface("ipsec0")
        }
      }
      for (near, far) in [(rig.sites.a, rig.sites.b), (rig.sites.b, rig.sites.a)] {
        var route = try RouteConnection(in: near.gateway.namespace)
        try route.add(InterfaceName("ipsec0"), XFRMInterface(id: 42))
        try route.changeInterface("ipsec0", isUp: true)
        try route.addRoute(to: IPPrefix(far.hostAddress(inner)), interface: "ipsec0")
      }
      func use(_ id: UInt32, _ plan: inout ProtectionPlan) {
        plan.changeAssociations { $0.interfaceID = id }
        plan.changePolicies { $0.interfaceID = id }
      }
      let protection = way.protection(.aes256gcm16)
      let (_, traffic) = try rig.carry(protection) { use(42, &$0) }
      try rig.clear()
      var other = rig.plan(protection)
      use(43, &other)
      let installed = try rig.sites.install(other)
      defer { withExtendedLifetime(installed) {} }
      let lost = try MatrixTraffic(rig, rig.sites.flow(protection), patience: 50)
      var complaints = Complaints()
      complaints.expect("delivered with another number", lost.forth.delivered, 0)
      complaints.expect("on the wire with another number", lost.packets.count, 0)
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }

  /// SAs that say which way they are for.
  private static func direction(_ way: Way) -> MatrixCase {
    MatrixCase(
      feature: "Directions", name: "\(way)", needs: way.needs + [.attribute(.direction)]
    ) { rig in
      try rig.carryESP(way.protection(.aes256gcm16)) { plan in
        for (site, entries) in [
          (rig.sites.a, \ProtectionPlan.a), (rig.sites.b, \ProtectionPlan.b),
        ] {
          for index in plan[keyPath: entries].associations.indices {
            let isOut =
              plan[keyPath: entries].associations[index].source
              == site.gatewayAddress(way.family)
            plan[keyPath: entries].associations[index].direction = isOut ? .outgoing : .incoming
            if isOut { plan[keyPath: entries].associations[index].replayWindow = 0 }
          }
        }
      }
    }
  }
}
