public import XFRMKit

/// How the traffic between two sites is to be protected.
public struct Protection: Sendable {
  public var proposal: ESPProposal
  /// Tunnel mode protects what goes between the hosts, transport mode what goes between the
  /// gateways themselves.
  public var mode: Mode
  /// Of the gateways' addresses.
  public var family: AddressFamily
  /// Of the hosts' addresses, where it is another than the gateways'.
  public var innerFamily: AddressFamily?
  public var isInUDP: Bool
  /// IPComp with DEFLATE before encryption, for packets that get shorter by it.
  public var isCompressed: Bool

  public init(
    _ proposal: ESPProposal = .aes256gcm16, mode: Mode = .tunnel, family: AddressFamily = .ipv4,
    carrying innerFamily: AddressFamily? = nil, isInUDP: Bool = false, isCompressed: Bool = false
  ) {
    self.proposal = proposal
    self.mode = mode
    self.family = family
    self.innerFamily = innerFamily
    self.isInUDP = isInUDP
    self.isCompressed = isCompressed
  }

  /// Of what is protected.
  public var carriedFamily: AddressFamily { innerFamily ?? family }
}

/// What is installed on one gateway.
public struct GatewayEntries: Sendable {
  public var associations: [SecurityAssociation]
  public var policies: [Policy]
}

/// What is installed on both gateways; equal SAs on both, so that they understand each other.
public struct ProtectionPlan: Sendable {
  public var a: GatewayEntries
  public var b: GatewayEntries
  public let protection: Protection
}

extension SiteToSite {
  /// Works out SAs, with fresh keys, and policies.
  public func plan(_ protection: Protection) -> ProtectionPlan {
    let forth = associations(protection, from: a, to: b, spi: 0x1001)
    let back = associations(protection, from: b, to: a, spi: 0x2002)
    return ProtectionPlan(
      a: GatewayEntries(
        associations: forth + back,
        policies: policies(protection, from: a, to: b, outgoing: forth, incoming: back)),
      b: GatewayEntries(
        associations: forth + back,
        policies: policies(protection, from: b, to: a, outgoing: back, incoming: forth)),
      protection: protection)
  }

  /// The traffic that it protects.
  public func flow(_ protection: Protection) -> Flow {
    protection.mode == .transport
      ? gatewayFlow(protection.family) : hostFlow(protection.carriedFamily)
  }

  /// Installs a plan. A gateway's SAs come before the policies that ask for them.
  ///
  /// - Returns: What must be kept for as long as the plan shall work.
  public func install(_ plan: ProtectionPlan) throws(LabError) -> InstalledPlan {
    var installed = InstalledPlan()
    for (site, entries) in [(a, plan.a), (b, plan.b)] {
      // Loads xfrm_user where that is a module; without it sockets take no policies.
      var xfrm = try site.gateway.xfrm()
      if plan.protection.isInUDP {
        let address = site.gatewayAddress(plan.protection.family)
        let socket = try site.gateway.run { () throws(LabError) in
          try EncapsulationSocket(address)
        }
        installed.sockets.append(socket)
      }
      do {
        for association in entries.associations { try xfrm.add(association) }
        for policy in entries.policies { try xfrm.add(policy) }
      } catch {
        throw .xfrm(error)
      }
    }
    return installed
  }

  /// Deletes every policy on both gateways: from here on nothing is protected.
  public func removePolicies() throws(LabError) {
    for site in [a, b] {
      var xfrm = try site.gateway.xfrm()
      do { try xfrm.flushPolicies() } catch { throw .xfrm(error) }
    }
  }

  /// Deletes every policy and every SA on both gateways, so that another plan can be installed.
  public func removeProtection() throws(LabError) {
    try removePolicies()
    for site in [a, b] {
      var xfrm = try site.gateway.xfrm()
      do { try xfrm.flushAssociations() } catch { throw .xfrm(error) }
    }
  }

  /// The SAs of one direction, in the order in which they are applied.
  ///
  /// The first carries the mode and the rest are in transport mode, as strongSwan has it.
  private func associations(
    _ protection: Protection, from source: Site, to destination: Site, spi: SPI
  ) -> [SecurityAssociation] {
    func association(_ proto: IPProtocol, _ mode: Mode) -> SecurityAssociation {
      var association = SecurityAssociation(
        from: source.gatewayAddress(protection.family),
        to: destination.gatewayAddress(protection.family), spi: spi, proto: proto, mode: mode)
      association.requestID = 1
      let inner = protection.carriedFamily
      if mode == .beet {
        // The addresses that packets have where they come out again.
        association.selector = Selector(
          from: IPPrefix(source.hostAddress(inner)), to: IPPrefix(destination.hostAddress(inner)))
      } else if mode != .transport, inner != protection.family {
        association.selector = .any(inner)
      }
      return association
    }

    var compressing: [SecurityAssociation] = []
    if protection.isCompressed {
      var association = association(.ipComp, protection.mode)
      association.compression = Compression(.deflate)
      compressing = [association]
    }
    var encrypting = association(.esp, protection.isCompressed ? .transport : protection.mode)
    encrypting.replayWindow = 32
    if protection.isInUDP { encrypting.encapsulation = Encapsulation(.espInUDP) }
    protection.proposal.protect(&encrypting)
    return compressing + [encrypting]
  }

  /// One policy to protect what leaves, and those that let in only what was protected.
  private func policies(
    _ protection: Protection, from near: Site, to far: Site, outgoing: [SecurityAssociation],
    incoming: [SecurityAssociation]
  ) -> [Policy] {
    let family = protection.carriedFamily
    let isTunnel = protection.mode != .transport
    let here = isTunnel ? near.network(family) : IPPrefix(near.gatewayAddress(family))
    let there = isTunnel ? far.network(family) : IPPrefix(far.gatewayAddress(family))
    let inbound = Selector(from: there, to: here)
    let directions: [Policy.Direction] = isTunnel ? [.forwarded, .incoming] : [.incoming]
    let expected = incoming.map { association in
      var template = Template(association)
      // Short packets come uncompressed.
      template.isOptional = association.proto == .ipComp
      return template
    }
    return [
      Policy(
        Selector(from: here, to: there), direction: .outgoing,
        templates: outgoing.map { Template($0) })
    ] + directions.map { Policy(inbound, direction: $0, templates: expected) }
  }
}

/// Keeps the sockets that receive ESP-in-UDP.
public struct InstalledPlan: Sendable {
  fileprivate(set) var sockets: [EncapsulationSocket] = []
}
