import Glibc
import Subprocess
import TestSupport
import Testing
import XFRMKit
import XFRMLab

/// `xfrmctl lab up` and the other verbs, as a user meets them. There may be labs of others.
@Suite(
  "Labs on the command line", .serialized,
  .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct LabCommandTests {
  private let name = "test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  private func lab(_ line: String) async throws -> Tool.Outcome {
    try await Tool.run(["lab"] + line.split(separator: " ").map(String.init))
  }

  private func running(_ name: String) -> RunningLab? {
    RunningLab.all().first { $0.name == name }
  }

  /// How many policies there are.
  private func policies(on node: String, of name: String) throws -> Int {
    let lab = try #require(running(name))
    var xfrm = try XFRMClient(in: try lab.namespace(of: node))
    return try xfrm.policies().count
  }

  @Test("it comes, is listed, is entered and goes")
  func life() async throws {
    let up = try await lab("up site-to-site --name \(name) --detach")
    #expect(up.status == 0, "\(up.complaint)")
    #expect(
      up.output
        == "lab \(name) is up: 4 nodes, 3 links, 1 tunnel; xfrmctl lab down takes it down\n")
    let held = try #require(running(name))
    #expect(held.topology?.machines.count == 4)

    let json = try JSONValue(parsing: try await lab("list --json").output)
    #expect(try JSONSchema(named: "lab-list").complaints(about: json) == [])
    let listed = try #require(json["labs"]?.elements?.first { $0["name"]?.text == name })
    #expect(listed["state"]?.text == "up" && listed["nodes"]?.elements?.count == 4)
    #expect(try await lab("list").output.contains("\n\(name)  "))

    let script = "grep -c 10.1.0.2 /proc/thread-self/net/fib_trie; exit 42"
    let inside = try await Tool.run(
      [
        "lab", "exec", "--lab", name, "host-a", "--", "/bin/sh", "-c",
        "PATH=/usr/bin:/bin; " + script,
      ])
    #expect(inside.status == 42 && inside.output != "0\n", "\(inside)")
    let elsewhere = try await Tool.run(
      [
        "lab", "exec", "--lab", name, "host-b", "--", "/bin/sh", "-c",
        "PATH=/usr/bin:/bin; " + script,
      ])
    #expect(elsewhere.status == 42 && elsewhere.output == "0\n", "\(elsewhere)")
    #expect(try await lab("exec --lab \(name) host-a -- /nowhere").status == 1)
    let stranger = try await lab("exec --lab \(name) hots-a -- true")
    #expect(stranger.status == 65 && stranger.complaint.contains("did you mean “host-a”?"))
    // The gateway's policies are there, whether or not the kernel has ESP.
    #expect(try policies(on: "gateway-a", of: name) == 3)
    #expect(try await lab("graph \(name)").output.contains("gateway-a ══ gateway-b"))

    let again = try await lab("up host-to-host --name \(name) --detach")
    #expect(again.status == 75 && again.complaint.contains("held by process \(held.process)"))
    let down = try await lab("down \(name)")
    #expect(down.status == 0 && down.output == "lab \(name) is down\n")
    #expect(running(name) == nil)
    #expect(try await lab("down \(name)").status == 65)
  }

  @Test("down ends what runs in it, and nothing else")
  func inhabitants() async throws {
    #expect(try await lab("up host-to-host --name \(name) --detach").status == 0)
    let held = try #require(running(name))
    let inodes = try held.nodes.map { try held.namespace(of: $0).inode }
    let sleeper = Task {
      try await Tool.run(["lab", "exec", "--lab", name, "host-a", "--", "/bin/sleep", "600"])
    }
    let outsider = try await Shell.run("sleep 600 >/dev/null 2>&1 & echo $!").output.dropLast()
    // One that is becoming another program has no namespace for a moment.
    try await eventually("nothing runs in it") {
      Namespaces.users(of: inodes, besides: held.process) == 1
    }
    // Not from within, where it would end itself first.
    let within = try await lab("exec --lab \(name) host-a -- xfrmctl lab down \(name)")
    #expect(within.status == 65 && within.complaint.contains("is not ended"), "\(within)")
    #expect(running(name)?.process == held.process)
    try await eventually("nothing runs in it") {
      Namespaces.users(of: inodes, besides: held.process) == 1
    }
    #expect(try await lab("down \(name)").status == 0)
    #expect(try await sleeper.value.status == 128 + SIGTERM)
    #expect(try await Shell.run("kill \"$1\"", ["\(outsider)"]).status == 0)
    #expect(Namespaces.users(of: inodes) == 0)
  }

  @Test("two do not disturb each other")
  func two() async throws {
    for number in 1...2 {
      let up = try await lab("up site-to-site --name \(name)-\(number) --detach")
      #expect(up.status == 0, "\(up.complaint)")
    }
    let labs = try (1...2).map { try #require(running("\(name)-\($0)")) }
    let inodes = try labs.map { lab in Set(try lab.nodes.map { try lab.namespace(of: $0).inode }) }
    #expect(inodes[0].isDisjoint(with: inodes[1]) && inodes[0].count == 4)
    #expect(
      try await lab("exec --lab \(name)-1 gateway-a -- xfrmctl policy flush --yes").status == 0)
    #expect(try policies(on: "gateway-a", of: "\(name)-1") == 0)
    #expect(try policies(on: "gateway-a", of: "\(name)-2") == 3)
    #expect(try await lab("down \(name)-1").status == 0)
    #expect(try policies(on: "gateway-a", of: "\(name)-2") == 3)
    #expect(try await lab("down \(name)-2").status == 0)
  }

  @Test("killed at any moment it leaves nothing", arguments: [0, 1, 10, 21, nil])
  func killed(atNamespaces count: Int?) async throws {
    var inodes: [UInt64] = []
    let words = ["lab", "up", "hub-and-spoke", "--spokes", "20", "--name", name]
    let ending = try await Tool.run(words, signal: .kill) { process in
      if count == nil { try await waitUntilUp() }
      let wanted = count ?? 21
      try await eventually("it does not begin") {
        inodes = try Namespaces.held(by: process)
        return inodes.count >= wanted
      }
      // The control: while it lives they are in use.
      #expect(inodes.count >= wanted)
      #expect(inodes.isEmpty || Namespaces.users(of: inodes) > 0)
    }
    #expect(ending == .signaled(SIGKILL))
    #expect(running(name) == nil)
    #expect(Namespaces.users(of: inodes) == 0)
  }

  @Test("a signal ends it while it is being built")
  func early() async throws {
    let words = ["lab", "up", "hub-and-spoke", "--spokes", "250", "--name", name]
    let ending = try await Tool.run(words, signal: .interrupt, onceNamespacesAreOpen: 3)
    #expect(ending == .signaled(SIGINT))
    #expect(running(name) == nil)
  }

  @Test("taken down while it is being built it is not built again")
  func takenDown() async throws {
    let up = Task { try await lab("up hub-and-spoke --spokes 250 --name \(name) --detach") }
    try await eventually("it does not begin") { running(name) != nil }
    // As `lab down` has it, which would be late now and then.
    #expect(kill(try #require(running(name)).process, SIGTERM) == 0)
    let outcome = try await up.value
    #expect(
      outcome.complaint == "xfrmctl: lab \(name) was taken down while it was being built\n")
    #expect(outcome.status == 1)
    #expect(running(name) == nil)
  }

  @Test("who reads what it says may go away")
  func reader() async throws {
    let script = #"{ "$XFRMCTL" lab up host-to-host --name "$1"; echo "status $?" >&2; } | true"#
    let up = Task { try await Shell.run(script, [name]) }
    try await waitUntilUp()
    #expect(try await lab("down \(name)").status == 0)
    #expect(try await up.value.complaint.hasSuffix("status 0\n"))
  }

  @Test("what the kernel lacks is named, by what is in the background as well")
  func lacking() async throws {
    let text = """
      nodes: [{name: a}, {name: b}]
      links:
        - ends: [{node: a, interface: eth0}, {node: b, interface: eth0}]
          loss: 1%
      """
    let file = try TemporaryFile(Array(text.utf8))
    let up = try await lab("up \(file.path) --name \(name) --detach")
    if up.status == 0 {
      #expect(try await lab("down \(name)").status == 0)
    } else {
      #expect(up.status == 69 && up.complaint.hasSuffix("no netem (module sch_netem)\n"))
    }
    #expect(running(name) == nil)
  }

  @Test("a signal takes it down")
  func signal() async throws {
    let ending = try await Tool.run(
      ["lab", "up", "host-to-host", "--name", name], signal: .interrupt
    ) {
      _ in try await waitUntilUp()
    }
    #expect(ending == .exited(0))
    #expect(running(name) == nil)
  }

  private func waitUntilUp() async throws {
    try await eventually("\(name) does not come up") { running(name)?.topology != nil }
  }

  @Test("fifty spokes come up quickly")
  func spokes() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let up = try await lab("up hub-and-spoke --spokes 50 --name \(name) --detach")
    let duration = clock.now - start
    #expect(up.status == 0, "\(up.complaint)")
    // Five seconds are promised; a machine that is busy with other tests may take longer.
    #expect(duration < .seconds(30), "\(duration)")
    // For each spoke one that protects and two that let in.
    #expect(try policies(on: "hub", of: name) == 150)
    #expect(try await lab("down \(name)").status == 0)
  }

  @Test("what is wrong with a file or a line is told")
  func mistakes() async throws {
    let file = try TemporaryFile(Array("nodes: [{name: a}]\nlinks: [{ends: []}]\n".utf8))
    let outcome = try await lab("up \(file.path)")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(":2:16: error: there are two ends, and these are 0"))
    let typo = try await lab("up site-to-sit")
    #expect(typo.status == 65 && typo.complaint.contains("did you mean “site-to-site”?"))
    let stranger = try PrivateTool()
    for line in ["up site-to-site", "exec a -- true", "down", "down --all"] {
      let outcome = try await stranger.run("lab \(line)", user: 65_534)
      #expect(outcome.status == 77 && outcome.complaint == "xfrmctl: a lab takes root\n")
    }
    #expect(try await lab("up site-to-site --spokes 0").status == 64)
    #expect(try await lab("up site-to-site --name ../x").status == 64)
    #expect(try await lab("exec host-a").status == 64)
    #expect(try await lab("graph site-to-site --svg --yaml").status == 64)
  }

  @Test("graphs need no lab and no root")
  func graphs() async throws {
    let yaml = try await lab("graph road-warrior --yaml").output
    let file = try TemporaryFile(Array(yaml.utf8))
    #expect(try await lab("graph \(file.path) --yaml").output == yaml)
    #expect(try await lab("graph road-warrior --svg").output.hasPrefix("<svg "))
  }
}

