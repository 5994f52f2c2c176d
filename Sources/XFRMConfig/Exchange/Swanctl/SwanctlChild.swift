internal import XFRMKit

/// A CHILD_SA of strongSwan that is installed.
struct SwanctlChild {
  /// Addresses and ports, of IKE and of ESP in UDP.
  struct End: Hashable {
    var address: IPAddress
    var port: UInt16
  }

  /// An SPI, and what packets are known by besides.
  struct Half {
    var spi: SPI
    var mark: Mark?
    var interfaceID: UInt32?
  }

  /// Traffic of one side.
  struct Traffic {
    var prefix: IPPrefix
    var proto = IPProtocol.any
    /// Of ICMP the type, and in the lower byte the code.
    var port: UInt16?

    /// Whether there are packets between the two.
    func fits(_ other: Traffic) -> Bool {
      prefix.family == other.prefix.family
        && (proto == other.proto || proto == .any || other.proto == .any)
    }
  }

  var name: String
  var requestID: UInt32
  var mode: Mode
  var isWrapped = false
  /// `nil` for AH.
  var proposal: ESPProposal?
  var hash: Authentication?
  var isExtended = false
  var local: End
  var remote: End
  var incoming: Half?
  var outgoing: Half?
  var localTraffic: [Traffic] = []
  var remoteTraffic: [Traffic] = []
  /// In seconds.
  var age: UInt64 = 0
  var rekeysIn: UInt64?
  var expiresIn: UInt64?

  var associations: [SecurityAssociation] {
    [(incoming, false), (outgoing, true)].compactMap { half, isOutgoing in
      half.map { association($0, isOutgoing: isOutgoing) }
    }
  }

  private func association(_ half: Half, isOutgoing: Bool) -> SecurityAssociation {
    let (source, destination) = isOutgoing ? (local, remote) : (remote, local)
    var value = SecurityAssociation(
      from: source.address, to: destination.address, spi: half.spi, proto: hash == nil ? .esp : .ah,
      mode: mode)
    value.requestID = requestID
    value.direction = isOutgoing ? .outgoing : .incoming
    if mode.hasOuterAddresses { value.flags.insert(.anyFamily) }
    proposal?.protect(&value)
    if let hash { value.authentication = hash }
    if isExtended { value.flags.insert(.extendedSequenceNumbers) }
    value.extendedReplayState = ExtendedReplayState(window: 64)
    if isWrapped {
      value.encapsulation = Encapsulation(
        .espInUDP, sourcePort: source.port, destinationPort: destination.port)
    }
    // That of what comes in is its policies', unless somebody has set mark_in_sa.
    value.mark = isOutgoing ? half.mark : nil
    value.interfaceID = half.interfaceID
    value.lifetime.soft.secondsFromAdd = rekeysIn.map { age &+ $0 } ?? 0
    value.lifetime.hard.secondsFromAdd = expiresIn.map { age &+ $0 } ?? 0
    return value
  }

  /// Between each pair of traffic selectors that fit together, in each direction.
  var policies: [Policy] {
    localTraffic.flatMap { here in
      remoteTraffic.filter { here.fits($0) }.flatMap { there in
        let isTunnel = mode.hasOuterAddresses
        let directions: [Policy.Direction] =
          isTunnel ? [.outgoing, .incoming, .forwarded] : [.outgoing, .incoming]
        return directions.map { policy($0, here, there) }
      }
    }
  }

  private func policy(_ direction: Policy.Direction, _ here: Traffic, _ there: Traffic) -> Policy {
    let isOutgoing = direction == .outgoing
    let (from, to) = isOutgoing ? (here, there) : (there, here)
    var selector = Selector(
      from: from.prefix, to: to.prefix, proto: here.proto == .any ? there.proto : here.proto)
    if selector.proto == .icmp || selector.proto == .icmpv6 {
      // The type stands before the code, whichever way packets go.
      if let icmp = here.port ?? there.port {
        selector.sourcePort = Selector.Port(icmp >> 8)
        if icmp & 0xff != 0 { selector.destinationPort = Selector.Port(icmp & 0xff) }
      }
    } else {
      if let port = from.port { selector.sourcePort = Selector.Port(port) }
      if let port = to.port { selector.destinationPort = Selector.Port(port) }
    }
    let unspecified = IPAddress.unspecified(selector.family)
    let hasEnds = mode.hasOuterAddresses
    let (source, destination) = isOutgoing ? (local, remote) : (remote, local)
    var policy = Policy(selector, direction: direction)
    policy.templates = [
      Template(
        from: hasEnds ? source.address : unspecified,
        to: hasEnds ? destination.address : unspecified, proto: hash == nil ? .esp : .ah,
        mode: mode, requestID: requestID)
    ]
    let half = isOutgoing ? outgoing : incoming
    policy.mark = half?.mark
    policy.interfaceID = half?.interfaceID
    return policy
  }
}
