import Glibc
import Synchronization
import Testing
import XFRMKit
import XFRMLab

/// Two sites in which one case follows another, and a record of the cable between them.
final class MatrixRig: Sendable {
  private static let shared = Mutex<MatrixRig?>(nil)

  /// The one that all cases use, for as long as their suite runs.
  static func current() throws -> MatrixRig {
    try shared.withLock { rig in
      let current = try rig ?? MatrixRig()
      rig = current
      return current
    }
  }

  /// Other tests count namespaces, and unload modules that this one would keep.
  struct Scope: SuiteTrait, TestScoping {
    @concurrent func provideScope(
      for test: Test, testCase: Test.Case?,
      performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
      defer { shared.withLock { $0 = nil } }
      try await body()
    }
  }

  let sites: SiteToSite
  private let left: Mutex<PacketRecorder>
  private let right: Mutex<PacketRecorder>
  private let features = Mutex(KernelFeatures())
  private let plans = Atomic<UInt32>(0)

  init() throws {
    sites = try SiteToSite()
    left = Mutex(try PacketRecorder(on: sites.a.gateway, interface: SiteToSite.wan))
    right = Mutex(try PacketRecorder(on: sites.b.gateway, interface: SiteToSite.wan))
    for gateway in [sites.a.gateway, sites.b.gateway] {
      // In transport mode what looks for a neighbour again would be protected and counted, too.
      try gateway.setSysctl(
        "net.ipv6.neigh.\(SiteToSite.wan).base_reachable_time_ms", to: "3600000")
    }
  }

  /// What this kernel lacks of it, and why that is known.
  ///
  /// - Throws: Where that cannot be found out, which is no lack.
  func lack(of needs: [Feature]) throws -> String? {
    try features.withLock { features in
      for feature in needs {
        let answer = features[feature]
        let isKnown = answer != .unknown(.notAsked)
        let final = isKnown ? answer : features.probe(feature)
        if case .unknown = final { throw UndecidedFeature(words: "\(feature): \(final)") }
        if final != .present { return "\(feature): \(final)" }
      }
      return nil
    }
  }

  /// SAs with SPIs that no other case has, so that packets of many cases can be told apart, and
  /// policies.
  func plan(_ protection: Protection) -> ProtectionPlan {
    var plan = sites.plan(protection)
    let number = plans.add(2, ordering: .relaxed).oldValue
    // Below 0x10000, as IPComp has no longer ones.
    let renumbered: [SPI: SPI] = [
      0x1001: SPI(rawValue: 0x1000 + number), 0x2002: SPI(rawValue: 0x1001 + number),
    ]
    plan.changeAssociations { $0.spi = renumbered[$0.spi] ?? $0.spi }
    return plan
  }

  /// Takes away what a case has installed.
  func clear() throws {
    try sites.removeProtection()
    _ = try packets()
  }

  // MARK: The wire

  enum End: CaseIterable { case a, b }

  func site(_ end: End) -> SiteToSite.Site { end == .a ? sites.a : sites.b }

  /// What a gateway has sent to the other since this was last asked, but for what keeps the link
  /// going.
  func packets(from end: End) throws -> [CapturedPacket] {
    let packets =
      switch end {
      case .a: try left.withLock { try $0.take() }
      case .b: try right.withLock { try $0.take() }
      }
    return packets.filter { $0.kind != .upkeep }
  }

  func packets() throws -> [CapturedPacket] { try packets(from: .a) + packets(from: .b) }

  /// Puts a packet on the cable once more, as if gateway A had sent it.
  func send(_ frame: [UInt8]) throws { try left.withLock { try $0.send(frame) } }

  // MARK: What the gateways count

  func counters(of end: End) throws -> ErrorCounters {
    try ErrorCounters(of: site(end).gateway.namespace)
  }

  func associations(of end: End) throws -> [SecurityAssociation] {
    var xfrm = try site(end).gateway.xfrm()
    return try xfrm.associations()
  }

  /// An SA of a gateway as the kernel has it now.
  func association(_ id: SecurityAssociationID, of end: End) throws -> SecurityAssociation {
    var xfrm = try site(end).gateway.xfrm()
    return try xfrm.association(id)
  }

  /// For how long packets may still be under way.
  static let patience = Duration.seconds(2)
}

extension ProtectionPlan {
  /// Changes every SA on both gateways.
  mutating func changeAssociations(_ change: (inout SecurityAssociation) -> Void) {
    for index in a.associations.indices { change(&a.associations[index]) }
    for index in b.associations.indices { change(&b.associations[index]) }
  }

  /// Changes every policy on both gateways.
  mutating func changePolicies(_ change: (inout Policy) -> Void) {
    for index in a.policies.indices { change(&a.policies[index]) }
    for index in b.policies.indices { change(&b.policies[index]) }
  }
}

/// That it cannot be found out whether the kernel has something.
private struct UndecidedFeature: Error {
  var words: String
}
