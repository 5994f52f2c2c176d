internal import XFRMKit
internal import XFRMLab

/// A tunnel that packets are sent through.
struct LiveTunnel: Hashable, Sendable {
  /// The check that judges it.
  var id: CheckID
  var title: String
  var family: AddressFamily
  var isInUDP = false
  var isCompressed = false

  /// The SAs to try: with everything that a profile proposes, or where that makes no difference with
  /// what it wants most.
  func protections(for profile: Profile) -> [Protection] {
    let isPlain = !isInUDP && !isCompressed
    return profile.proposals.prefix(isPlain ? profile.proposals.count : 1).map {
      Protection($0, family: family, isInUDP: isInUDP, isCompressed: isCompressed)
    }
  }
}

extension LiveTunnel {
  static let v4 = LiveTunnel(id: "live.tunnel.v4", title: "Tunnel over IPv4", family: .ipv4)
  static let v6 = LiveTunnel(id: "live.tunnel.v6", title: "Tunnel over IPv6", family: .ipv6)
  static let inUDP = LiveTunnel(
    id: "live.natt", title: "Tunnel inside UDP", family: .ipv4, isInUDP: true)
  static let compressed = LiveTunnel(
    id: "live.ipcomp", title: "Tunnel with IPComp", family: .ipv4, isCompressed: true)

  static let all = [v4, v6, inUDP, compressed]
}

extension Protection {
  /// `aes256gcm16 over IPv4 in UDP`
  var title: String {
    "\(proposal) over \(family)" + (isCompressed ? " with IPComp" : "")
      + (isInUDP ? " in UDP" : "")
  }
}
