import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// What trials say of tunnels that work, and of some that do not.
  @Suite("Trials", Bed.needsESP)
  struct TrialTests {
    @Test("a tunnel carries everything, counted and protected", arguments: protections)
    func tunnel(_ protection: Protection) throws {
      let sites = try SiteToSite()
      let trial = try TunnelTrial(sites, sites.plan(protection))
      #expect(trial.directions.count == 2)
      for direction in trial.directions {
        #expect(direction.datagrams.sent == 20)
        #expect(direction.datagrams.delivered == 20)
        #expect(direction.encrypted.packets == 20)
        #expect(direction.decrypted.packets == 20)
        #expect(direction.decompressed.map(\.packets) == (protection.isCompressed ? 20 : nil))
        // Shorter than what it carries only if it was compressed.
        #expect((direction.encrypted.bytes < 20 * 512) == protection.isCompressed)
      }
      #expect(trial.clear == 0)
      #expect(trial.readable == 0)
      #expect(trial.isCaptureProven)
      #expect(trial.dropped == [:])
    }

    @Test("a stream goes through the SA")
    func throughput() throws {
      let sites = try SiteToSite()
      let trial = try ThroughputTrial(
        sites, sites.plan(Protection()), for: .milliseconds(200))
      #expect(trial.bytes > 100_000)
      #expect(trial.encrypted.bytes > UInt64(trial.bytes))
      #expect(trial.duration >= .milliseconds(200))
      #expect(trial.duration < .milliseconds(2_000))
    }

    static let protections =
      SiteToSite.families.map { Protection(family: $0) } + [
        Protection(.aes256sha256), Protection(isInUDP: true), Protection(isCompressed: true),
      ]
  }
}
