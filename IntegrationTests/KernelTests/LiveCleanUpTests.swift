import FoundationEssentials
import Subprocess
import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// What `check --live` leaves behind: nothing, however it ends.
  @Suite(
    "Live check, cleaning up", Bed.needsESP,
    .enabled(
      if: Bed.name == "uml",
      "counts namespaces, which only User-Mode Linux is quick enough to clear away"))
  struct LiveCleanUpTests {
    @Test("after being killed in the middle, and after its end")
    func killed() async throws {
      let before = try Remains()
      // Four for the sites, and the one that SAs are probed in and that may linger.
      let limit = try NamespaceLimit(5)
      for count in [1, 3, 4] {
        let ending = try await CleanUpTests.patiently { () async throws in
          try await Tool.run(
            ["check", "--live", "--bench"], signal: .kill, onceNamespacesAreOpen: count)
        } until: {
          $0 == .signaled(Signal.kill.rawValue)
        }
        #expect(ending == .signaled(Signal.kill.rawValue))
        #expect(try Remains() == before)
      }
      // One namespace that had been left behind would now be one too many.
      let after = try await CleanUpTests.patiently { () async throws in
        try await Tool.run(["check", "--live", "--json"])
      } until: {
        !$0.output.contains("could not be tried") && !$0.output.contains("no private namespace")
      }
      withExtendedLifetime(limit) {}
      #expect(after.output.contains(" packets arrived"), "\(after.output)")
      #expect(!after.output.contains("could not be tried"), "\(after.output)")
      #expect(try Remains() == before)
    }

    @Test("where there are too few namespaces nothing is decided, and nothing left")
    func tooFew() async throws {
      let before = try Remains()
      let limit = try NamespaceLimit(3)
      let outcome = try await Tool.run(["check", "--live"])
      withExtendedLifetime(limit) {}
      #expect(outcome.status != 0)
      #expect(outcome.output.contains("live.tunnel.v4: could not be tried"))
      #expect(outcome.output.contains("cannot create the namespace of"))
      #expect(!outcome.output.contains("packets arrived"))
      #expect(try Remains() == before)
    }
  }
}

/// What of a lab could stay: namespaces that a process is in or that have a name, SAs and policies.
private struct Remains: Equatable {
  var namespaces: Set<String>
  var names: [String]
  var associations: UInt32
  var policies: UInt32

  init() throws {
    let files = FileManager.default
    let processes = try files.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
    namespaces = Set(
      processes.flatMap { process in
        // What has ended meanwhile is in none.
        let threads = (try? files.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.compactMap { thread in
          try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/task/\(thread)/ns/net")
        }
      })
    // Where the directory is missing, no namespace has ever had a name.
    names = (try? files.contentsOfDirectory(atPath: "/run/netns")) ?? []
    var xfrm = try XFRMClient()
    associations = try xfrm.sadInfo().count
    policies = try xfrm.spdInfo().count
  }
}
