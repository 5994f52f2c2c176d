import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab
@testable import xfrmctl

/// Traffic both ways, and what a capture sees of it.
struct TrafficLoad: ~Copyable {
  private let forth: SteadyTraffic
  private let back: SteadyTraffic
  private let capture: PacketCapture

  init(_ ends: RotatingEnds, perSecond rate: Int) throws {
    let capture = try PacketCapture(on: ends.a, interface: RotatingEnds.interface)
    let forth = try SteadyTraffic(ends.flow, perSecond: rate / 2)
    let back = try SteadyTraffic(ends.flow.reversed, perSecond: rate / 2)
    self.capture = capture
    self.forth = forth
    self.back = back
  }

  consuming func stop() -> (traffic: DatagramResult, wire: WireCounts) {
    var traffic = forth.stop()
    traffic += back.stop()
    return (traffic, capture.stop())
  }
}

/// Two hosts with a protected connection between them, each with folders of its own.
struct RotatingEnds {
  static let interface = "wan"

  let a: Node
  let b: Node
  private let temporary: TemporaryFolder

  /// - Parameter proposal: What protects packets; the default of configurations if `nil`.
  init(_ proposal: String? = nil) async throws {
    temporary = try TemporaryFolder()
    a = try Node("a")
    b = try Node("b")
    try Node.connect(a, Self.interface, b, Self.interface)
    for node in [a, b] {
      try node.addAddress(IPPrefix(address(node), length: 24), to: Self.interface)
      let text = """
        connections:
          - name: link
            kind: host-to-host
            local: {address: \(address(node))}
            remote: {address: \(address(node.name == "a" ? b : a))}
        \(proposal.map { "    proposal: \($0)" } ?? "")
        """
      try Data(text.utf8).write(to: URL(filePath: file(node)))
    }
    guard try flow.sendDatagrams(5).delivered == 5 else { throw Unreachable() }
    try await makeKeys()
    for node in [a, b] { try await run(node, "apply \(file(node))") }
    guard try flow.sendDatagrams(5).delivered == 5 else { throw Unreachable() }
  }

  private struct Unreachable: Error {}

  private func address(_ node: Node) -> IPAddress {
    .v4(node.name == "a" ? 0xc000_0201 : 0xc000_0202)
  }

  var flow: Flow { Flow(from: a, address(a), to: b, address(b)) }

  /// The configuration of a host.
  func file(_ node: Node) -> String { temporary.file("\(node.name).yaml") }

  private func state(_ node: Node) -> String { temporary.file(node.name) }

  /// Makes the configuration of a host another, by an entry that has nothing to do with the rest.
  func addEntry(to node: Node) throws {
    let text = """

      spd:
        - name: rest
          direction: outbound
          traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16}
      """
    let place = URL(filePath: file(node))
    try (Data(contentsOf: place) + Data(text.utf8)).write(to: place)
  }

  /// Ends those who wait for a deadline, as nobody should.
  func endGuards() async throws {
    let ended = try await Shell.run(
      """
      for process in /proc/[0-9]*; do
        tr '\\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q " guard .*$1" \\
          && kill -9 "${process#/proc/}"
      done; true
      """, [temporary.file("run")])
    #expect(ended.status == 0, "\(ended.complaint)")
  }

  /// The namespace's file, as other processes find it.
  private func path(_ node: Node) throws -> String {
    let link = try node.namespace.run {
      // Without it every start fails.
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")) ?? ""
    }
    return "/proc/\(link)/ns/net"
  }

  /// `rotate` of both ends.
  var pairWords: String {
    get throws {
      "rotate --local-pair \(try path(a)) \(try path(b)) --peer-state-dir \(state(b)) --grace 20ms"
    }
  }

  private func end(_ node: Node) throws -> RotationEnd {
    try RotationEnd(
      named: path(node), runFolder: temporary.file("run"), stateFolder: state(node))
  }

  /// What `rotate --phase` does, without the time that it takes to start.
  func rotate(_ node: Node, _ phase: RotationPhase) throws {
    var end = try end(node)
    _ = try end.rotate(["link"], phase, grace: .milliseconds(20))
  }

