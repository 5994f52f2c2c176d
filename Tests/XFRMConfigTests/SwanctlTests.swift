import Testing
import XFRMKit

@testable import XFRMConfig

/// What `swanctl --list-sas` prints.
@Suite("Lists of SAs of strongSwan")
struct SwanctlTests {
  private static let text = """
    net-net: #1, ESTABLISHED, IKEv2, f341691f052442d6_i* 467f6af2b5f38b52_r
      local  'moon' @ 192.0.2.1[4500]
      remote 'sun' @ 198.51.100.2[4501] [10.9.0.1]
      AES_CBC-256/HMAC_SHA2_384_192/PRF_HMAC_SHA2_384/ECP_384
      established 12s ago, rekeying in 13201s
      passive:   CHILD_REKEY
      net: #1, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_CBC-256/HMAC_SHA2_256_128/ESN
        installed 12s ago, rekeying in 3288s, expires in 3588s
        in  ceb8e50b (-|0x00000017),   3780 bytes,    45 packets,     1s ago
        out ca864e35 (-|0x00000017),   3780 bytes,    45 packets,     1s ago
        local  10.1.0.0/24 2001:db8:1::/48
        remote 10.2.0.0/24[tcp/https] 2001:db8:2::/48
      old: #2, reqid 1, REKEYED, TUNNEL, ESP:AES_GCM_16-256
        installed 12s ago
        in  ceb8e50c,   3780 bytes,    45 packets
        out ca864e36,   3780 bytes,    45 packets
        local  10.1.0.0/24
        remote 10.2.0.0/24
    host-host: #3, ESTABLISHED, IKEv2, 8f852fd4921c156f_i 68c5ff2775c43666_r*
      local  'a' @ 192.0.2.10[500]
      remote 'b' @ 192.0.2.20[500]
      host: #4, reqid 3, INSTALLED, TRANSPORT, ESP:AES_GCM_16-128
        installed 429s ago, rekeying in 2955s, expires in 3531s
        in  c161043d,      0 bytes,     0 packets
        out c3db9127,      0 bytes,     0 packets
        local  192.0.2.10/32
        remote 192.0.2.20/32
    """

  private func read(_ text: String) -> ImportedExchange {
    Swanctl.read(Array(text.utf8), of: "sas", keyFolder: "/keys")
  }

