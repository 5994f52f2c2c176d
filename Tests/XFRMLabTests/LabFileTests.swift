import StructuredText
import Testing
import XFRMKit
import XFRMLab

/// Topologies as files.
@Suite("Lab files")
struct LabFileTests {
  private static func read(_ text: String) -> LabFile.Loaded {
    LabFile.read(Array(text.utf8), of: "l.yaml")
  }

  private static func complaints(_ text: String) -> [String] {
    read(text).diagnostics.map(\.description)
  }

  @Test("say all that a preset has", arguments: Preset.allCases)
  func presets(_ preset: Preset) {
    let topology = preset.topology(spokes: 5)
    let loaded = Self.read(LabFile.text(topology))
    #expect(loaded.diagnostics.map(\.description) == [])
    #expect(loaded.topology == topology)
  }

  @Test("say what no preset has, too")
  func everything() throws {
    let text = """
      nodes:
        - name: a
          vrfs: [{name: red, table: 10, interfaces: [eth0]}]
          routes: [{to: 10.0.0.0/8, interface: red, table: 10}]
          xfrm-interfaces: [{name: ipsec0, if-id: 7}]
        - {name: b, xfrm-interfaces: [{name: ipsec0, if-id: 7, addresses: [10.9.0.1/24]}]}
      links:
        - ends:
            - {node: a, interface: eth0, addresses: [192.0.2.1/24, "2001:db8::1/64"]}
            - {node: b, interface: eth0, addresses: 192.0.2.2/24}
          delay: 10ms
          jitter: 1500us
          loss: 0.5%
          rate: 10Mbit
          mtu: 1400
      tunnels:
        - name: t
          ends: [{node: a, address: 192.0.2.1}, {node: b, address: 192.0.2.2}]
          mode: beet
          proposal: aes128-sha256
          if-id: 7
      """
    let topology = try #require(Self.read(text).topology)
    #expect(topology.name == "l")
    let impairment = topology.links[0].impairment
    #expect(impairment.delay == 10_000 && impairment.jitter == 1_500)
    #expect(impairment.loss == 5_000 && impairment.rate == 10_000_000)
    #expect(topology.links[0].mtu == 1400)
    #expect(topology.links[0].left.addresses.map(\.description).last == "2001:db8::1/64")
    #expect(topology.machines[0].virtualRouters[0].interfaces == ["eth0"])
    #expect(topology.machines[1].xfrmInterfaces[0].id == 7)
    #expect(topology.tunnels[0].mode == .beet && topology.tunnels[0].interfaceID == 7)
    #expect(Self.read(LabFile.text(topology)).topology == topology)
  }

