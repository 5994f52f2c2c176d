import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab

/// What other processes learn of a lab. There may be labs of others.
@Suite("A lab that is held")
struct RunningLabTests {
  private let name = "test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  private var found: [RunningLab] { RunningLab.all().filter { $0.name == name } }

  @Test("is one, whoever is just reading of it")
  func readers() throws {
    let beacon = try LabBeacon(name)
    #expect(found.count == 1)
    let links = FileNames.list("/proc/self/fd").map { "/proc/self/fd/\($0)" }
    let link = try #require(
      links.first { Processes.target($0)?.hasPrefix("/memfd:xfrmlab:\(name) ") == true })
    // As everybody does who looks for labs.
    let reader = unsafe open(link, O_RDONLY | O_CLOEXEC)
    try #require(reader >= 0)
    defer { close(reader) }
    #expect(found.count == 1)
    withExtendedLifetime(beacon) {}
  }

  @Test("has a name that can be printed, or is none")
  func names() throws {
    let mark = "\(name)\u{1b}[31m"
    let beacon = try LabBeacon(unchecked: mark)
    #expect(!RunningLab.all().contains { $0.name.hasPrefix(name) })
    withExtendedLifetime(beacon) {}
    let error = try #require(throws: LabError.self) { _ = try LabBeacon("../x") }
    #expect(error == .scenario("no lab can be called “../x”"))
  }

  @Test("has no node while it is being built, and says so")
  func unfinished() throws {
    let beacon = try LabBeacon(name)
    let lab = try #require(found.first)
    let error = try #require(throws: LabError.self) { try lab.namespace(of: "host-a") }
    #expect(error == .beingBuilt(name))
    withExtendedLifetime(beacon) {}
  }

  @Test(
    "that nobody built of a file is not believed",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func strange() throws {
    for (node, isBelieved) in [("a", true), ("\u{1b}[31m", false)] {
      let beacon = try LabBeacon(name)
      let lab = try Lab(Topology(name, machines: [Topology.Machine(node)]))
      try beacon.publish(lab)
      #expect(found.count == 1)
      #expect(found.first?.nodes == (isBelieved ? ["a"] : []))
      #expect((found.first?.topology != nil) == isBelieved)
    }
  }

  @Test(
    "is left by everybody, be it that some start others meanwhile",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func inhabitants() async throws {
    let namespace = try NetworkNamespace.create()
    let tool = try PrivateTool(in: namespace)
    let parent = #"trap "sleep 600 & exit" TERM; while :; do sleep 0.1; done"#
    let stubborn = #"trap "" TERM; while :; do sleep 0.1; done"#
    for script in [stubborn, parent] {
      let quiet = #"sh -c "$1" </dev/null >/dev/null 2>&1 &"#
      #expect(try await tool.shell(quiet, [script]).status == 0)
    }
    func programs() -> [String] {
      Processes.all.compactMap { number in
        guard Processes.target("/proc/\(number)/ns/net") == "net:[\(namespace.inode)]" else {
          return nil
        }
        // One that has ended meanwhile is nobody.
        return try? kernelText(at: "/proc/\(number)/comm")
      }
    }
    // Each has laid down what it does before it sleeps.
    try await eventually("they do not begin") { programs().count { $0 == "sleep\n" } == 2 }
    try Processes.end(in: [namespace], patience: 300)
    #expect(programs() == [])
  }
}
