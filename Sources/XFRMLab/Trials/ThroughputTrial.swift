public import XFRMKit

/// What one TCP connection gets through a tunnel in a while.
///
/// Sender, receiver and the cryptography of both ends share this machine's processors, so that a
/// host with the other end elsewhere can do more.
public struct ThroughputTrial: Sendable {
  public let protection: Protection
  /// What arrived.
  public let bytes: Int
  public let duration: Duration
  /// What the sending gateway's SA was used for.
  public let encrypted: Usage

  public var bitsPerSecond: Double {
    duration > .zero ? Double(bytes) * 8 / duration.inSeconds : 0
  }

  package init(
    _ protection: Protection, bytes: Int, duration: Duration, encrypted: Usage
  ) {
    self.protection = protection
    self.bytes = bytes
    self.duration = duration
    self.encrypted = encrypted
  }

  /// Installs a plan on both gateways in place of what is there, and sends as much as goes.
  ///
  /// - Parameter duration: How long to send.
  public init(
    _ sites: SiteToSite, _ plan: ProtectionPlan, for duration: Duration
  ) throws(LabError) {
    try sites.removeProtection()
    let installed = try sites.install(plan)
    defer { withExtendedLifetime(installed) {} }
    let protection = plan.protection
    let stream = try sites.flow(protection).stream(for: duration)
    self.init(
      protection, bytes: stream.bytes, duration: stream.duration,
      encrypted: try sites.a.gateway.usage(
        .esp, to: sites.b.gatewayAddress(protection.family)))
  }
}