/// Who has network namespaces.
private enum Namespaces {
  /// Those that a process holds open, but for this one's own.
  static func held(by process: Int32) throws -> [UInt64] {
    let own = try NetworkNamespace.current().inode
    let folder = "/proc/\(process)/fd"
    let inodes = FileNames.list(folder).compactMap { descriptor -> UInt64? in
      guard let target = target("\(folder)/\(descriptor)"), target.hasPrefix("net:[") else {
        return nil
      }
      return UInt64(target.dropFirst(5).dropLast())
    }
    return inodes.filter { $0 != own }
  }

  private static func target(_ link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 64)
    // Sound: readlink fills at most the array, and reports how much of it.
    let count = unsafe readlink(link, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// How many processes are in some, or hold them open.
  static func users(of inodes: [UInt64], besides holder: Int32 = 0) -> Int {
    let names = Set(inodes.map { "net:[\($0)]" })
    return FileNames.list("/proc").compactMap { Int32($0) }.count { process in
      guard process != holder, process != getpid() else { return false }
      let folder = "/proc/\(process)"
      let links = ["\(folder)/ns/net"] + FileNames.list("\(folder)/fd").map { "\(folder)/fd/\($0)" }
      return links.contains { target($0).map(names.contains) ?? false }
    }
  }
}
