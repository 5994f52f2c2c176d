public import XFRMKit

/// How the traffic between two sites is to be protected.
public struct Protection: Sendable {
  public var proposal: ESPProposal
  /// Tunnel mode protects what goes between the hosts, transport mode what goes between the
  /// gateways themselves.
  public var mode: Mode
  /// Of the gateways' addresses.
  public var family: AddressFamily
  public var isInUDP: Bool

  public init(
    _ proposal: ESPProposal = .aes256gcm16, mode: Mode = .tunnel, family: AddressFamily = .ipv4,
    isInUDP: Bool = false
  ) {
    self.proposal = proposal
    self.mode = mode
    self.family = family
    self.isInUDP = isInUDP
  }
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
    let forth = association(protection, from: a, to: b, spi: 0x1001)
    let back = association(protection, from: b, to: a, spi: 0x2002)
    return ProtectionPlan(
      a: GatewayEntries(
        associations: [forth, back],
        policies: policies(protection, from: a, to: b, outgoing: forth, incoming: back)),
      b: GatewayEntries(
        associations: [forth, back],
        policies: policies(protection, from: b, to: a, outgoing: back, incoming: forth)),
      protection: protection)
  }

  /// The traffic that it protects.
  public func flow(_ protection: Protection) -> Flow {
    protection.mode == .transport ? gatewayFlow(protection.family) : hostFlow(protection.family)
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

  private func association(
    _ protection: Protection, from source: Site, to destination: Site, spi: SPI
  ) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: source.gatewayAddress(protection.family),
      to: destination.gatewayAddress(protection.family), spi: spi, mode: protection.mode)
    association.requestID = 1
    association.replayWindow = 32
    if protection.isInUDP { association.encapsulation = Encapsulation(.espInUDP) }
    protection.proposal.protect(&association)
    return association
  }

  /// One policy to protect what leaves, and those that let in only what was protected.
  private func policies(
    _ protection: Protection, from near: Site, to far: Site, outgoing: SecurityAssociation,
    incoming: SecurityAssociation
  ) -> [Policy] {
    let family = protection.family
    let isTunnel = protection.mode != .transport
    let here = isTunnel ? near.network(family) : IPPrefix(near.gatewayAddress(family))
    let there = isTunnel ? far.network(family) : IPPrefix(far.gatewayAddress(family))
    let inbound = Selector(from: there, to: here)
    let directions: [Policy.Direction] = isTunnel ? [.forwarded, .incoming] : [.incoming]
    return [
      Policy(
        Selector(from: here, to: there), direction: .outgoing, templates: [Template(outgoing)])
    ]
      + directions.map {
        Policy(inbound, direction: $0, templates: [Template(incoming)])
      }
  }
}

/// Keeps the sockets that receive ESP-in-UDP.
public struct InstalledPlan: Sendable {
  fileprivate(set) var sockets: [EncapsulationSocket] = []
}
