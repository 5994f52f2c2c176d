import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab
@testable import xfrmctl

/// What `xfrmctl bench` says of measurements, and of what it cannot measure.
@Suite("Bench")
struct BenchCommandTests {
  private static let machine = BenchMachine(
    kernel: "6.12.48", processor: "AMD EPYC", processors: 2)

  /// A second with so many packets.
  private static func trial(
    _ point: BenchPoint, _ packets: Int, lost: Int = 0, clear: Int = 0
  ) -> BenchTrial {
    var trial = BenchTrial(point)
    trial.datagrams.delivered = packets
    trial.duration = .seconds(1)
    trial.processorTime = .milliseconds(1_100)
    trial.total.delivered = packets
    trial.total.sent = packets + lost
    trial.protected = point.proposal == nil ? 0 : packets - clear
    trial.clear = point.proposal == nil ? packets : clear
    trial.encrypted = UInt64(trial.protected)
    return trial
  }

  private static var document: BenchJSON {
    let points = BenchPlan(
      [.aes256gcm16, .aes256sha256], sizes: [64, 1_400], associations: [1, 4]
    )
    .points
    let rates = [
      1_234_567, 500_000, 9, 400_000, 200_000, 100_000, 900_000, 400_000, 300_000, 800_000, 300_000,
      10_000,
    ]
    let trials = zip(points, rates).map { point, rate in
      trial(point, rate, lost: rate == 10_000 ? 5_000 : 0, clear: rate == 9 ? 2 : 0)
    }
    let error = XFRMError(
      "add ESP SA", .refused(KernelRefusal(errno: .noSuchFile)),
      cause: .noAlgorithm("rfc7539esp(chacha20,poly1305)"))
    return BenchJSON(
      trials, for: .seconds(1),
      omitting: [Bench.Omission(proposal: .chacha20poly1305, reason: error)], machine: machine)
  }

  @Test("puts it into a table")
  func text() {
    let text = BenchText(Self.document).text
    #expect(text == Self.expected, "\(text)")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("prints what its schema promises")
  func schema() throws {
    let value = try JSONValue(parsing: JSONOutput.text(Self.document))
    #expect(try JSONSchema(named: "bench").complaints(about: value) == [])
    let points = try #require(value["points"]?.elements)
    #expect(points.count == 12)
    #expect(points[0]["proposal"] == nil)
    #expect(points[1]["figures"]?["permilleOfPlain"]?.integer == 405)
    #expect(points[1]["figures"]?["processorMillisecondsPerMillionPackets"]?.integer == 2_200)
    #expect(
      points[2]["figures"] == nil && points[2]["refused"]?.text == "packets that went in clear: 2")
  }

  @Test("draws a panel for each mode and number of SAs, without what is refused")
  func chart() {
    let svg = BenchChart(Self.document).svg
    #expect(svg.split(separator: "<polyline ").count == 1 + 6)
    #expect(svg.split(separator: "<circle ").count == 1 + 11)
    #expect(svg.contains(">tunnel mode, 4 SAs</text>") && svg.contains(">Mbit/s</text>"))
  }

  @Test(
    "takes only what can be measured",
    arguments: [
      "--size 63", "--size 1401", "--size 64,,512", "--sas 0", "--sas 65", "--mode beet",
      "--proposal aes256gcm16,,aes128gcm16", "--family ipv5", "--seconds 0", "--seconds 601",
      "--seconds nan",
    ])
  func mistakes(line: String) async throws {
    let outcome = try await Tool.run(["bench"] + line.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
  }

  @Test("tells which proposals there are, as the demonstration does")
  func proposals() async throws {
    for verb in ["bench", "lab demo"] {
      let words = verb.split(separator: " ").map(String.init)
      let outcome = try await Tool.run(words + ["--proposal", "aes1gcm"])
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(
        outcome.complaint.contains("there is no proposal “aes1gcm”; usual ones are aes256gcm16,"),
        "\(outcome.complaint)")
    }
  }

  @Test("long names and several SAs find room")
  func room() throws {
    let proposal = try #require(ESPProposal(named: "camellia256-sha256_96"))
    #expect(proposal.name.count > 18)
    let point = BenchPoint(
      proposal, mode: .transport, packetBytes: 1_400, associations: 64, family: .ipv6)
    let trials = [
      Self.trial(point, 99_999_999, lost: 99_999_999), Self.trial(point, 9, clear: 2),
    ]
    let text = BenchText(
      BenchJSON(trials, for: .seconds(1), over: .ipv6, machine: Self.machine)
    ).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    #expect(text.hasPrefix("UDP over IPv6 through ESP, as much as goes, all on this machine\n"))
    #expect(text.contains("\n   1400  \(proposal.name)\n"))
    #expect(text.contains("refused: \(proposal.name), transport, 1400 bytes, 64 SAs:"))
    #expect(text.contains("lost: \(proposal.name), transport, 1400 bytes, 64 SAs:"))
  }

  @Test("takes root", .enabled(if: geteuid() == 0, "needs root to be somebody else"))
  func root() async throws {
    let outcome = try await PrivateTool().run("bench --seconds 0.1", user: 65_534)
    #expect(outcome.status == 77 && outcome.complaint == "xfrmctl: to measure takes root\n")
  }
}

extension BenchCommandTests {
  fileprivate static let expected = """
    UDP over IPv4 through ESP, as much as goes, all on this machine
    Linux 6.12.48, 2 processors (AMD EPYC), 1.0 s each

    tunnel mode, 1 SA
      bytes  cipher                 Mbit/s  packets/s  of plain  CPU s/GB  s/Mpacket
         64  plain                   632.1  1,234,567      1.00     13.92       0.89
             aes256gcm16             256.0    500,000      0.41     34.38       2.20
             aes256-sha256       refused
       1400  plain                 4,480.0    400,000      1.00      1.96       2.75
             aes256gcm16           2,240.0    200,000      0.50      3.93       5.50
             aes256-sha256         1,120.0    100,000      0.25      7.86      11.00

    tunnel mode, 4 SAs
      bytes  cipher                 Mbit/s  packets/s  of plain  CPU s/GB  s/Mpacket
         64  plain                   460.8    900,000      1.00     19.10       1.22
             aes256gcm16             204.8    400,000      0.44     42.97       2.75
             aes256-sha256           153.6    300,000      0.33     57.29       3.67
       1400  plain                 8,960.0    800,000      1.00      0.98       1.38
             aes256gcm16           3,360.0    300,000      0.38      2.62       3.67
             aes256-sha256           112.0     10,000      0.01     78.57     110.00

    refused: aes256-sha256, tunnel, 64 bytes, 1 SA: packets that went in clear: 2
    lost: aes256-sha256, tunnel, 1400 bytes, 4 SAs: 5,000 of 15,000 packets
    left out: chacha20poly1305: no rfc7539esp(chacha20,poly1305) in this kernel
    CPU: time of all processors, whatever they did (/proc/stat). All packets counted
    here were ESP on the wire, but for those of the plain path.
    """
}
