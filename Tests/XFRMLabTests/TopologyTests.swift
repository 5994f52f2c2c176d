import Testing
import XFRMKit

@testable import XFRMLab

/// What presets come to, without a kernel.
@Suite("Topologies")
struct TopologyTests {
  @Test(
    "have the same SAs at both ends of a tunnel, and policies that ask for them",
    arguments: Preset.allCases)
  func entries(_ preset: Preset) throws {
    let topology = preset.topology(spokes: 3)
    #expect(!topology.tunnels.isEmpty)
    for index in topology.tunnels.indices {
      let ends = topology.entries(ofTunnel: index)
      #expect(ends.map(\.machine) == topology.tunnels[index].ends.map(\.machine))
      #expect(ends[0].associations.map(\.spi) == ends[1].associations.reversed().map(\.spi))
      for (one, other) in zip(ends[0].associations, ends[1].associations.reversed()) {
        #expect(one.aead == other.aead && one.aead != nil)
      }
      #expect(ends[0].associations[0].aead != ends[0].associations[1].aead)
      for end in ends {
        #expect(!end.policies.isEmpty)
        for policy in end.policies {
          let own = end.associations[policy.direction == .outgoing ? 0 : 1]
          #expect(policy.templates.first?.source == own.source)
          #expect(policy.templates.first?.destination == own.destination)
          #expect(policy.interfaceID == own.interfaceID)
        }
      }
    }
  }

  @Test("number the SAs of all tunnels apart")
  func numbers() {
    let topology = Topology.hubAndSpoke(250)
    let numbers = topology.tunnels.indices.flatMap { index in
      [Topology.spis(ofTunnel: index).forth, Topology.spis(ofTunnel: index).back]
    }
    #expect(Set(numbers).count == 500)
    #expect(topology.machines.count == 251)
  }

