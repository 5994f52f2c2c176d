import XFRMLab

@testable import XFRMKit

/// Soft limits announce, hard ones end an SA.
enum MatrixLimits {
  static let all: [MatrixCase] = counted + timed

  private static let counted: [MatrixCase] = [AddressFamily.ipv4, .ipv6].flatMap { family in
    [
      ("packets", \Lifetime.Limits.packets, 2 as UInt64),
      // More than the first packet has, less than the first two.
      ("bytes", \Lifetime.Limits.bytes, 300),
    ].flatMap { (unit: String, limit: WritableKeyPath<Lifetime.Limits, UInt64> & Sendable, value) in
      [false, true].map { isHard in
        MatrixCase(feature: "Limits", name: "\(isHard ? "hard" : "soft"), \(unit), \(family)") {
          rig in
          try expire(rig, family, isHard: isHard) { lifetime in
            if isHard {
              lifetime.hard[keyPath: limit] = value
            } else {
              lifetime.soft[keyPath: limit] = value
            }
          }
        }
      }
    }
  }

  private static func expire(
    _ rig: MatrixRig, _ family: AddressFamily, isHard: Bool,
    _ limit: (inout Lifetime) -> Void
  ) throws -> [String] {
    let protection = Protection(family: family)
    var plan = rig.plan(protection)
    limit(&plan.a.associations[0].lifetime)
    var monitor = try XFRMMonitor(of: .expiry, in: rig.sites.a.gateway.namespace)
    let installed = try rig.sites.install(plan)
    defer { withExtendedLifetime(installed) {} }
    let traffic = try MatrixTraffic(rig, rig.sites.flow(protection), patience: 100)
    let id = plan.a.associations[0].id
    var complaints = Complaints()
    complaints.expect("announced", try monitor.nextExpiry(), Expired(id, isHard: isHard))
    // Two packets are within each limit.
    complaints.expect("delivered", traffic.forth.delivered, isHard ? 2 : traffic.forth.sent)
    complaints.expect("the other way", traffic.back.delivered, traffic.back.sent)
    complaints.expect("expired", traffic.raised["XfrmOutStateExpired", default: 0], isHard ? 1 : 0)
    complaints.expect("on the wire", Set(traffic.packets.map(\.kind)), [.esp])
    complaints.expect(
      "still there", try rig.associations(of: .a).contains { $0.spi == id.spi }, !isHard)
    return complaints.texts
  }

  private static let timed: [MatrixCase] = [true, false].map { isSinceUse in
    MatrixCase(
      feature: "Limits", name: "soft and hard, seconds since \(isSinceUse ? "use" : "adding")"
    ) { rig in
      let protection = Protection()
      var plan = rig.plan(protection)
      let first = isSinceUse ? \Lifetime.Limits.secondsFromUse : \.secondsFromAdd
      let time = UInt64(Bed.name == "uml" ? 6 : 12)
      plan.a.associations[0].lifetime.soft[keyPath: first] = time / 2
      plan.a.associations[0].lifetime.hard[keyPath: first] = time
      var monitor = try XFRMMonitor(of: .expiry, in: rig.sites.a.gateway.namespace)
      let installed = try rig.sites.install(plan)
      defer { withExtendedLifetime(installed) {} }
      let flow = rig.sites.flow(protection)
      let id = plan.a.associations[0].id
      var complaints = Complaints()
      complaints.expect("before", try flow.sendDatagrams(1).delivered, 1)
      for isHard in [false, true] {
        complaints.expect("announced", try monitor.nextExpiry(), Expired(id, isHard: isHard))
      }
      complaints.expect("after", try flow.sendDatagrams(1, patience: 100).delivered, 0)
      complaints.expect("on the wire", Set(try rig.packets().map(\.kind)), [.esp])
      return complaints.texts
    }
  }
}

/// What an announcement of the end of an SA says.
struct Expired: Equatable {
  var spi: SPI
  var isHard: Bool

  init(_ id: SecurityAssociationID, isHard: Bool) {
    spi = id.spi
    self.isHard = isHard
  }
}

extension XFRMMonitor {
  /// The next announcement that an SA has reached a limit.
  fileprivate mutating func nextExpiry() throws -> Expired? {
    try next { event in
      guard case .associationExpired(let expiry) = event else { return nil }
      return Expired(expiry.association.id, isHard: expiry.isHard)
    }
  }

  /// What the first announcement is that `pick` takes; `nil` if none comes in 30 seconds.
  mutating func next<Found>(_ pick: (XFRMEvent.Content) -> Found?) throws -> Found? {
    for _ in 0..<300 {
      var found: Found?
      _ = try next(milliseconds: 100) { event, _ in found = pick(event.content) }
      if let found { return found }
    }
    return nil
  }
}
