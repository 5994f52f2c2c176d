import XFRMLab

@testable import XFRMKit

/// Which policies a packet meets, and what becomes of it without one.
enum MatrixPolicies {
  static let all = [AddressFamily.ipv4, .ipv6].flatMap { family in
    [defaultActions(family), subPolicy(family)]
      + [0 as UInt8, 16, 32].map { thresholds(family, $0) }
  }

  private static func defaultActions(_ family: AddressFamily) -> MatrixCase {
    MatrixCase(
      feature: "Default policies", name: "block, \(family)", needs: [.defaultActions]
    ) { rig in
      let flow = rig.sites.hostFlow(family)
      var complaints = Complaints()
      complaints.expect("in clear before", try flow.sendDatagrams(2).delivered, 2)
      var xfrm = try rig.sites.b.gateway.xfrm()
      try xfrm.perform(.setDefaultActions(DefaultActions(incoming: .block, forwarded: .block)))
      defer {
        try? xfrm.perform(.setDefaultActions(DefaultActions(incoming: .accept, forwarded: .accept)))
      }
      let before = try rig.counters(of: .b)
      complaints.expect("in clear", try flow.sendDatagrams(2, patience: 50).delivered, 0)
      complaints.expect("counted", !(try rig.counters(of: .b).since(before)).isEmpty)
      let (_, traffic) = try rig.carry(Protection(family: family)) { plan in
        // What comes from its own host is forwarded, too.
        plan.b.policies.append(Policy(plan.b.policies[0].selector, direction: .forwarded))
      }
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }

  private static func subPolicy(_ family: AddressFamily) -> MatrixCase {
    MatrixCase(feature: "Sub policies", name: "block, \(family)", needs: [.subPolicies]) { rig in
      let protection = Protection(family: family)
      let (plan, traffic) = try rig.carry(protection)
      var sub = plan.a.policies[0]
      sub.kind = .sub
      sub.action = .block
      sub.templates = []
      var xfrm = try rig.sites.a.gateway.xfrm()
      try xfrm.add(sub)
      defer { try? xfrm.flushPolicies(.sub) }
      let blocked = try MatrixTraffic(rig, rig.sites.flow(protection), patience: 50)
      var complaints = Complaints()
      complaints.expect("delivered", blocked.forth.delivered, 0)
      complaints.expect("delivered back", blocked.back.delivered, blocked.back.sent)
      complaints.expect(
        "blocked", blocked.raised["XfrmOutPolBlock", default: 0], UInt64(blocked.forth.sent))
      try xfrm.flushPolicies(.sub)
      let after = try rig.sites.flow(protection).sendDatagrams(2)
      complaints.expect("delivered without", after.delivered, 2)
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }

  /// Policies are found however they are kept.
  private static func thresholds(_ family: AddressFamily, _ bits: UInt8) -> MatrixCase {
    MatrixCase(feature: "Hash thresholds", name: "\(bits), \(family)") { rig in
      let threshold = SPDInfo.HashThreshold(local: bits, remote: bits)
      let usual = (
        SPDInfo.HashThreshold(local: 32, remote: 32), SPDInfo.HashThreshold(local: 128, remote: 128)
      )
      for site in [rig.sites.a, rig.sites.b] {
        var xfrm = try site.gateway.xfrm()
        try xfrm.perform(.setHashThresholds(ipv4: threshold, ipv6: threshold))
      }
      defer {
        for site in [rig.sites.a, rig.sites.b] {
          var xfrm = try? site.gateway.xfrm()
          try? xfrm?.perform(.setHashThresholds(ipv4: usual.0, ipv6: usual.1))
        }
      }
      var xfrm = try rig.sites.a.gateway.xfrm()
      var complaints = Complaints()
      complaints.expect("kept", try xfrm.spdInfo().thresholdIPv6, threshold)
      let (_, traffic) = try rig.carry(Protection(family: family))
      return complaints.texts + traffic.complaints(.esp, isReadable: false)
    }
  }
}
