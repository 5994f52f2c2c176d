import Glibc
import Subprocess
import TestSupport
import Testing
import XFRMKit
import XFRMLab

/// What runs in a lab, as it is started and as it ends. There may be labs of others.
@Suite(
  "What runs in a lab", .serialized,
  .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct LabInhabitantTests {
  private let name = "test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  private func lab(_ line: String) async throws -> Tool.Outcome {
    try await Tool.run(["lab"] + line.split(separator: " ").map(String.init))
  }

  private var running: RunningLab? { RunningLab.all().first { $0.name == name } }

  /// Those that are on a node.
  private func programs(_ inode: UInt64) -> [Int32] {
    FileNames.list("/proc").compactMap { Int32($0) }.filter { number in
      // One that has ended meanwhile is nowhere.
      (try? NetworkNamespace(process: number))?.inode == inode
    }
  }

  @Test("ends with it, however often it is told to end, be it that it does not want to")
  func impatience() async throws {
    var inode: UInt64 = 0
    let ending = try await Tool.run(
      ["lab", "up", "host-to-host", "--name", name], signal: .interrupt
    ) { process in
      try await eventually("it does not come up") { running?.topology != nil }
      inode = try #require(running).namespace(of: "host-a").inode
      // What is ignored stays so in another program.
      let script =
        #"trap "" TERM; "$XFRMCTL" lab exec --lab "$1" host-a -- sleep 600 "#
        + "</dev/null >/dev/null 2>&1 &"
      #expect(try await Shell.run(script, [name]).status == 0)
      var sleepers: [Int32] = []
      try await eventually("nothing runs in it") {
        sleepers = programs(inode).filter {
          (try? kernelText(at: "/proc/\($0)/comm")) == "sleep\n"
        }
        return !sleepers.isEmpty
      }
      // A closed terminal sends this one, too, and more than once: in time, whatever else is to do
      // here. The control: the farewell is not over.
      let signals = "kill -HUP $1; sleep 0.1; kill -HUP $1; sleep 0.1; cat /proc/$2/comm"
      let control = try await Shell.run(signals, ["\(process)", "\(try #require(sleepers.first))"])
      #expect(control.output == "sleep\n", "\(control.complaint)")
    }
    #expect(ending == .exited(0))
    #expect(running == nil)
    #expect(programs(inode) == [])
  }

  @Test("begins as it would have without xfrmctl: signals come, and cores may be dumped")
  func surroundings() async throws {
    #expect(try await lab("up host-to-host --name \(name) --detach").status == 0)
    let look = "ulimit -Sc; ulimit -Hc; cat /proc/self/coredump_filter"
    let script = #"""
      ulimit -c 4096 2>/dev/null
      # Not through sh, which lets all signals come.
      set -- "$1" "$2" grep SigBlk /proc/self/status
      sh -c "$2"; "$3" "$4" "$5"
      echo --
      "$XFRMCTL" lab exec --lab "$1" host-a -- sh -c "$2"
      "$XFRMCTL" lab exec --lab "$1" host-a -- "$3" "$4" "$5"
      """#
    let outcome = try await Shell.run(script, [name, look])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let parts = outcome.output.split(separator: "--\n")
    #expect(parts.count == 2 && parts.first == parts.last, "\(outcome.output)")
    // The control: xfrmctl itself may not.
    let holder = try #require(running).process
    #expect(try kernelText(at: "/proc/\(holder)/coredump_filter") == "00000000\n")
    #expect(try await lab("down \(name)").status == 0)
  }

  @Test("keeps only its own lab up, where all are to go down")
  func others() async throws {
    // Nobody else's labs are seen there.
    let script = #"""
      exec unshare --pid --fork --mount-proc sh -c '
        for number in 1 2; do
          "$XFRMCTL" lab up host-to-host --detach --name "$0-$number" >/dev/null || exit 99
        done
        "$XFRMCTL" lab exec --lab "$0-1" host-a -- "$XFRMCTL" lab down --all
        echo "status $?"
        "$XFRMCTL" lab down --all' "$1"
      """#
    let outcome = try await Shell.run(script, [name])
    #expect(
      outcome.output == "lab \(name)-2 is down\nstatus 65\nlab \(name)-1 is down\n",
      "\(outcome.complaint)")
    #expect(outcome.complaint.contains("is not ended: it is the network of this process"))
  }

  @Test("is not there while nodes are being made; one is told to come again")
  func unfinished() async throws {
    let beacon = try LabBeacon(name)
    let outcome = try await lab("exec --lab \(name) host-a -- true")
    #expect(outcome.status == 75)
    #expect(
      outcome.complaint
        == "xfrmctl: lab “\(name)” is still being built; try again in a moment\n")
    withExtendedLifetime(beacon) {}
  }

  @Test("needs settings, and where they are read-only that is told with what to do")
  func readOnlySettings() async throws {
    let script = #"""
      exec unshare --mount sh -c '
        mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys || exit 99
        exec "$XFRMCTL" lab up site-to-site --detach --name "$0"' "$1"
      """#
    let outcome = try await Shell.run(script, [name])
    try #require(outcome.status != 99, "\(outcome.complaint)")
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("/proc/sys is read-only here (EROFS)"))
    #expect(outcome.complaint.contains("`mount -o remount,rw /proc/sys`"))
    #expect(running == nil)
  }
}
