import FoundationEssentials
import Subprocess
import TestSupport
import Testing

extension Kernel {
  /// The tool itself, on a kernel that has ESP.
  @Suite("xfrmctl", Bed.needsESP)
  struct ToolTests {
    @Test("lab demo proves protection, and its control that it would have noticed")
    func demo() async throws {
      let outcome = try await Tool.run(["lab", "demo", "--control", "--json"])
      #expect(outcome.status == 0, "\(outcome.complaint)")
      let report = try JSONDecoder().decode(DemoReport.self, from: Data(outcome.output.utf8))
      #expect(report.verdict == "protected")
      #expect(report.datagrams.sent >= 100)
      #expect(report.datagrams.delivered == report.datagrams.sent)
      #expect(report.tcpBytes >= 10_000_000)
      #expect(report.wire.esp > 0)
      #expect(report.wire.clear == 0)
      #expect(report.wire.readable == 0)
      #expect(report.wire.missed == 0)
      #expect(try #require(report.control).wire.clear > 0)
      #expect(try #require(report.control).wire.esp == 0)
    }

    @Test("lab demo does not call protected what is only authenticated")
    func unencrypted() async throws {
      let outcome = try await Tool.run(
        [
          "lab", "demo", "--proposal", "null-sha256", "--udp", "--ipv6", "--stream", "100000",
          "--json",
        ])
      #expect(outcome.status == 1)
      let report = try JSONDecoder().decode(DemoReport.self, from: Data(outcome.output.utf8))
      #expect(report.verdict == "not-protected")
      #expect(report.wire.clear == 0)
      #expect(report.wire.readable > 0)
    }

    @Test("check --load loads what is missing, and says READY")
    func checkLoad() async throws {
      let outcome = try await Tool.run(["check", "--load"])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("\nREADY for minimal  "))
      for module in ["xfrm_user", "esp4", "esp6", "af_key"] {
        #expect(outcome.output.contains(module))
      }
    }
  }

  /// What a lab leaves behind: nothing. The kernel of the bed is told how many namespaces it may
  /// have, so that a single one left over many times would be one too many.
  @Suite(
    "Cleaning up", Bed.needsESP,
    .disabled(if: Bed.name == "host", "the machine's own settings are not changed"))
  struct CleanUpTests {
    @Test("after a signal, however sudden", arguments: [Signal.interrupt, .kill])
    func signals(_ signal: Signal) async throws {
      let limit = try NamespaceLimit(5)
      for count in [2, 4] {
        let ending = try await Self.patiently { () async throws in
          try await Tool.run(
            ["lab", "demo", "--stream", "10000000000"], signal: signal,
            onceNamespacesAreOpen: count)
        } until: {
          $0 != .exited(1)
        }
        #expect(ending == .signaled(signal.rawValue))
      }
      let after = try await Self.patiently { () async throws in
        try await Tool.run(["lab", "demo", "--datagrams", "10", "--stream", "100000"])
      } until: {
        $0.status == 0
      }
      withExtendedLifetime(limit) {}
      #expect(after.status == 0, "\(after.complaint)")
    }

    /// The kernel takes namespaces away a little after nobody needs them: those of this test, and
    /// those of all tests before it. One that somebody has left behind stays for ever.
    static func patiently<Result>(
      _ attempt: () async throws -> Result, until isDone: (Result) -> Bool
    ) async throws -> Result {
      let deadline = ContinuousClock.now + .seconds(30)
      while true {
        let result = try await attempt()
        if isDone(result) || ContinuousClock.now > deadline { return result }
        try await Task.sleep(for: .milliseconds(200))
      }
    }

    @Test("the limit does stop a lab that needs more")
    func control() async throws {
      let limit = try NamespaceLimit(2)
      let outcome = try await Tool.run(["lab", "demo"])
      withExtendedLifetime(limit) {}
      #expect(outcome.status == 1)
      #expect(outcome.complaint.contains("cannot create the namespace"))
    }
  }
}

/// Sets how many network namespaces the guest's kernel may have, and sets it back.
final class NamespaceLimit {
  private static let path = "/proc/sys/user/max_net_namespaces"
  private let before: Data

  init(_ limit: Int) throws {
    before = try Data(contentsOf: URL(filePath: Self.path))
    try Data("\(limit)".utf8).write(to: URL(filePath: Self.path))
  }

  deinit {
    // Where it cannot be set back, the guest that ends with the tests was all that had it.
    try? before.write(to: URL(filePath: Self.path))
  }
}

/// What `lab demo --json` promises.
private struct DemoReport: Decodable {
  struct Datagrams: Decodable {
    var sent: Int
    var delivered: Int
  }
  struct Wire: Decodable {
    var esp: Int
    var espInUDP: Int
    var clear: Int
    var readable: Int
    var missed: Int
  }
  struct Observation: Decodable {
    var wire: Wire
  }
  var datagrams: Datagrams
  var tcpBytes: Int
  var wire: Wire
  var verdict: String
  var control: Observation?
}
