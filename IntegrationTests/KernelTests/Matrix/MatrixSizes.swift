import XFRMLab

@testable import XFRMKit

/// Packets that are longer than a path takes, and padding.
enum MatrixSizes {
  static let fragments: [MatrixCase] = Way.all.map { way in
    MatrixCase(feature: "Fragmentation", name: "4,000 bytes \(way)", needs: way.needs) { rig in
      let protection = way.protection(.aes256gcm16)
      let installed = try rig.sites.install(rig.plan(protection))
      defer { withExtendedLifetime(installed) {} }
      let flow = rig.sites.flow(protection)
      // Over IPv6 the sender is told by the first ones how long packets may be.
      for flow in [flow, flow.reversed] {
        _ = try flow.sendDatagrams(1, payloadBytes: 4_000, patience: 100)
      }
      // A packet that has lost its header cannot say that it is a fragment.
      let isRefused = way.mode == .beet && (way.inner ?? way.family) == .ipv4
      let traffic = try MatrixTraffic(
        rig, flow, payloadBytes: 4_000, patience: isRefused ? 50 : 500)
      var complaints = Complaints()
      guard !isRefused else {
        complaints.expect("delivered", traffic.forth.delivered + traffic.back.delivered, 0)
        complaints.expect("on the wire", traffic.packets.count, 0)
        complaints.expect("counted", Set(traffic.raised.keys), ["XfrmOutStateModeError"])
        return complaints.texts
      }
      for result in [traffic.forth, traffic.back] {
        complaints.expect("delivered", result.delivered, result.sent)
        complaints.expect("changed", result.wrong, 0)
      }
      complaints.expect("on the wire", Set(traffic.packets.map(\.kind)), [.esp])
      complaints.expect(
        "packets for each datagram", traffic.packets.count >= 3 * 2 * MatrixTraffic.count)
      complaints.expect(
        "longest", (traffic.packets.map(\.length).max() ?? 0) <= SiteToSite.mtu)
      complaints.expect("error counters", traffic.raised, [:])
      return complaints.texts
    }
  }

  /// What hosts learn of a path stays with them, so that each gets sites of its own.
  static let pathMTU: [MatrixCase] = Way.all.filter { $0.mode == .tunnel }.map { way in
    MatrixCase(feature: "Path MTU", name: "\(way)", needs: way.needs) { _ in
      let sites = try SiteToSite()
      let trial = try MTUTrial(sites, sites.plan(way.protection(.aes256gcm16)))
      var complaints = Complaints()
      for result in [trial.forth, trial.back] {
        // Outer header, ESP header, IV, trailer and check value.
        complaints.expect("learned", result.learned, way.family == .ipv6 ? 1426 : 1446)
        complaints.expect("of that length", result.exact.delivered, 4)
        complaints.expect("of that length refused", result.exact.refusals, [:])
        complaints.expect("longer", result.tooLong.delivered, 0)
        complaints.expect("longer refused", result.tooLong.refusals, [.messageTooLong: 4])
        complaints.expect("in fragments", result.fragmented.delivered, 4)
      }
      complaints.expect("longest", trial.wire.longest, SiteToSite.mtu)
      complaints.expect("clear", trial.wire[.clear], 0)
      return complaints.texts
    }
  }

  static let padding: [MatrixCase] = Way.all.filter { $0.mode == .tunnel }.map { way in
    MatrixCase(feature: "TFC padding", name: "\(way)", needs: way.needs) { rig in
      var complaints = Complaints()
      for padding in [nil, 800 as UInt32?] {
        let (_, traffic) = try rig.carry(way.protection(.aes256gcm16)) { plan in
          plan.changeAssociations { $0.trafficFlowPadding = padding }
        }
        complaints.expect("to \(padding ?? 0)", traffic.complaints(.esp, isReadable: false), [])
        complaints.expect(
          "long packets with \(padding ?? 0)",
          traffic.packets.allSatisfy { ($0.length > 800) == (padding != nil) })
        try rig.clear()
      }
      return complaints.texts
    }
  }
}
