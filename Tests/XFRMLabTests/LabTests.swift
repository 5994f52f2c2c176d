import Glibc
import Testing
import XFRMKit

@testable import XFRMLab

/// What needs namespaces, but no ESP.
@Suite(
  "A lab", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct LabTests {
  @Test("carries every kind of traffic, in clear where nothing protects it", arguments: families)
  func clearTraffic(_ family: AddressFamily) throws {
    let sites = try SiteToSite()
    let left = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan)
    let right = try PacketCapture(on: sites.b.gateway, interface: SiteToSite.wan)
    let flow = sites.hostFlow(family)
    #expect(try flow.ping(3) == 3)
    let datagrams = try flow.sendDatagrams(50)
    #expect(datagrams.sent == 50)
    #expect(datagrams.delivered == 50)
    #expect(datagrams.wrong == 0)
    #expect(try flow.reversed.stream(bytes: 1 << 20) == 1 << 20)
    let wire = left.stop() + right.stop()
    #expect(wire[.clear] >= 56)
    #expect(wire[.esp] + wire[.espInUDP] == 0)
    #expect(wire.missed == 0)
  }

  @Test("drops what a policy blocks, and counts it")
  func block() throws {
    let sites = try SiteToSite()
    let flow = sites.hostFlow(.ipv4)
    #expect(try flow.sendDatagrams(5).delivered == 5)

    let before = try ErrorCounters(of: sites.a.gateway.namespace)
    var xfrm = try sites.a.gateway.xfrm()
    let blocked = Selector(from: sites.a.network(.ipv4), to: sites.b.network(.ipv4))
    try xfrm.add(Policy(blocked, direction: .forwarded, action: .block))
    #expect(try flow.sendDatagrams(5, patience: 50).delivered == 0)
    #expect(try flow.ping(1, patience: 50) == 0)
    #expect(try flow.stream(bytes: 100, patience: 50) == 0)
    let raised = try ErrorCounters(of: sites.a.gateway.namespace).since(before)
    #expect(raised["XfrmInPolBlock", default: 0] >= 6)

    try xfrm.flushPolicies()
    #expect(try flow.sendDatagrams(5).delivered == 5)
  }

  @Test("tells what the sender's kernel refused")
  func refusal() throws {
    let sites = try SiteToSite()
    var xfrm = try sites.a.host.xfrm()
    try xfrm.add(Policy(.any(.ipv4), direction: .outgoing, action: .block))
    let error = try #require(throws: LabError.self) {
      try sites.hostFlow(.ipv4).sendDatagrams(4, patience: 50)
    }
    #expect(error.isPermission, "a policy that blocks shows as EPERM")
  }

  @Test("leaves the calling thread where it was, and two labs do not meet")
  func isolation() throws {
    let home = try NetworkNamespace.current().inode
    let first = try SiteToSite()
    let second = try SiteToSite()
    #expect(try NetworkNamespace.current().inode == home)
    var xfrm = try first.a.gateway.xfrm()
    try xfrm.add(Policy(.any(.ipv4), direction: .outgoing, action: .block))
    #expect(try second.hostFlow(.ipv4).ping(1) == 1)
    #expect(throws: LabError.self) {
      try first.a.host.run { () throws(LabError) in
        throw LabError.system("do this", .invalidArgument)
      }
    }
    #expect(try NetworkNamespace.current().inode == home)
  }

  @Test("has nothing of the machine's settings")
  func settings() throws {
    let node = try Node("n")
    func values() throws -> [String] {
      try node.run { () throws(LabError) in
        Node.settings.compactMap { setting in
          let path = setting.split(separator: ".").joined(separator: "/")
          return try? kernelText(at: "/proc/sys/\(path)")
        }
      }
    }
    let count = try values().count
    #expect(count >= 8 && count <= Node.settings.count)
    #expect(try values() == Array(repeating: "0\n", count: count))
    // What a machine may have.
    let isWithIPv6 = SiteToSite.families.contains(.ipv6)
    let changed = Node.settings.filter { setting in
      setting.contains("ipv4") || isWithIPv6 && setting.contains("ipv6")
    }
    for setting in changed { try node.setSysctl(setting, to: "1") }
    #expect(try values().filter { $0 == "1\n" }.count == changed.count)
    try node.settle()
    #expect(try values() == Array(repeating: "0\n", count: count))
  }

  @Test("has IPv6, and makes no interfaces that pass packets on, whatever the machine's settings")
  func newInterfaces() throws {
    let node = try Node("n")
    let ipv6 = ["all", "default", "lo"].map { "net.ipv6.conf.\($0).disable_ipv6" }
    let forwarding = ["ipv4", "ipv6"].map { "net.\($0).conf.default.forwarding" }
    let isWithIPv6 = SiteToSite.families.contains(.ipv6)
    for setting in (ipv6 + forwarding) where isWithIPv6 || setting.contains("ipv4") {
      try node.setSysctl(setting, to: "1")
      try node.settle()
      let value = try node.run { () throws(LabError) in
        let path = setting.split(separator: ".").joined(separator: "/")
        return try? kernelText(at: "/proc/sys/\(path)")
      }
      #expect(value == "0\n", "\(setting)")
    }
  }

  @Test("takes packets to an address as soon as it was given one", arguments: families)
  func address(_ family: AddressFamily) throws {
    let (node, other) = (try Node("a"), try Node("b"))
    try Node.connect(node, "eth0", other, "eth0")
    var route = try RouteConnection(in: node.namespace)
    for number in 1...50 {
      let address: IPAddress =
        family == .ipv6
        ? .v6(0x2001_0db8_0000_0000, UInt64(number)) : .v4(0xc000_0200 + UInt32(number))
      try node.addAddress(IPPrefix(address), to: "eth0")
      #expect(
        try route.routes().contains { $0.destination == IPPrefix(address) && !$0.isUnicast })
    }
  }

  @Test("has one socket for all tunnels in UDP that an address has")
  func sharedPort() throws {
    let lab = try Lab(
      yaml: """
        nodes: [{name: a}, {name: b}, {name: c}]
        links:
          - ends:
              - {node: a, interface: to-b, addresses: 192.0.2.1/25}
              - {node: b, interface: eth0, addresses: 192.0.2.2/25}
          - ends:
              - {node: a, interface: to-c, addresses: 192.0.2.129/25}
              - {node: c, interface: eth0, addresses: 192.0.2.130/25}
        tunnels:
          - name: b
            udp: true
            ends: [{node: a, address: 192.0.2.1}, {node: b, address: 192.0.2.2}]
          - name: c
            udp: true
            ends: [{node: a, address: 192.0.2.1}, {node: c, address: 192.0.2.130}]
        """)
    var xfrm = try lab.node("a").xfrm()
    // Two in each direction; those of the socket are listed, too.
    #expect(try xfrm.policies().count { $0.direction == .forwarded } == 2)
  }

  @Test("leaves nothing open behind")
  func descriptors() throws {
    // Other suites open and close meanwhile; a lab that forgets one would show every time.
    var growths: [Int] = []
    for _ in 0..<3 where growths.allSatisfy({ $0 > 0 }) {
      let before = try openDescriptors()
      for _ in 0..<5 {
        let sites = try SiteToSite()
        _ = try sites.hostFlow(.ipv4).sendDatagrams(2)
        let capture = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan)
        _ = capture.stop()
      }
      growths.append(try openDescriptors() - before)
    }
    #expect(growths.contains { $0 <= 0 }, "\(growths)")
  }

  static let families: [AddressFamily] = [.ipv4, .ipv6]
}

/// How many namespaces and sockets this process holds.
private func openDescriptors() throws -> Int {
  (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
}
