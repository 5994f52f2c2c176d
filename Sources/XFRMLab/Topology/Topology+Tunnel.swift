public import XFRMKit

extension Topology {
  /// Traffic between two machines, or networks behind them, that SAs protect.
  public struct Tunnel: Hashable, Sendable {
    public var name: String
    public var left: TunnelEnd
    public var right: TunnelEnd
    public var mode: Mode
    public var proposal: ESPProposal
    /// Whether ESP goes in UDP, as it has to through a NAT.
    public var isInUDP: Bool
    /// What ties SAs and policies to an xfrm interface.
    public var interfaceID: UInt32?

    /// A tunnel.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - left: One end.
    ///   - right: The other end.
    ///   - mode: Transport, tunnel or BEET.
    ///   - proposal: The algorithms.
    ///   - isInUDP: Whether ESP goes in UDP.
    ///   - interfaceID: The ID of an xfrm interface at both ends.
    public init(
      _ name: String, _ left: TunnelEnd, _ right: TunnelEnd, mode: Mode = .tunnel,
      proposal: ESPProposal = .aes256gcm16, isInUDP: Bool = false, interfaceID: UInt32? = nil
    ) {
      self.name = name
      self.left = left
      self.right = right
      self.mode = mode
      self.proposal = proposal
      self.isInUDP = isInUDP
      self.interfaceID = interfaceID
    }

    /// Both.
    public var ends: [TunnelEnd] { [left, right] }
  }

  /// An end of a tunnel.
  public struct TunnelEnd: Hashable, Sendable {
    public var machine: String
    /// Where ESP packets come from and go to.
    public var address: IPAddress
    /// What the other end takes its address for: behind a NAT it is not its own.
    public var seenAs: IPAddress
    /// What is protected of this side; the address itself if it is empty.
    public var networks: [IPPrefix]

    /// An end.
    ///
    /// - Parameters:
    ///   - machine: Which machine it is.
    ///   - address: Where ESP packets come from and go to.
    ///   - seenAs: What the other end takes that for; `nil` if no NAT is between them.
    ///   - networks: What is protected of this side.
    public init(
      _ machine: String, _ address: IPAddress, seenAs: IPAddress? = nil,
      networks: [IPPrefix] = []
    ) {
      self.machine = machine
      self.address = address
      self.seenAs = seenAs ?? address
      self.networks = networks
    }

    var protected: [IPPrefix] { networks.isEmpty ? [IPPrefix(address)] : networks }
  }

  /// What is installed at one end of a tunnel.
  struct TunnelEntries {
    var machine: String
    var associations: [SecurityAssociation] = []
    var policies: [Policy] = []
  }

  /// The numbers of a tunnel's SAs: from left to right, and back.
  ///
  /// - Parameter index: Which tunnel.
  static func spis(ofTunnel index: Int) -> (forth: SPI, back: SPI) {
    let first = UInt32(truncatingIfNeeded: 0x1001 + 2 * index)
    return (SPI(rawValue: first), SPI(rawValue: first + 1))
  }

  /// SAs with fresh keys, and policies, for both ends of a tunnel.
  ///
  /// - Parameter index: Which tunnel.
  func entries(ofTunnel index: Int) -> [TunnelEntries] {
    let tunnel = tunnels[index]
    let spis = Self.spis(ofTunnel: index)
    let requestID = UInt32(truncatingIfNeeded: index + 1)
    // Each key is drawn once: both ends have it, though not the same addresses around it.
    var (forth, back) = (
      tunnel.association(spis.forth, requestID, from: tunnel.left, to: tunnel.right),
      tunnel.association(spis.back, requestID, from: tunnel.right, to: tunnel.left)
    )
    tunnel.proposal.protect(&forth)
    tunnel.proposal.protect(&back)
    return [
      tunnel.entries(near: tunnel.left, far: tunnel.right, outgoing: forth, incoming: back),
      tunnel.entries(near: tunnel.right, far: tunnel.left, outgoing: back, incoming: forth),
    ]
  }
}

extension Topology.Tunnel {
  fileprivate func association(
    _ spi: SPI, _ requestID: UInt32, from source: Topology.TunnelEnd,
    to destination: Topology.TunnelEnd
  ) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: source.address, to: destination.address, spi: spi, mode: mode)
    association.requestID = requestID
    association.replayWindow = 32
    association.interfaceID = interfaceID
    if isInUDP { association.encapsulation = Encapsulation(.espInUDP) }
    // An SA without a selector is for its own family only, if it does not say so.
    if source.protected.contains(where: { $0.family != source.address.family }) {
      association.flags.insert(.anyFamily)
    }
    // The inner addresses of BEET do not travel with the packets.
    if mode == .beet, let here = source.protected.first, let there = destination.protected.first {
      association.selector = Selector(from: here, to: there)
    }
    return association
  }

  /// One policy to protect what leaves, and those that let in only what was protected, for each
  /// pair of networks.
  fileprivate func entries(
    near: Topology.TunnelEnd, far: Topology.TunnelEnd, outgoing: SecurityAssociation,
    incoming: SecurityAssociation
  ) -> Topology.TunnelEntries {
    var (outgoing, incoming) = (outgoing, incoming)
    (outgoing.source, outgoing.destination) = (near.address, far.seenAs)
    (incoming.source, incoming.destination) = (far.seenAs, near.address)
    let directions: [Policy.Direction] = mode == .tunnel ? [.forwarded, .incoming] : [.incoming]
    var policies: [Policy] = []
    for here in near.protected {
      for there in far.protected where here.family == there.family {
        policies.append(
          Policy(
            Selector(from: here, to: there), direction: .outgoing,
            templates: [Template(outgoing)]))
        policies += directions.map {
          Policy(
            Selector(from: there, to: here), direction: $0, templates: [Template(incoming)])
        }
      }
    }
    for index in policies.indices { policies[index].interfaceID = interfaceID }
    return Topology.TunnelEntries(
      machine: near.machine, associations: [outgoing, incoming], policies: policies)
  }
}
