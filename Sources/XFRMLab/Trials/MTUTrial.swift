internal import XFRMKit

/// Datagrams about as long as a tunnel takes, both ways, and what the wire showed.
public struct MTUTrial: Sendable {
  public let protection: Protection
  /// From site A to site B.
  public package(set) var forth = PathMTUResult()
  public package(set) var back = PathMTUResult()
  /// On the cable between the gateways.
  public package(set) var wire = WireCounts()

  /// Nothing sent yet.
  package init(_ protection: Protection) { self.protection = protection }

  /// Installs a plan on both gateways in place of what is there, and sends the datagrams.
  ///
  /// What the hosts learn of the path stays with them: another trial in the same family would be
  /// told nothing new.
  ///
  /// - Parameters:
  ///   - plan: Without UDP, as fragments of UDP cannot be told from clear packets.
  ///   - patience: How long to wait for what should come, in milliseconds.
  public init(
    _ sites: SiteToSite, _ plan: ProtectionPlan, patience: Int32 = 1_000
  ) throws(LabError) {
    precondition(!plan.protection.isInUDP, "fragments of UDP look clear")
    self.init(plan.protection)
    try sites.removeProtection()
    let installed = try sites.install(plan)
    defer { withExtendedLifetime(installed) {} }

    let left = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan, packets: 1_024)
    let right = try PacketCapture(on: sites.b.gateway, interface: SiteToSite.wan, packets: 1_024)
    let flow = sites.flow(protection)
    forth = try flow.tryPathMTU(patience: patience)
    back = try flow.reversed.tryPathMTU(patience: patience)
    wire = left.stop() + right.stop()
  }
}
