import Testing
import XFRMDiagnosis
import XFRMKit
import XFRMLab

/// Two sites with something wrong between them, and what the doctor says of that.
struct DoctorLab {
  let sites: SiteToSite
  var a: Node { sites.a.gateway }
  var b: Node { sites.b.gateway }

  init() throws { sites = try SiteToSite() }

  /// Something that is done wrong.
  struct Fault: Sendable {
    var expected: CauseID
    var isInUDP = false
    /// Also to the gateway itself.
    var reachesGateway = false
    var keepsSockets = true
    var change: @Sendable (inout ProtectionPlan) throws -> Void = { _ in }
    var prepare: @Sendable (DoctorLab) throws -> Void = { _ in }
    /// Once all is installed, before the doctor looks.
    var beforehand: @Sendable (DoctorLab) throws -> Void = { _ in }
    /// While the doctor looks, before and after the traffic.
    var meanwhile: @Sendable (DoctorLab) throws -> Void = { _ in }
    var restore: @Sendable (DoctorLab) throws -> Void = { _ in }
  }

  func diagnose(
    _ faults: [Fault], _ protection: Protection = Protection(),
    adjust: (inout ProtectionPlan) -> Void = { _ in }
  ) throws -> Diagnosis {
    var protection = protection
    if faults.contains(where: \.isInUDP) { protection.isInUDP = true }
    var plan = sites.plan(protection)
    for index in plan.a.policies.indices { plan.a.policies[index].priority = 1_000 }
    for index in plan.b.policies.indices { plan.b.policies[index].priority = 1_000 }
    adjust(&plan)
    for fault in faults { try fault.change(&plan) }
    defer {
      Self.restore { try removeProtection() }
      for fault in faults.reversed() { Self.restore { try fault.restore(self) } }
    }
    for fault in faults { try fault.prepare(self) }
    var installed: InstalledPlan? = try sites.install(plan)
    if faults.contains(where: { !$0.keepsSockets }) { installed = nil }
    for fault in faults { try fault.beforehand(self) }
    let left = try HostObservation(of: a.namespace, name: "a")
    let right = try HostObservation(of: b.namespace, name: "b")
    for fault in faults { try fault.meanwhile(self) }
    try send(sites.flow(protection))
    if faults.contains(where: \.reachesGateway) {
      try send(
        Flow(
          from: sites.a.host, sites.a.hostAddress(.ipv4), to: b, .v4(0x0a02_0001)))
    }
    let diagnosis = Diagnosis(try left.finish(), peer: try right.finish())
    withExtendedLifetime(installed) {}
    return diagnosis
  }

  /// What is not taken back is an issue, and keeps nothing else from being taken back.
  private static func restore(_ body: () throws -> Void) {
    do { try body() } catch { Issue.record("the lab is not as it was: \(error)") }
  }

  private func removeProtection() throws {
    try sites.removeProtection()
    for node in [a, b] {
      var xfrm = try node.xfrm()
      try xfrm.perform(
        .setDefaultActions(
          DefaultActions(incoming: .accept, forwarded: .accept, outgoing: .accept)))
    }
  }

  func send(_ flow: Flow, _ count: Int = 4) throws {
    _ = try flow.sendDatagrams(count, patience: 30)
    _ = try flow.reversed.sendDatagrams(count, patience: 30)
  }
}

extension ProtectionPlan {
  /// Changes what packets from A to B leave through, or come in by at B.
  mutating func changeForth(
    atSender: Bool, _ change: (inout SecurityAssociation) -> Void
  ) {
    func apply(_ entries: inout GatewayEntries) {
      for index in entries.associations.indices
      where entries.associations[index].destination == .v4(0xc000_0202) {
        change(&entries.associations[index])
      }
    }
    if atSender { apply(&a) } else { apply(&b) }
  }

  /// Has B's policies be for packets of everybody behind it.
  mutating func servesAll() {
    for index in b.policies.indices where b.policies[index].selector.family == .ipv4 {
      let all = IPPrefix(.v4(0), length: 0)
      if b.policies[index].direction == .outgoing {
        b.policies[index].selector.source = all
      } else {
        b.policies[index].selector.destination = all
      }
    }
  }

  /// Changes A's policy for packets that leave.
  mutating func changeOutgoing(_ change: (inout Policy) -> Void) {
    for index in a.policies.indices where a.policies[index].direction == .outgoing {
      change(&a.policies[index])
    }
  }
}
