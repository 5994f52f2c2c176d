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
      Topology.siteToSite().text == """
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
    for preset in Preset.allCases {
      for line in preset.topology().text.split(separator: "\n") { #expect(line.count <= 80) }
    }
  }

  @Test("show as pictures that are XML, with every node and no key", arguments: Preset.allCases)
  func picture(_ preset: Preset) {
    var topology = preset.topology(spokes: 12)
    topology.name = "<a & b>"
    let svg = topology.svg
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
