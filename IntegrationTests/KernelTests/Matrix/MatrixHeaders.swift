import TestSupport
import XFRMLab

@testable import XFRMKit

/// What becomes of DSCP and ECN on the way into a tunnel and out of it.
enum MatrixHeaders {
  private static let tunnels = Way.all.filter { $0.mode == .tunnel }
  /// Expedited forwarding, and able to carry congestion notification.
  private static let sent: UInt8 = 0xba

  /// What the outer header has.
  static let outer: [MatrixCase] = tunnels.flatMap { way in
    [
      ("copied", [], nil, 0xba), ("no DSCP", [], .dontEncapsulateDSCP, 0x02),
      ("no ECN", .noECN, nil, 0xb8),
    ].map {
      (
        name: String, flags: SecurityAssociation.Flags, extra: SecurityAssociation.ExtraFlags?,
        expected: UInt8
      ) in
      MatrixCase(feature: "DSCP and ECN", name: "\(name), into a \(way)", needs: way.needs) { rig in
        let (_, traffic) = try rig.carry(
          way.protection(.aes256gcm16), tags: PacketTags(trafficClass: sent)
        ) { plan in
          plan.changeAssociations { association in
            association.flags.formUnion(flags)
            association.extraFlags = extra
          }
        }
        var complaints = Complaints()
        complaints.expect(
          "outer", Set(traffic.packets.map { MatrixFrame($0).trafficClass }), [expected])
        return complaints.texts + traffic.complaints(.esp, isReadable: false)
      }
    }
  }

  /// What the inner header has if somebody on the way has changed the outer one.
  static let inner: [MatrixCase] = tunnels.flatMap { way in
    [
      ("congestion is told", [], 0xbb, 0xbb), ("congestion is not told", .noECN, 0xbb, 0xba),
      ("DSCP stays", [], 0x2a, 0xba), ("DSCP of the outer one", .decapsulateDSCP, 0x2a, 0x2a),
    ].map {
      (name: String, flags: SecurityAssociation.Flags, changed: UInt8, expected: UInt8) in
      MatrixCase(feature: "DSCP and ECN", name: "\(name), out of a \(way)", needs: way.needs) {
        rig in
        let (_, traffic) = try rig.carry(
          way.protection(.aes256gcm16), tags: PacketTags(trafficClass: sent)
        ) { plan in
          plan.changeAssociations { association in
            Numbering.unchecked.apply(to: &association)
            association.flags.formUnion(flags)
          }
        }
        guard let packet = traffic.wire[.a]?.first else { return ["no packet"] }
        var lan = try PacketRecorder(on: rig.sites.b.gateway, interface: "lan", packets: 64)
        var frame = MatrixFrame(packet)
        frame.trafficClass = changed
        try rig.send(frame.bytes)
        var delivered: [UInt8] = []
        _ = try eventually(within: MatrixRig.patience) {
          delivered += try lan.take().filter { $0.kind == .clear }.map {
            MatrixFrame($0).trafficClass
          }
          return !delivered.isEmpty
        }
        var complaints = Complaints()
        complaints.expect("inner", delivered, [expected])
        return complaints.texts + traffic.complaints(.esp, isReadable: false)
      }
    }
  }
}
