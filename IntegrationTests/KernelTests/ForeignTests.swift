import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// What others have in the kernel stays as it is, whatever the manager does beside them.
  @Suite("Beside others", Bed.needsESP, Bed.needsSpeed, Charon.isNeeded)
  struct ForeignTests {
    /// Where packets go to that charon protects.
    private static let port: UInt16 = 7300

    @Test("charon rekeys, and objects made by hand stay, while 200 configurations are applied")
    func charon() async throws {
      let watch = try LeakWatch()
      let gateway = try ManagedGateway(watch.gateway)
      let other = try PrivateTool(in: watch.sites.b.gateway.namespace)
      let near = IKEEnd(name: "a", address: "192.0.2.1", network: "10.1.0.0/24[udp]")
      let far = IKEEnd(name: "b", address: "192.0.2.2", network: "10.2.0.0/24[udp/\(Self.port)]")
      let child = """
        rekey_time = 2s
        life_time = 30s
        rand_time = 0s
        esp_proposals = aes256-sha256
        """
      let charons = [
        try await Charon(in: gateway.tool, local: near, remote: far, child: child),
        try await Charon(in: other, local: far, remote: near, child: child),
      ]
      try await charons[0].initiate()
      let byHand = try await addByHand(gateway.tool)

      let configurations = try [0, 1].map { turn in
        try gateway.configuration(
          "\(turn).yaml", LeakWatch.policies(protected: { $0 % 2 == turn }, count: 4))
      }
      var events = ObjectEvents(
        try XFRMMonitor(of: .changes, in: watch.gateway.namespace, bufferBytes: 8 << 20),
        theirs: [charons[0].port])
      let before = try InterfaceCounters(of: "lan", on: watch.sites.b.gateway).sent
      var steps = 0
      let seen = try await watch.watch(
        perSecond: Bed.flood / 4, to: Self.port...Self.port
      ) {
        for turn in 1...200 {
          steps += try gateway.apply(configurations[turn % 2]).plan.steps.count
          try events.drain()
          try await Task.sleep(for: .milliseconds(40))
        }
      }
      try events.drain()
      let arrived = try InterfaceCounters(of: "lan", on: watch.sites.b.gateway).sent - before

      print(
        "200 applies, \(steps) steps; \(events.ours) events of ours, \(events.theirs) of charon's, "
          + "which made \(events.newSAs) SAs; \(seen); \(arrived) arrived")
      #expect(events.ours >= 200 && events.newSAs >= 6)
      #expect(events.wrong.isEmpty, "\(events.wrong)")
      #expect(try await listByHand(gateway.tool) == byHand)
      #expect(seen.clear == 0 && seen.esp > 0 && seen.isComplete)
      #expect(arrived > seen.offered * 9 / 10)
      for charon in charons {
        let log = try charon.log()
        #expect(log.contains { $0.contains("CHILD_SA") && $0.contains("established") })
        let complaints = log.filter { line in
          ["rror", "failed", "unable", "refused"].contains { line.contains($0) }
            && !line.contains("plugin")
        }
        #expect(complaints.isEmpty, "\(complaints)")
      }
    }

    @Test("an object of theirs that is changed is noticed")
    func control() async throws {
      let gateway = try ManagedGateway(try Node("alone"))
      let byHand = try await addByHand(gateway.tool)
      var xfrm = try XFRMClient(in: gateway.tool.namespace)
      var events = ObjectEvents(
        try XFRMMonitor(of: .changes, in: gateway.tool.namespace), theirs: [])
      var policy = try #require(try xfrm.policies().first)
      policy.priority += 1
      try xfrm.update(policy)
      try events.drain()
      #expect(events.wrong.count == 1)
      #expect(try await listByHand(gateway.tool) != byHand)
    }

    // MARK: Objects made by hand

    private func addByHand(_ tool: PrivateTool) async throws -> String {
      let outcome = try await tool.shell(
        """
        set -e
        for number in 1 2 3; do
          ip xfrm state add src 203.0.113.1 dst 203.0.113.$number proto esp spi 0x77$number \\
            reqid 70$number mode tunnel enc 'cbc(aes)' 0x00112233445566778899aabbccddee0$number \\
            auth-trunc 'hmac(sha256)' 0x0011223344556677889900112233445566 128
          ip xfrm policy add src 10.70.$number.0/24 dst 10.71.0.0/16 dir out priority 7$number \\
            tmpl src 203.0.113.1 dst 203.0.113.$number proto esp reqid 70$number mode tunnel
        done
        """)
      try #require(outcome.isQuiet, "\(outcome.complaint)")
      return try await listByHand(tool)
    }

    /// Everything that `ip` shows of them.
    private func listByHand(_ tool: PrivateTool) async throws -> String {
      let outcome = try await tool.shell(
        """
        for number in 1 2 3; do
          ip -s xfrm state get src 203.0.113.1 dst 203.0.113.$number proto esp spi 0x77$number
          ip -s xfrm policy get src 10.70.$number.0/24 dst 10.71.0.0/16 dir out
        done
        """)
      try #require(outcome.status == 0 && !outcome.output.isEmpty, "\(outcome.complaint)")
      return outcome.output
    }
  }
}

/// Who changed what, by the kernel's own announcements.
private struct ObjectEvents: ~Copyable {
  private(set) var ours = 0
  private(set) var theirs = 0
  /// SAs that others made.
  private(set) var newSAs = 0
  /// Of requests of ours about objects that do not carry our tag, and the reverse.
  private(set) var wrong: [String] = []
  private var monitor: XFRMMonitor
  private let ports: Set<UInt32>

  /// - Parameter ports: Of others that say who they are.
  init(_ monitor: consuming XFRMMonitor, theirs ports: Set<UInt32>) {
    self.monitor = monitor
    self.ports = ports
  }

  /// Takes in what has been announced so far.
  mutating func drain() throws(XFRMError) {
    var heard: [XFRMEvent] = []
    while try monitor.next(milliseconds: 0, { event, _ in heard.append(event) }) {}
    for event in heard { note(event) }
  }

  private mutating func note(_ event: XFRMEvent) {
    guard let isTagged = event.isTagged else { return }
    // Requests of this process say whose they are, and so do charon's; ip's do not.
    let isOurs = event.port != 0 && !ports.contains(event.port)
    if isOurs { ours += 1 } else { theirs += 1 }
    if case .associationAdded = event.content, !isOurs { newSAs += 1 }
    if isOurs != isTagged { wrong.append("port \(event.port): \(event.content)") }
  }
}

extension XFRMEvent {
  /// Whether the object that was added, changed or deleted has a tag of the manager's; `nil` for
  /// what else is announced.
  fileprivate var isTagged: Bool? {
    switch content {
    case .associationAdded(let association), .associationUpdated(let association),
      .associationDeleted(let association):
      Tag(association) != nil
    case .policyAdded(let policy), .policyUpdated(let policy), .policyDeleted(let policy):
      Tag(policy) != nil
    case .associationsFlushed, .policiesFlushed: false
    default: nil
    }
  }
}
