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
      let bytes = Bed.isEmulated ? 1_000_000 : 10_000_000
      let outcome = try await Tool.run([
        "lab", "demo", "--control", "--json", "--stream", "\(bytes)",
      ])
      #expect(outcome.status == 0, "\(outcome.complaint)")
      let report = try JSONDecoder().decode(DemoReport.self, from: Data(outcome.output.utf8))
      #expect(report.verdict == "protected")
      #expect(report.datagrams.sent >= 100)
      #expect(report.datagrams.delivered == report.datagrams.sent)
      #expect(report.tcpBytes >= bytes)
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

  /// What `check` does about modules, and what it leaves alone.
  @Suite(
    "Modules", Bed.needsESP, .serialized,
    .disabled(if: Bed.name == "host", "the machine's own modules are left alone"))
  struct ModuleTests {
    @Test("check --no-load loads nothing, and its control that check alone would have")
    func noLoad() async throws {
      let before = try Modules.loaded()
      let outcome = try await Tool.run(["check", "--no-load"])
      #expect(try Modules.loaded() == before)
      #expect(outcome.status == 4, "\(outcome.output)")
      #expect(outcome.output.contains("the kernel might load a module to answer"))
      #expect(outcome.output.contains("xfrm.esp4.gcm"))

      // The kernel may have them from another test already.
      _ = try await Tool.run(["check", "--undo"])
      for name in ["esp6", "esp4"] where try Modules.loaded().contains(Substring(name)) {
        try await Modules.unload(name)
      }
      let without = try Modules.loaded()
      _ = try await Tool.run(["check"])
      #expect(try Modules.loaded().subtracting(without).isSuperset(of: ["esp4"]))
    }

    @Test("check --load and --undo: what was there before stays, what was loaded goes")
    func undo() async throws {
      _ = try await Tool.run(["check", "--undo"])
      for name in ["esp6", "esp4"] where try Modules.loaded().contains(Substring(name)) {
        try await Modules.unload(name)
      }
      let before = try Modules.loaded()
      #expect(!before.contains("esp4"))
      let loading = try await Tool.run(["check", "--load", "--persist"])
      #expect(loading.status == 0, "\(loading.output)")
      #expect(try Modules.loaded().isSuperset(of: before.union(["esp4", "esp6", "gcm"])))
      let list = URL(filePath: "/etc/modules-load.d/xfrmctl.conf")
      #expect(try String(contentsOf: list, encoding: .utf8).contains("\nesp4\n"))

      let undoing = try await Tool.run(["check", "--undo"])
      #expect(undoing.status == 0, "\(undoing.output)")
      let after = try Modules.loaded()
      // ESP over IPv6, which this profile can do without, may be the kernel's own doing: it was asked.
      #expect(!after.contains("esp4"))
      #expect(after.isSuperset(of: before))
      #expect(!FileManager.default.fileExists(atPath: list.path))
    }

    @Test("check --load heeds a block and says where it is written")
    func blocked() async throws {
      _ = try await Tool.run(["check", "--undo"])
      for name in ["esp6", "esp4"] where try Modules.loaded().contains(Substring(name)) {
        try await Modules.unload(name)
      }
      let file = URL(filePath: "/etc/modprobe.d/xfrmctl-test.conf")
      try Data("install esp4 /bin/true\n".utf8).write(to: file)
      let outcome = try await Tool.run(["check", "--load"])
      try FileManager.default.removeItem(at: file)
      #expect(outcome.status == 3, "\(outcome.output)")
      #expect(outcome.output.contains("/etc/modprobe.d/xfrmctl-test.conf:1"))
      #expect(try !Modules.loaded().contains("esp4"))
      // Without the line the same host is ready.
      #expect(try await Tool.run(["check", "--load"]).status == 0)
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
    /// those of all tests before it, which a connection that nobody ended may keep for a hundred
    /// seconds. One that somebody has left behind stays for ever.
    static func patiently<Result>(
      _ attempt: () async throws -> Result, until isDone: (Result) -> Bool
    ) async throws -> Result {
      let deadline = ContinuousClock.now + .seconds(150)
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

  /// - Parameter limit: How many there may be besides the one that everybody is in, and those that
  ///   other tests hold for all their cases.
  init(_ limit: Int) throws {
    before = try Data(contentsOf: URL(filePath: Self.path))
    let files = FileManager.default
    let held = try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    let namespaces = Set(held.filter { $0.hasPrefix("net:") })
      .subtracting([try files.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")])
    try Data("\(limit + namespaces.count)".utf8).write(to: URL(filePath: Self.path))
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