  @Test("are told of every mistake at once, each with its place")
  func mistakes() {
    let text = """
      nodes:
        - {name: a, nat: [wan0]}
        - {name: a}
        - {name: b, routes: [{to: 10.0.0.0/8}, {to: "fd00::/8", via: 10.0.0.1}]}
      links:
        - ends:
            - {node: a, interface: wan, addresses: 192.0.2.1/24}
            - {node: c, interface: wan}
          loss: 101%
        - ends: [{node: a, interface: wan}]
      tunnels:
        - name: t
          ends: [{node: a, address: 192.0.2.9}, {node: b, address: "2001:db8::1"}]
          mode: tunel
      """
    #expect(
      Self.complaints(text) == [
        "l.yaml:2:21: error: a has no interface “wan0”",
        "l.yaml:3:12: error: a node is called “a” already",
        "l.yaml:4:24: error: a route leads via an address, or out of an interface",
        "l.yaml:4:64: error: 10.0.0.1 is of another family than fd00::/8",
        "l.yaml:8:16: error: there is no node “c”",
        "l.yaml:9:11: error: “101%” is not a share",
        "l.yaml:10:11: error: there are two ends, and these are 1",
        "l.yaml:10:33: error: a has an interface “wan” already",
        "l.yaml:13:11: error: both ends have addresses of one family",
        "l.yaml:13:11: error: no network of one end is of the family of one of the other",
        "l.yaml:13:31: error: a does not have the address 192.0.2.9",
        "l.yaml:13:62: error: b does not have the address 2001:db8::1",
        "l.yaml:14:11: error: “tunel” is no “mode”",
      ])
  }

  @Test("are told of what nothing would go through, and of what was meant")
  func futility() {
    let text = """
      nodes:
        - {name: a, xfrm-interfaces: [{name: ipsec0, if-id: 7}]}
        - {name: b, routes: [{to: 10.1.2.3/16, via: 192.0.2.1}]}
      links:
        - ends:
            - {node: a, interface: eth0, addresses: [192.0.2.1/24, "2001:db8::1/64"]}
            - {node: b, interface: eth0, addresses: [192.0.2.2/24, "2001:db8::2/64"]}
      tunnels:
        - name: interface
          ends: [{node: a, address: 192.0.2.1}, {node: b, address: 192.0.2.2}]
          if-id: 7
        - name: transport
          mode: transport
          ends:
            - {node: a, address: 192.0.2.1, networks: 10.1.0.0/16}
            - {node: b, address: 192.0.2.2, networks: 192.0.2.2/32}
        - name: self
          ends: [{node: a, address: 192.0.2.1}, {node: a, address: 192.0.2.1}]
        - name: bits
          ends:
            - {node: a, address: "2001:db8::1", networks: ["fd00:1:2::3/33", "fd00::/8"]}
            - {node: b, address: "2001:db8::2"}
      """
    let told = Self.read(text).diagnostics.map { "\($0); \($0.help ?? "")" }
    #expect(
      told == [
        "l.yaml:3:29: error: 10.1.2.3/16 is an address, where a network is wanted; "
          + "the network that it is in is 10.1.0.0/16",
        "l.yaml:11:12: error: b has no xfrm interface with the if-id 7; "
          + "add one to xfrm-interfaces of b",
        "l.yaml:15:49: error: transport mode protects only what 192.0.2.1 itself sends; "
          + "leave networks out, or take tunnel mode",
        "l.yaml:18:11: error: a tunnel is between two nodes; name another one",
        "l.yaml:21:54: error: fd00:1:2::3/33 is an address, where a network is wanted; "
          + "the network that it is in is fd00:1::/33",
      ])
  }

  @Test("are told of addresses of the other family, and of links too short for theirs")
  func families() {
    let text = """
      nodes: [{name: a}, {name: b}]
      links:
        - ends:
            - {node: a, interface: eth0, addresses: 192.0.2.1/24}
            - {node: b, interface: eth0, addresses: [192.0.2.2/24, "2001:db8::2/64"]}
          mtu: 1279
        - ends:
            - {node: a, interface: eth1, addresses: "2001:db8:1::1/64"}
            - {node: b, interface: eth1}
          mtu: 1280
        - ends: [{node: a, interface: eth2, addresses: 10.0.0.1/24}, {node: b, interface: eth2}]
          mtu: 68
      tunnels:
        - name: t
          ends:
            - {node: a, address: 192.0.2.1, seen-as: "2001:db8::1"}
            - {node: b, address: 192.0.2.2, seen-as: 192.0.2.3}
      """
    let told = Self.read(text).diagnostics.map { "\($0); \($0.help ?? "")" }
    #expect(
      told == [
        "l.yaml:6:10: error: IPv6 takes 1280 bytes at least, and b has an address of it here; "
          + "make it longer, or leave the address out",
        "l.yaml:16:48: error: 2001:db8::1 is of another family than 192.0.2.1; "
          + "a NAT changes an address, and not its family",
      ])
  }

  @Test("that are no lab are refused", arguments: ["", "[]", "links: []", "nodes: []\nkey: 1"])
  func nonsense(_ text: String) {
    let loaded = Self.read(text)
    #expect(loaded.topology == nil)
    #expect(!loaded.diagnostics.isEmpty)
  }

  @Test("have names that can be part of a path")
  func names() {
    #expect(LabFile.isName("berlin-1") && !LabFile.isName("../x") && !LabFile.isName(""))
  }
}