  @Test("become SAs and the policies between their traffic")
  func entries() throws {
    let exchange = try #require(read(Self.text).exchange)
    let associations = exchange.associations.map(\.entry)
    #expect(associations.map(\.direction) == [.incoming, .outgoing, .incoming, .outgoing])
    #expect(
      associations.map(\.association.spi.rawValue) == [
        0xceb8_e50b, 0xca86_4e35, 0xc161_043d, 0xc3db_9127,
      ])
    #expect(associations[0].protection == .esp(.aes256sha256))
    #expect(associations[2].protection == .esp(.aes128gcm16))
    let first = associations[1].association
    #expect(first.interfaceID == 0x17 && first.flags.contains(.extendedSequenceNumbers))
    #expect(first.encapsulation?.destinationPort == 4501)
    #expect(first.lifetime.hard.secondsFromAdd == 3600)
    #expect(first.lifetime.soft.secondsFromAdd == 3300)
    #expect(!associations[3].association.flags.contains(.extendedSequenceNumbers))
    #expect(exchange.policies.count == 6)
    #expect(exchange.policies.map(\.forwards) == [false, true, false, true, false, false])
    #expect(exchange.policies[0].selector.remotePorts == [443...443])
    let lost = exchange.losses.map { "\($0.object): \($0.explanation)" }
    #expect(lost.contains("old: it is REKEYED"))
    #expect(lost.contains { $0.hasPrefix("the SAs: replay windows") })
    let state = try expand(YAMLWriter.text(exchange.tree), host: "").state
    #expect(state.policies.count == 8)
  }

  /// Two CHILD_SAs, of which the first has that traffic.
  private func two(
    _ local: String, _ remote: String, _ incoming: String = "c161043d", end: String = ""
  ) -> String {
    """
    home: #1, ESTABLISHED, IKEv2, 8f852fd4921c156f_i 68c5ff2775c43666_r*
      local  'moon@example.org' @ 192.0.2.1[4500]
      remote 'C=CH' @ 198.51.100.2[4500]\(end)
      first: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-128
        in  \(incoming),      0 bytes,     0 packets
        out c3db9127,      0 bytes,     0 packets
        local  \(local)
        remote \(remote)
      second: #2, reqid 2, INSTALLED, TUNNEL, ESP:AES_GCM_16-128
        in  c161043e,      0 bytes,     0 packets
        out c3db9128,      0 bytes,     0 packets
        local  10.3.0.0/24
        remote 10.4.0.0/24
    """
  }

  @Test(
    "ICMP has a type, and a code where it has one",
    arguments: [
      ("icmp/8", 8, nil), ("icmp/3(1)", 3, 1), ("ipv6-icmp/128", 128, nil), ("1/13(2)", 13, 2),
    ] as [(String, UInt8, UInt8?)])
  func icmp(_ words: String, _ type: UInt8, _ code: UInt8?) throws {
    let prefix = words.hasPrefix("ipv6") ? "2001:db8::/48" : "10.1.0.0/24"
    let exchange = try #require(read(two("\(prefix)[\(words)]", "\(prefix)[\(words)]")).exchange)
    #expect(exchange.policies.count == 4)
    for policy in exchange.policies.prefix(2) {
      #expect(policy.selector.icmp?.type == type && policy.selector.icmp?.code == code)
    }
  }

  @Test("who logged in has a name with anything in it")
  func identities() throws {
    let text = two(
      "10.1.0.0/24", "10.2.0.0/24", end: " EAP: 'carol@example.org' [10.3.0.1]")
    let exchange = try #require(read(text).exchange)
    #expect(
      exchange.associations.map(\.entry.association.source)
        == ["198.51.100.2", "192.0.2.1", "198.51.100.2", "192.0.2.1"].map { IPAddress($0) })
  }

  @Test("a line may end as on other systems")
  func lineEnds() throws {
    let exchange = try #require(read(Self.text.replacing("\n", with: "\r\n")).exchange)
    #expect(
      YAMLWriter.text(exchange.tree) == YAMLWriter.text(try #require(read(Self.text).exchange).tree)
    )
    #expect(exchange.associations.count == 4)
  }

  @Test("whose name is that of an end decides nothing")
  func disguises() throws {
    let behind = two(
      "10.1.0.0/24", "10.2.0.0/24", end: " EAP: 'x @ 203.0.113.5[4500]' [10.3.0.1]")
    let exchange = try #require(read(behind).exchange)
    #expect(exchange.associations.first?.entry.association.source == IPAddress("198.51.100.2"))
    for text in [
      two("10.1.0.0/24", "10.2.0.0/24", end: " EAP: 'x' @ 203.0.113.5[4500]'"),
      two("10.1.0.0/24", "10.2.0.0/24").replacing("'C=CH'", with: "'x' @ 203.0.113.5[4500] y'"),
    ] {
      let exchange = try #require(read(text).exchange)
      #expect(exchange.associations.isEmpty && exchange.policies.isEmpty)
      #expect(exchange.losses.map(\.object) == ["first", "second"])
      #expect(exchange.losses.allSatisfy { $0.explanation.contains("looks like an end") })
    }
  }

  @Test("a mode that is unknown is lost, and nothing else is")
  func modes() throws {
    var text = two("10.1.0.0/24", "10.2.0.0/24")
    if let range = text.firstRange(of: "TUNNEL") { text.replaceSubrange(range, with: "PROXY") }
    let exchange = try #require(read(text).exchange)
    #expect(exchange.losses.first { $0.object == "first" }?.explanation == "its mode is PROXY")
    #expect(exchange.associations.map(\.entry.association.requestID) == [2, 2])
  }

  @Test("a mark is that of the policies, and of the SA that leaves")
  func marks() throws {
    let text = two("10.1.0.0/24", "10.2.0.0/24", "c161043d (0x2a|-)")
      .replacing("out c3db9127", with: "out c3db9127 (0x2b/0xff|-)")
    let exchange = try #require(read(text).exchange)
    #expect(
      exchange.associations.map(\.entry.association.mark) == [
        nil, Mark(0x2b, mask: 0xff), nil, nil,
      ])
    let first = exchange.policies.filter { $0.requestID == 1 }
    #expect(first.map(\.mark) == [Mark(0x2b, mask: 0xff), Mark(0x2a)])
    let loss = try #require(exchange.losses.first { $0.object == "first" })
    #expect(!loss.isWhole && loss.explanation.contains("mark_in_sa = yes"))
  }

  @Test("a text without any is refused", arguments: ["", "\n", "a: #1, ESTABLISHED, IKEv2\n"])
  func none(_ text: String) {
    let imported = read(text)
    #expect(imported.exchange == nil)
    #expect(
      imported.diagnostics.map(\.description) == ["sas:1:1: error: there is no CHILD_SA in it"])
  }

  @Test(
    "what the list does not tell enough of is lost, and nothing else is",
    arguments: [
      ("10.1.0.0/24[udp/4000-5000]", "10.2.0.0/24", "c161043d", "PREFIX[PROTOCOL/PORT]"),
      ("10.1.0.0/24", "10.2.0.0/24[tcp/mysql]", "c161043d", "PREFIX[PROTOCOL/PORT]"),
      ("10.0.0.1..10.0.0.9", "10.2.0.0/24", "c161043d", "PREFIX[PROTOCOL/PORT]"),
      ("10.1.0.0/24[icmp/256]", "10.2.0.0/24", "c161043d", "PREFIX[PROTOCOL/PORT]"),
      ("10.1.0.0/24[icmp/3(1]", "10.2.0.0/24", "c161043d", "PREFIX[PROTOCOL/PORT]"),
      ("10.1.0.0/24", "10.2.0.0/24", "c161043d/0b5c", "IPComp"),
      (
        String(repeating: "::/0 ", count: 300), String(repeating: "::/0 ", count: 300), "c161043d",
        "too many policies"
      ),
    ])
  func losses(_ local: String, _ remote: String, _ incoming: String, _ reason: String) throws {
    let exchange = try #require(read(two(local, remote, incoming)).exchange)
    let loss = try #require(exchange.losses.first { $0.object == "first" })
    #expect(loss.isWhole && loss.explanation.contains(reason))
    #expect(exchange.associations.map(\.entry.association.requestID) == [2, 2])
    #expect(exchange.policies.map(\.requestID) == [2, 2])
  }

  @Test("between traffic of two protocols there are no policies")
  func protocols() throws {
    let text = two("10.1.0.0/24[tcp] 10.1.0.0/24[udp]", "10.2.0.0/24[tcp/https] 10.2.0.0/24[udp]")
    let exchange = try #require(read(text).exchange)
    let first = exchange.policies.filter { $0.requestID == 1 && $0.direction == .outbound }
    #expect(first.map(\.selector.proto) == [.tcp, .udp])
    #expect(first.map(\.selector.remotePorts) == [[443...443], []])
  }

  @Test(
    "errors name the place, and what was expected",
    arguments: [
      ("hello", "sas:1:1: error: NAME: #NUMBER, with which an IKE_SA begins is expected here"),
      ("a: #1, x\n  local 'x' @ nowhere", "sas:2:15: error: an IP address is expected here"),
      (
        "a: #1, x\n  c: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-128",
        "sas:2:7: error: the IKE_SA's ends of one family, before its CHILD_SAs is expected here"
      ),
      (
        "a: #1\n  local x @ 10.0.0.1[1]\n  remote x @ 10.0.0.2[1]\n"
          + "  c: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-128\n    in zz",
        "sas:5:5: error: an SPI of hexadecimal digits is expected here"
      ),
    ])
  func errors(_ text: String, _ expected: String) {
    let imported = read(text)
    #expect(imported.exchange == nil)
    #expect(imported.diagnostics.map(\.description) == [expected])
  }

  @Test("are read or refused wherever they are cut, and whatever a byte is changed to")
  func hostile() {
    let bytes = Array(Self.text.utf8)
    var refused = 0
    for index in stride(from: 0, to: bytes.count, by: 11) {
      for byte in [0x20, 0x30, 0x2f, 0x0a] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        let imported = Swanctl.read(changed, of: "sas")
        #expect((imported.exchange == nil) == !imported.diagnostics.isEmpty)
        refused += imported.exchange == nil ? 1 : 0
      }
    }
    #expect(refused > 5)
  }
}