  /// What `rotate --local-pair` does, likewise.
  func rotateBoth(grace: Duration) throws {
    let ends = try [a, b].map(end)
    var pair = try LocalPair(ends[0], ends[1], [])
    _ = try pair.rotate(grace: grace) { _, _, _ in }
  }

  /// Runs the tool as one of the hosts.
  ///
  /// - Parameter boot: Which run of a kernel it is to take this one for; for what it is if `nil`.
  @discardableResult
  func run(
    _ node: Node, _ line: String, status: Int32 = 0, boot: String? = nil
  ) async throws -> TestSupport.Tool.Outcome {
    if let boot { try Data("\(boot)\n".utf8).write(to: URL(filePath: temporary.file("boot"))) }
    let other =
      boot == nil
      ? ""
      : "unshare --mount sh -ec 'mount --bind \(temporary.file("boot")) "
        + "/proc/sys/kernel/random/boot_id; exec \"$@\"' sh "
    let outcome = try await Shell.run(
      "nsenter --net=\(try path(node)) \(other)\"$XFRMCTL\" \(line) --state-dir \(state(node)) "
        + "--run-dir \(temporary.file("run"))")
    #expect(outcome.status == status, "\(line): \(outcome.output)\(outcome.complaint)")
    return outcome
  }

  @discardableResult
  func rotate(_ node: Node, _ words: String, status: Int32 = 0) async throws
    -> TestSupport.Tool.Outcome
  {
    try await run(node, "rotate link \(words)", status: status)
  }

  /// The next generation, at both ends.
  func makeKeys() async throws {
    let made = try await Shell.run(
      "\"$XFRMCTL\" keys new link --config \(file(a)) --directory \(state(a))/keys "
        + "--peer-directory \(state(b))/keys")
    #expect(made.status == 0, "\(made.complaint)")
  }

  /// The next generation, as the first host makes it that knows nothing of the other's files.
  func makeAndCarryKeys() async throws {
    let made = try await Shell.run(
      "nsenter --net=\(try path(a)) \"$XFRMCTL\" keys new link --config \(file(a)) "
        + "--directory \(state(a))/keys --run-dir \(temporary.file("run")) "
        + "&& mv \(state(a))/keys/peer/*.keys \(state(b))/keys/")
    #expect(made.status == 0, "\(made.complaint)")
  }

  /// Does something with the files of the first host, whose folder of state is `$1`.
  func spoil(_ script: String) async throws {
    let done = try await Shell.run(script, [state(a)])
    #expect(done.status == 0, "\(done.complaint)")
  }

  /// Deletes keys of the first host.
  func deleteKeys(_ words: String) async throws -> TestSupport.Tool.Outcome {
    try await Shell.run(
      "\"$XFRMCTL\" keys delete link \(words) --directory \(state(a))/keys "
        + "--run-dir \(temporary.file("run"))")
  }

  /// Lets packets take their time in both directions.
  func delay(_ milliseconds: Int) async throws {
    guard milliseconds > 0 else { return }
    try await queue("netem delay \(milliseconds)ms limit 100000")
  }

  /// Lets packets wait at both ends, as `tc` words it.
  func queue(_ discipline: String) async throws {
    for node in [a, b] {
      let set = try await Shell.run(
        "nsenter --net=\(try path(node)) tc qdisc add dev \(Self.interface) root \(discipline)")
      #expect(set.status == 0, "\(set.complaint)")
    }
  }

  /// The generations whose SAs the journal of the first host has.
  func generations() throws -> Set<String> {
    var xfrm = try a.xfrm()
    let spis = Set(try xfrm.associations().map { "\($0.spi)" })
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(state(a))/keys")
      .filter { $0.hasSuffix(".keys") }
    var found: Set<String> = []
    for name in names {
      let data = try Data(contentsOf: URL(filePath: "\(state(a))/keys/\(name)"))
      let text = String(decoding: data, as: UTF8.self)
      if spis.contains(where: { text.contains($0) }) {
        found.insert(String(name.split(separator: ".")[1]))
      }
    }
    return found
  }
}
