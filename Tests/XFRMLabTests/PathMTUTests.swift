import Glibc
import Testing
import XFRMKit
import XFRMLab

/// How long packets may be, on paths that need no ESP to be short.
@Suite(
  "Path MTU", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct PathMTUTests {
  @Test("is learned, and is exact", arguments: LabTests.families)
  func learned(_ family: AddressFamily) throws {
    let path = try Path(family, mtu: 1400)
    defer { withExtendedLifetime(path) {} }
    let result = try path.flow.tryPathMTU(3)
    #expect(result.learned == 1400)
    #expect(result.exact.delivered == 3)
    #expect(result.tooLong.refusals == [.messageTooLong: 3])
    #expect(result.tooLong.delivered == 0)
    #expect(result.fragmented.delivered == 3)
    #expect(result.fragmented.refusals.isEmpty)
  }

  @Test("is not learned where nothing is too long", arguments: LabTests.families)
  func nothingToLearn(_ family: AddressFamily) throws {
    let path = try Path(family, mtu: 1500)
    defer { withExtendedLifetime(path) {} }
    let result = try path.flow.tryPathMTU(3, patience: 50)
    #expect(result.learned == nil)
    #expect(result.exact.sent == 0)
  }

  @Test("is not learned by who does not listen")
  func deaf() throws {
    let path = try Path(.ipv4, mtu: 1400)
    defer { withExtendedLifetime(path) {} }
    let flow = path.flow
    try flow.sender.setSysctl("net.ipv4.ip_no_pmtu_disc", to: "2")
    #expect(try flow.tryPathMTU(3, patience: 50).learned == nil)
  }

  @Test("what may not be fragmented does not arrive, what may be does")
  func fragmentation() throws {
    let path = try Path(.ipv4, mtu: 1400)
    defer { withExtendedLifetime(path) {} }
    let flow = path.flow
    try flow.sender.setSysctl("net.ipv4.ip_no_pmtu_disc", to: "2")
    let whole = try flow.sendDatagrams(
      3, payloadBytes: 1400, fragmentation: .forbidden, patience: 50)
    #expect(whole.sent == 3)
    #expect(whole.delivered == 0)
    let parts = try flow.sendDatagrams(3, payloadBytes: 1400, fragmentation: .allowed)
    #expect(parts.delivered == 3)
  }

  @Test("the longest packet on a wire is told")
  func longest() throws {
    let path = try Path(.ipv4, mtu: 1500)
    defer { withExtendedLifetime(path) {} }
    let flow = path.flow
    let capture = try PacketCapture(on: path.router, interface: "right")
    _ = try flow.sendDatagrams(3, payloadBytes: 1000)
    _ = try flow.sendDatagrams(3, payloadBytes: 600)
    #expect(capture.stop().longest == 1028)
  }

  @Test("a stream goes on for as long as it is to")
  func stream() throws {
    let path = try Path(.ipv4, mtu: 1500)
    defer { withExtendedLifetime(path) {} }
    let flow = path.flow
    let result = try flow.stream(for: .milliseconds(100))
    #expect(result.bytes > 100_000)
    #expect(result.duration >= .milliseconds(100))
    #expect(result.duration < .milliseconds(1_000))
  }
}

/// Two hosts and a router between them, whose cable to the second takes no more than `mtu`. It is
/// there as long as the value is.
private struct Path {
  let flow: Flow
  let router: Node

  init(_ family: AddressFamily, mtu: UInt32) throws {
    let (a, router, b) = (try Node("a"), try Node("router"), try Node("b"))
    try Node.connect(a, "eth0", router, "left")
    try Node.connect(router, "right", b, "eth0", mtu: mtu)
    let isV6 = family == .ipv6
    func address(_ network: UInt8, _ number: UInt8) -> IPAddress {
      isV6
        ? .v6(0xfd00_0000_0000_0000 | UInt64(network), UInt64(number))
        : .v4(0x0a00_0000 | UInt32(network) << 8 | UInt32(number))
    }
    for (host, interface, network) in [(a, "left", UInt8(1)), (b, "right", UInt8(2))] {
      let length: UInt8 = isV6 ? 64 : 24
      try host.addAddress(IPPrefix(address(network, 2), length: length), to: "eth0")
      try router.addAddress(IPPrefix(address(network, 1), length: length), to: interface)
      try host.addRoute(to: .any(family), via: address(network, 1))
    }
    try router.setSysctl(
      isV6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward", to: "1")
    flow = Flow(from: a, address(1, 2), to: b, address(2, 2))
    self.router = router
    // Until then its neighbours may not know each other, and ask only once a second.
    try #require(try flow.ping(1, patience: 3_000) == 1)
  }
}
