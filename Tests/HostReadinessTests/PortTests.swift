import Testing

@testable import HostReadiness

/// Who has the ports of IKE.
@Suite struct PortTests {
  /// As the kernel lists sockets, `0.0.0.0:500` with the inode 16392 and port 53 with another.
  private static let table = """
      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
     12: 00000000:01F4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 16392 2 0
     13: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 16393 2 0

    """

  @Test func socketsAreReadByPort() {
    #expect(UDPPorts.sockets(Self.table) == [UDPPorts.Socket(port: 500, inode: 16392)])
    #expect(UDPPorts.sockets("  sl  local_address\n garbage\n").isEmpty)
    let six = """
       1: 00000000000000000000000000000000:1194 00000000000000000000000000000000:0000 07 \
      00000000:00000000 00:00000000 00000000 0 0 7 2 0 0
      """
    #expect(UDPPorts.sockets(six) == [UDPPorts.Socket(port: 4500, inode: 7)])
  }

  /// A host whose port 500 a program has.
  private func host(_ name: String) -> SyntheticRoot {
    let root = Sample.host(["/proc/net/udp": Self.table, "/proc/812/comm": "\(name)\n"])
    root.link("/proc/812/fd/7", to: "socket:[16392]")
    return root
  }

  private func check(_ root: SyntheticRoot, _ use: Use, port: Int = 500) -> Check? {
    var options = root.options
    options.profile = Profile(use)
    let findings = Findings(options) { SyntheticKernel.capable }
    return ReadinessReport(findings)[CheckID(rawValue: "udp.port\(port)")]
  }

  @Test(arguments: [
    ("charon", Use.strongswan, Check.Outcome.passed), ("charon-systemd", .algo, .passed),
    ("pluto", .libreswan, .passed), ("pluto", .gateway, .passed), ("pluto", .strongswan, .failed),
    ("charon", .libreswan, .failed), ("python3", .strongswan, .failed),
    ("python3", .gateway, .warning), ("python3", .minimal, .absent),
  ])
  func whoMayHaveIt(name: String, use: Use, outcome: Check.Outcome) {
    let check = check(host(name), use)
    #expect(check?.outcome == outcome)
    #expect(check?.summary == "\(name) (812) has it")
    #expect(self.check(host(name), use, port: 4500)?.summary == "free")
  }

  @Test func nobodyIsNotEverybody() {
    #expect(check(Sample.host(), .algo)?.summary == "free")
    #expect(check(Sample.host(["/proc/net/udp": nil]), .algo)?.outcome == .unknown)
    // All files of all processes are seen, and none is the socket.
    let kernels = check(machine(Self.table), .algo)
    #expect(kernels?.outcome == .failed)
    #expect(kernels?.summary == "the kernel itself has it")
  }

  /// Shows all processes that there are.
  private func machine(_ table: String) -> SyntheticRoot {
    let root = Sample.host(["/proc/net/udp": table, "/proc/1/comm": "systemd\n"])
    root.link("/proc/self/ns/pid", to: "pid:[4026531836]")
    return root
  }

  /// `hidepid` takes others' processes away, and a container shows its own.
  @Test func whoSeesOnlySomeDoesNotBlameTheKernel() {
    let hidden = Sample.host(["/proc/net/udp": Self.table, "/proc/812/comm": "bash\n"])
    hidden.link("/proc/self/ns/pid", to: "pid:[4026531836]")
    #expect(check(hidden, .strongswan)?.outcome == .unknown)
    let container = Sample.host(["/proc/net/udp": Self.table, "/proc/1/comm": "sh\n"])
    container.link("/proc/self/ns/pid", to: "pid:[4026532201]")
    #expect(check(container, .strongswan)?.outcome == .unknown)
    container.write("/.dockerenv", "")
    #expect(
      check(container, .strongswan)?.remedies.map(\.text) == [
        "run the check on the host of this docker container"
      ])
  }

  @Test func wireguardHasItsOwn() {
    let table = Self.table.replacing(":01F4", with: ":CA6C")
    let root = machine(table)
    #expect(check(root, .algo, port: 51820)?.outcome == .passed)
    root.write("/proc/5/comm", "nc\n")
    root.link("/proc/5/fd/3", to: "socket:[16392]")
    #expect(check(root, .algo, port: 51820)?.outcome == .warning)
  }

  @Test func whatIsHiddenIsNotKnown() {
    let check = judge("udp.port500", for: .algo) {
      $0.network.ports.sockets = [UDPPorts.Socket(port: 500, inode: 1)]
    }
    #expect(check?.outcome == .unknown)
    #expect(check?.remedies.first?.text == "run the check as root")
  }
}
