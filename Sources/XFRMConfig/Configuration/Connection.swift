public import XFRMKit

/// A protected connection between two ends, from which its policies and SAs are made.
public struct Connection: Sendable {
  /// What it connects.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Two hosts.
    case hostToHost = "host-to-host"
    /// Subnets behind two gateways.
    case siteToSite = "site-to-site"
    /// The subnets of one end and everywhere.
    case gateway
  }

  /// One of its ends.
  public struct End: Hashable, Sendable {
    /// Where ESP packets come from or go to.
    public var address: IPAddress
    /// What is behind it; empty for a host.
    public var subnets: [IPPrefix]

    /// An end with what is behind it.
    public init(_ address: IPAddress, subnets: [IPPrefix] = []) {
      self.address = address
      self.subnets = subnets
    }
  }

  /// Where its keys and SPIs come from.
  public enum Keys: Hashable, Sendable {
    /// From bundles, one generation after another.
    case generated
    /// From the configuration, for good.
    case fixed(incoming: KeyBundle.Half, outgoing: KeyBundle.Half)
  }

  /// An xfrm interface that its packets go through.
  public struct Interface: Hashable, Sendable {
    public var entry: InterfaceEntry
    /// Whether its remote subnets are routed through it.
    public var hasRoutes = true
    /// The addresses of the host's own packets, at most one a family.
    public var sources: [IPAddress] = []

    /// An interface with routes.
    public init(_ entry: InterfaceEntry) { self.entry = entry }
  }

  public var name: String
  /// Where it stands in the configuration.
  public var span: SourceSpan
  public var kind: Kind
  public var local: End
  public var remote: End
  public var mode: Mode
  public var proposal: ESPProposal
  public var keys: Keys
  /// The traffic between each pair of subnets; its prefixes mean nothing.
  public var traffic: TrafficSelector
  public var settings: AssociationSettings
  public var interface: Interface?
  public var forward: ForwardRule
  public var isGuarded: Bool
  /// `nil` for one that is made of the name.
  public var requestID: UInt32?

  /// Whether it is for forwarded packets, too.
  var forwards: Bool { forward == .yes || forward == .auto && mode.hasOuterAddresses }
}
