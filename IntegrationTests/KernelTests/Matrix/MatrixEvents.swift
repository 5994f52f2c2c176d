import XFRMLab

@testable import XFRMKit

/// What the kernel asks an IKE daemon for, or tells it.
enum MatrixEvents {
  /// A packet without an SA is dropped and asked for; once there is one, the next goes through.
  static let acquire: [MatrixCase] = Way.all.filter { $0.mode != .beet }.map { way in
    MatrixCase(feature: "Acquire", name: "\(way)", needs: way.needs) { rig in
      let protection = way.protection(.aes256gcm16)
      var plan = rig.plan(protection)
      let missing = plan.a.associations.removeFirst()
      var monitor = try XFRMMonitor(of: .acquire, in: rig.sites.a.gateway.namespace)
      let installed = try rig.sites.install(plan)
      defer { withExtendedLifetime(installed) {} }
      let flow = rig.sites.flow(protection)
      var complaints = Complaints()
      // In transport mode it is the sender itself who is told to try again.
      let early = try flow.sendDatagrams(1, patience: 50)
      complaints.expect("delivered too early", early.delivered, 0)
      let acquire = try monitor.next { event in
        if case .acquire(let acquire) = event { acquire } else { nil as Acquire? }
      }
      guard let acquire else { return complaints.texts + ["no acquire"] }
      complaints.expect("asked from", acquire.source, missing.source)
      complaints.expect("asked to", acquire.destination, missing.destination)
      complaints.expect("larval", try rig.associations(of: .a).filter { $0.spi == 0 }.count, 1)
      var answer = missing
      answer.sequence = acquire.sequence
      var xfrm = try rig.sites.a.gateway.xfrm()
      try xfrm.add(answer)
      complaints.expect(
        "still larval", try rig.associations(of: .a).filter { $0.spi == 0 }.count, 0)
      let traffic = try MatrixTraffic(rig, flow)
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }

  /// ESP-in-UDP that comes from another port, as if a NAT had forgotten the old one.
  static let mapping: [MatrixCase] = [AddressFamily.ipv4, .ipv6].map { family in
    MatrixCase(
      feature: "Changed NAT mapping", name: "\(family)", needs: [.encapsulation(.espInUDP, family)]
    ) { rig in
      let protection = Protection(family: family, isInUDP: true)
      var plan = rig.plan(protection)
      plan.changeAssociations { Numbering.unchecked.apply(to: &$0) }
      var monitor = try XFRMMonitor(of: .mappings, in: rig.sites.b.gateway.namespace)
      let installed = try rig.sites.install(plan)
      defer { withExtendedLifetime(installed) {} }
      let traffic = try MatrixTraffic(rig, rig.sites.flow(protection))
      guard let packet = traffic.wire[.a]?.first else { return ["no packet"] }
      var heard = false
      _ = try monitor.next(milliseconds: 0) { _, _ in heard = true }
      var frame = MatrixFrame(packet)
      frame.sourcePort = 40_500
      try rig.send(frame.bytes)
      let mapping = try monitor.next { event in
        if case .mapping(let mapping) = event { mapping } else { nil as AddressMapping? }
      }
      var complaints = Complaints()
      complaints.expect("announced without a change", heard, false)
      complaints.expect("announced port", mapping?.new.port, 40_500)
      complaints.expect("old port", mapping?.old.port, 4_500)
      complaints.expect("SA", mapping?.id.spi, plan.b.associations[0].spi)
      return complaints.texts + traffic.complaints(.espInUDP, isReadable: false)
    }
  }

  /// Gateway A goes to another address, and the tunnel with it.
  static let migration: [MatrixCase] = Way.all.filter { $0.mode == .tunnel }.map { way in
    MatrixCase(feature: "Migration", name: "\(way)", needs: way.needs + [.migration]) { rig in
      let gateway = rig.sites.a.gateway
      let moved: IPAddress =
        way.family == .ipv6 ? .v6(0x2001_0db8_0000_0000, 0x65) : .v4(0xc000_0265)
      let prefix = IPPrefix(moved, length: way.family == .ipv6 ? 64 : 24)
      try gateway.addAddress(prefix, to: SiteToSite.wan)
      var route = try RouteConnection(in: gateway.namespace)
      defer { try? route.deleteAddress(prefix, from: SiteToSite.wan) }

      let protection = way.protection(.aes256gcm16)
      let (plan, traffic) = try rig.carry(protection)
      let old = rig.sites.a.gatewayAddress(way.family)
      for (site, policies) in [(rig.sites.a, plan.a.policies), (rig.sites.b, plan.b.policies)] {
        var xfrm = try site.gateway.xfrm()
        for policy in policies { try xfrm.perform(.migrate(Migration(policy, old, to: moved))) }
      }
      let after = try MatrixTraffic(rig, rig.sites.flow(protection))
      var complaints = Complaints()
      complaints.expect("delivered", after.forth.delivered, after.forth.sent)
      complaints.expect("delivered back", after.back.delivered, after.back.sent)
      complaints.expect("on the wire", Set(after.packets.map(\.kind)), [.esp])
      complaints.expect("error counters", after.raised, [:])
      for end in MatrixRig.End.allCases {
        let associations = try rig.associations(of: end)
        complaints.expect(
          "SAs at the new address of \(end)",
          associations.count { [$0.source, $0.destination].contains(moved) }, 2)
        complaints.expect(
          "SAs at the old address of \(end)",
          associations.count { [$0.source, $0.destination].contains(old) }, 0)
      }
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }
}

extension Migration {
  /// Moves what a policy asks for from one address to another.
  fileprivate init(_ policy: Policy, _ old: IPAddress, to new: IPAddress) {
    self.init(
      policy.selector, direction: policy.direction,
      entries: policy.templates.map { template in
        let now = Entry.Endpoints(from: template.source, to: template.destination)
        var then = now
        if then.source == old { then.source = new } else { then.destination = new }
        return Entry(
          from: now, to: then, mode: template.mode, requestID: template.requestID)
      })
  }
}
