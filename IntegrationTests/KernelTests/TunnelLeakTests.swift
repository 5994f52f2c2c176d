import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// As ``LeakTests``, with SAs by which the packets of the flood arrive.
  @Suite("No clear packet around ESP", Bed.needsESP, Bed.needsSpeed)
  struct TunnelLeakTests {
    private let watch: LeakWatch
    private let gateway: ManagedGateway
    private let tunnel: LeakTunnel

    init() throws {
      watch = try LeakWatch()
      gateway = try ManagedGateway(watch.gateway)
      tunnel = try LeakTunnel(watch, gateway)
    }

    /// How many packets came to the other site.
    private var delivered: Int {
      get throws { try InterfaceCounters(of: "lan", on: watch.sites.b.gateway).sent }
    }

    private var associations: Set<SPI> {
      get throws {
        var xfrm = try watch.gateway.xfrm()
        return Set(try xfrm.associations().map(\.spi))
      }
    }

    @Test("while SAs are replaced, and policies with them")
    func replacing() async throws {
      try gateway.apply(tunnel.generations[0])
      let before = try delivered
      let times = 60 * (Bed.waves ?? 1)
      let seen = try await watch.watch(perSecond: Bed.flood) {
        for time in 1...times {
          try gateway.apply(tunnel.generations[time % 2])
          try await Task.sleep(for: .milliseconds(30))
        }
      }
      let arrived = try delivered - before
      print("SAs replaced \(times) times: \(seen), \(arrived) arrived")
      #expect(seen.clear == 0 && seen.esp > seen.offered / 2)
      #expect(arrived > seen.offered / 2)
      #expect(seen.isComplete && seen.isEnough, "\(seen)")
    }

    @Test("when SAs reach their end, and when they are mended")
    func expiry() async throws {
      var ends = 0
      try gateway.apply(tunnel.shortLived)
      let seen = try await watch.watch(perSecond: Bed.flood) {
        for _ in 0..<(3 * (Bed.waves ?? 1)) {
          for _ in 0..<300 where try !associations.isEmpty {
            try await Task.sleep(for: .milliseconds(50))
          }
          // The flood goes on, and finds no SA.
          try await Task.sleep(for: .milliseconds(200))
          let drift = try gateway.drift(from: tunnel.shortLived)
          ends += drift.count { $0.kind == .missing }
          try gateway.apply(tunnel.shortLived)
          #expect(try gateway.drift(from: tunnel.shortLived).isEmpty)
        }
      }
      print("\(ends) SAs ended: \(seen)")
      #expect(seen.clear == 0 && seen.esp > 0)
      #expect(ends == 6 * (Bed.waves ?? 1))
      #expect(seen.isComplete && seen.isEnough, "\(seen)")
    }

    @Test("when somebody deletes SAs and policies, and drift is mended")
    func drift() async throws {
      let configuration = tunnel.generations[0]
      try gateway.apply(configuration)
      var xfrm = try watch.gateway.xfrm()
      let times = 20 * (Bed.waves ?? 1)
      let seen = try await watch.watch(perSecond: Bed.flood) {
        for _ in 0..<times {
          for association in try xfrm.associations() {
            try xfrm.perform(.deleteAssociation(association.id))
          }
          for policy in try xfrm.policies() where !policy.isGuard {
            try xfrm.perform(.deletePolicy(policy.key))
          }
          try await Task.sleep(for: .milliseconds(20))
          #expect(try !gateway.drift(from: configuration).isEmpty)
          try gateway.apply(configuration)
          #expect(try gateway.drift(from: configuration).isEmpty)
        }
      }
      print("mended \(times) times: \(seen)")
      #expect(seen.clear == 0 && seen.esp > 0)
      #expect(seen.isComplete && seen.isEnough, "\(seen)")
    }

    @Test("but without guards the same lets packets out")
    func control() async throws {
      try gateway.apply(tunnel.generations[0])
      var xfrm = try watch.gateway.xfrm()
      let seen = try await watch.watch(perSecond: Bed.flood) {
        for policy in try xfrm.policies() { try xfrm.perform(.deletePolicy(policy.key)) }
        try await watch.waitForPackets(100)
        try gateway.apply(tunnel.generations[0])
      }
      print("without guards: \(seen)")
      #expect(seen.clear > 0 && seen.isComplete, "\(seen)")
    }
  }
}

extension Policy {
  fileprivate var isGuard: Bool { Ranges.guardPriorities.contains(priority) }
}
