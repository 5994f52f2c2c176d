import FoundationEssentials
import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// Measurements of ESP: what they are of is checked, so a figure that is of something else is none.
  @Suite("Bench", Bed.needsESP)
  struct BenchTests {
    @Test("xfrmctl bench measures, beside the plain path")
    func command() async throws {
      let outcome = try await Tool.run([
        "bench", "--seconds", "0.3", "--size", "512", "--proposal", "aes256gcm16", "--json",
      ])
      #expect(outcome.status == 0, "\(outcome.complaint)")
      #expect(outcome.complaint.contains("measuring for about 2 s: plain, aes256gcm16; tunnel"))
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.points.map(\.proposal) == [nil, "aes256gcm16"])
      let (plain, protected) = (report.points[0], report.points[1])
      #expect(plain.wire.esp == 0 && plain.wire.clear >= plain.delivered)
      #expect(protected.wire.clear == 0 && protected.wire.esp >= protected.delivered)
      #expect(protected.delivered > 100)
      // Protection takes time. What others do on the machine meanwhile may take more.
      let ratio = try #require(protected.figures?.permilleOfPlain)
      #expect((1...2_000).contains(ratio))
    }

    @Test(
      "over IPv6 as well, and what does not fit the cable is no figure",
      arguments: [("aes256-sha256", 0 as Int32), ("aes256-sha512", 1)])
    func sixth(_ proposal: String, status: Int32) async throws {
      let outcome = try await Tool.run([
        "bench", "--seconds", "0.3", "--size", "1400", "--proposal", proposal, "--family", "ipv6",
        "--json",
      ])
      #expect(outcome.status == status, "\(outcome.complaint)")
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      let (plain, protected) = (report.points[0], report.points[1])
      #expect(plain.refused == nil && plain.wire.esp == 0 && plain.wire.clear >= plain.delivered)
      #expect(protected.delivered > 10)
      #expect(protected.refused == (status == 0 ? nil : "packets were cut to fit the cable"))
      #expect((protected.figures == nil) == (status != 0))
      if status == 0 { #expect(protected.wire.clear == 0) }
    }

    @Test("a figure is refused if packets went in clear, and its control is not")
    func refused() throws {
      let sites = try SiteToSite([.ipv4])
      let point = BenchPoint(.aes256gcm16, packetBytes: 512)
      var plan = sites.plan(Protection(), ports: 7_100...7_100)
      let good = try BenchTrial(sites, plan, point, for: .milliseconds(100))
      #expect(good.flaw == nil)
      #expect(good.protected >= good.total.delivered && good.clear == 0)
      plan.a.policies = []
      plan.b.policies = []
      let bad = try BenchTrial(sites, plan, point, for: .milliseconds(100))
      #expect(bad.flaw == "packets that went in clear: \(bad.clear)")
      #expect(bad.protected == 0 && bad.clear >= bad.total.delivered)
    }

    @Test("every SA carries its part", arguments: [Mode.tunnel, .transport])
    func several(_ mode: Mode) throws {
      let sites = try SiteToSite([.ipv4])
      let point = BenchPoint(.aes256gcm16, mode: mode, packetBytes: 512, associations: 3)
      let plan = sites.plan(Protection(mode: mode), ports: 7_100...7_102)
      let trial = try BenchTrial(sites, plan, point, for: .milliseconds(200))
      #expect(trial.flaw == nil)
      var xfrm = try sites.a.gateway.xfrm()
      let used = try xfrm.associations().filter {
        $0.destination == sites.b.gatewayAddress(.ipv4)
      }
      #expect(used.count == 3 && used.allSatisfy { $0.usage.packets > 0 })
      #expect(used.reduce(0) { $0 + $1.usage.packets } == trial.encrypted)
    }
  }

  @Suite(
    "Bench without ESP",
    .disabled(if: Bed.hasESP, "the kernel of bed \(Bed.name) has ESP"))
  struct BenchWithoutESPTests {
    @Test("measures nothing and says why")
    func refused() async throws {
      let outcome = try await Tool.run(["bench", "--seconds", "0.1"])
      #expect(outcome.status == 69 && outcome.output.isEmpty)
      #expect(
        outcome.complaint.hasPrefix(
          "xfrmctl: this kernel takes no SA of the proposals, so nothing was measured: "))
    }
  }
}

/// What these tests look at of `xfrmctl bench --json`.
private struct Report: Decodable {
  struct Wire: Decodable {
    var esp: Int
    var clear: Int
  }

  struct Figures: Decodable {
    var permilleOfPlain: Int?
  }

  struct Point: Decodable {
    var proposal: String?
    var delivered: Int
    var wire: Wire
    var figures: Figures?
    var refused: String?
  }

  var points: [Point]
}