  @Test("show as text")
  func text() {
    #expect(
      Topology.siteToSite().text() == """
        site-to-site

        host-a ── gateway-a ══ gateway-b ── host-b

        host-a
          eth0  10.1.0.2/24  — gateway-a lan
        gateway-a  forwards
          lan  10.1.0.1/24   — host-a eth0
          wan  192.0.2.1/24  — gateway-b wan
        gateway-b  forwards
          wan  192.0.2.2/24  — gateway-a wan
          lan  10.2.0.1/24   — host-b eth0
        host-b
          eth0  10.2.0.2/24  — gateway-b lan

        tunnels
          a-b: tunnel mode, aes256gcm16
            ends      gateway-a 192.0.2.1 ══ gateway-b 192.0.2.2
            policies  10.1.0.0/24 ⇄ 10.2.0.0/24
            SAs       → 0x00001001, ← 0x00001002, reqid 1
        """)
  }

  @Test("show in 80 columns, however long their names and lists are")
  func width() {
    let presets = Preset.allCases.map { $0.topology() }
    for topology in presets + [Self.wide] {
      for line in topology.text().split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    let words = Self.wide.text().split { " \n,".contains($0) }.map(String.init)
    for link in Self.wide.links {
      for prefix in link.ends.flatMap(\.addresses) { #expect(words.contains("\(prefix)")) }
      #expect(words.contains("9000") && words.filter { $0 == "jitter" }.count == 2)
    }
  }

  /// Two nodes with the longest names and many addresses.
  private static let wide: Topology = {
    let names = ["a", "b"].map { String(repeating: $0, count: 64) }
    func addresses(_ site: UInt64) -> [IPPrefix] {
      (1...4).map { IPPrefix(.v6(0x2001_0db8_1111_0000 | site, $0 | 0x1111 << 48), length: 64) }
    }
    var impairment = LinkImpairment()
    (impairment.delay, impairment.jitter, impairment.loss) = (10_001, 1_001, 5_001)
    impairment.rate = 10_001_000
    let ends = names.enumerated().map { number, name in
      Topology.TunnelEnd(
        name, addresses(UInt64(number))[0].address, networks: addresses(UInt64(number)))
    }
    return Topology(
      names[0], machines: names.map { Topology.Machine($0) },
      links: [
        Topology.Link(
          Topology.End(names[0], "interface-name0", addresses(0)),
          Topology.End(names[1], "interface-name1", addresses(1)), impairment: impairment, mtu: 9000
        )
      ], tunnels: [Topology.Tunnel(names[1], ends[0], ends[1])])
  }()

  @Test("do not show SAs that are not there")
  func unprotected() {
    let topology = Topology.chained
    let shown = topology.text(unprotected: ["hosts"])
    #expect(shown.count(of: "reqid") == 1 && shown.contains("SAs       none: this kernel lacks"))
    #expect(topology.text().count(of: "reqid") == 2)
    #expect(topology.svg(unprotected: ["hosts"]).count(of: "SAs →") == 1)
    #expect(topology.svg().count(of: "SAs →") == 2)
  }

  @Test("show tunnels beside each other where one would cover another")
  func lanes() {
    func lanes(_ pairs: [(String, String)]) -> [Int] {
      var topology = Topology.siteToSite()
      topology.tunnels = pairs.map { left, right in
        Topology.Tunnel(
          "t", Topology.TunnelEnd(left, .v4(1)), Topology.TunnelEnd(right, .v4(2)))
      }
      return GraphLayout(topology).lanes(of: topology)
    }
    let (a, b) = ("gateway-a", "gateway-b")
    #expect(lanes([(a, b), (b, a), (a, b)]) == [0, 1, 2])
    #expect(lanes([("host-a", "host-b"), (a, b), (a, "host-b")]) == [1, 0, 2])
    #expect(lanes([("host-a", a), (a, b), (b, "host-b")]) == [0, 0, 0])
    var topology = Topology.siteToSite()
    let tunnel = topology.tunnels[0]
    topology.tunnels.append(Topology.Tunnel("back", tunnel.right, tunnel.left))
    let paths = topology.svg().split(separator: "\n").filter { $0.contains("<path ") }
    // The first goes straight from 405 to 705, the other one is bent upwards.
    #expect(paths.map { $0.contains("Q 555 120 ") } == [true, false])
    #expect(paths[1].contains("Q 555 50 "))
  }

  @Test("show as pictures that are XML, with every node", arguments: Preset.allCases)
  func picture(_ preset: Preset) {
    var topology = preset.topology(spokes: 12)
    topology.name = "<a & b>"
    let svg = topology.svg()
    #expect(Self.isWellFormed(svg))
    for machine in topology.machines { #expect(svg.contains(">\(machine.name)</text>")) }
    #expect(svg.count(of: "<path ") == topology.tunnels.count)
    #expect(svg.count(of: "<line ") == topology.links.count)
    #expect(svg.contains("&lt;a &amp; b&gt;"))
  }

  @Test("but what is not XML is found out", arguments: ["<a><b></a>", "<a", "<a>&</a>", "x"])
  func malformed(_ text: String) {
    #expect(!Self.isWellFormed(text))
  }

  /// Whether tags are nested and closed, and nothing else stands where it must not.
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    var count = 0
    while let start = rest.firstIndex(of: "<") {
      guard isText(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else {
        return false
      }
      let tag = rest[start...].dropFirst()[..<end]
      count += 1
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !tag.hasSuffix("/") {
        open.append(tag.prefix { $0 != " " })
      }
      rest = rest[rest.index(after: end)...]
    }
    return count > 0 && open.isEmpty && isText(rest)
  }

  private static func isText(_ text: Substring) -> Bool {
    !text.contains(">")
      && text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy {
        $0.hasPrefix("amp;") || $0.hasPrefix("lt;") || $0.hasPrefix("gt;")
      }
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { split(separator: part).count - 1 }
}
