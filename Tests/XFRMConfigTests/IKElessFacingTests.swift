import Testing
import XFRMKit

@testable import XFRMConfig

/// Whose ends RFC 9061's entries have, and which ports.
@Suite("Ends and ports by RFC 9061")
struct IKElessFacingTests {
  private func read(_ entries: String) -> ImportedExchange {
    IKEless.read(
      Array(
        "{\"ietf-i2nsf-ikeless:ipsec-ikeless\": {\"spd\": {\"spd-entry\": [\(entries)]}}}".utf8),
      of: "a.json")
  }

  private func entry(
    _ name: String, _ direction: String, reqid: Int = 7, _ local: String, _ remote: String,
    ports: String = "", tunnel: (String, String)? = nil, action: String = "protect"
  ) -> String {
    let mode =
      tunnel.map {
        """
        "mode": "tunnel", "tunnel": {"local": "\($0.0)", "remote": "\($0.1)"}
        """
      } ?? "\"mode\": \"transport\""
    let protection = action == "protect" ? ", \"ipsec-sa-cfg\": {\(mode)}" : ""
    return """
      {"name": "\(name)", "direction": "\(direction)", "reqid": "\(action == "protect" ? reqid : 0)",
       "ipsec-policy-config": {
         "traffic-selector": {"local-prefix": "\(local)", "remote-prefix": "\(remote)"\(ports)},
         "processing-info": {"action": "\(action)"\(protection)}}}
      """
  }

  private static let ends = ("192.0.2.1", "192.0.2.2")
  private static let exchanged = ("192.0.2.2", "192.0.2.1")

  private func out(ports: String = "") -> String {
    entry("out", "outbound", "10.1.0.0/16", "10.2.0.0/16", ports: ports, tunnel: Self.ends)
  }

  @Test("the peer as the local end of what comes in is told by what leaves, and exchanged")
  func exchanged() throws {
    let web = ", \"inner-protocol\": \"tcp\", \"remote-ports\": [{\"start\": 443, \"end\": 443}]"
    let incoming = entry(
      "in", "inbound", "10.2.0.0/16", "10.1.0.0/16",
      ports: web.replacing("remote", with: "local"), tunnel: Self.exchanged)
    let exchange = try #require(read(incoming + "," + out(ports: web)).exchange)
    let policy = try #require(exchange.policies.first)
    #expect(policy.selector.local == IPPrefix("10.1.0.0/16"))
    #expect(policy.selector.remote == IPPrefix("10.2.0.0/16"))
    #expect(policy.selector.localPorts.isEmpty && policy.selector.remotePorts == [443...443])
    #expect(policy.protections.first?.ends?.local == IPAddress("192.0.2.1"))
    #expect(exchange.losses.map(\.object) == ["in"])
    #expect(exchange.losses.allSatisfy { !$0.isWhole && $0.explanation.contains("exchanged") })
    let state = try expand(YAMLWriter.text(exchange.tree), host: "").state
    #expect(
      state.policies.contains { entry in
        entry.policy.direction == .incoming
          && entry.policy.selector.source == IPPrefix("10.2.0.0/16") && entry.role == .protect
      })
  }

  @Test("what is as the model has it stays")
  func own() throws {
    let incoming = entry("in", "inbound", "10.1.0.0/16", "10.2.0.0/16", tunnel: Self.ends)
    let exchange = try #require(read(incoming + "," + out()).exchange)
    #expect(exchange.policies.first?.selector.local == IPPrefix("10.1.0.0/16"))
    #expect(exchange.losses.isEmpty)
  }

  @Test("a part of what leaves tells, too, and so do the ends of a tunnel")
  func parts() throws {
    for incoming in [
      entry("in", "inbound", "10.2.3.0/24", "10.1.0.0/16", tunnel: Self.exchanged),
      entry("in", "inbound", reqid: 8, "10.9.0.0/16", "10.8.0.0/16", tunnel: Self.exchanged),
    ] {
      let exchange = try #require(read(incoming + "," + out()).exchange)
      #expect(exchange.policies.first?.protections.first?.ends?.local == IPAddress("192.0.2.1"))
      #expect(exchange.losses.count == 1)
    }
  }

  @Test("at a hub what comes from one peer is not turned for what leaves for another one")
  func hub() throws {
    let incoming = entry(
      "in", "inbound", reqid: 8, "10.2.0.0/16", "10.1.0.0/16", tunnel: ("192.0.2.1", "192.0.2.3"))
    let exchange = try #require(read(incoming + "," + out()).exchange)
    #expect(exchange.policies.first?.selector.local == IPPrefix("10.2.0.0/16"))
    // With one reqid for both peers the ends tell.
    let peers = [
      entry("in", "inbound", "10.2.0.0/16", "10.1.0.0/16", tunnel: ("192.0.2.1", "192.0.2.3")),
      out(),
      entry("o", "outbound", "10.2.0.0/16", "10.1.0.0/16", tunnel: ("192.0.2.1", "192.0.2.3")),
    ]
    let shared = try #require(read(peers.joined(separator: ",")).exchange)
    #expect(shared.policies.first?.selector.local == IPPrefix("10.2.0.0/16"))
    #expect(shared.losses.isEmpty)
    let hosts = [
      entry("in", "inbound", reqid: 8, "192.0.2.2", "192.0.2.1"),
      entry("out", "outbound", "192.0.2.1", "192.0.2.2"),
    ]
    let pair = try #require(read(hosts.joined(separator: ",")).exchange)
    #expect(pair.policies.first?.selector.local == IPPrefix("192.0.2.1"))
  }

  @Test("entries that discard go by those that protect")
  func discarding() throws {
    let incoming = entry("in", "inbound", "10.2.0.0/16", "10.1.0.0/16", tunnel: Self.exchanged)
    let drop = entry("drop", "inbound", "10.3.0.0/16", "10.1.0.0/16", action: "discard")
    let exchange = try #require(read([incoming, drop, out()].joined(separator: ",")).exchange)
    #expect(exchange.policies[1].selector.local == IPPrefix("10.1.0.0/16"))
    let alone = try #require(read(drop).exchange)
    #expect(alone.policies[0].selector.local == IPPrefix("10.3.0.0/16"))
    #expect(alone.losses.isEmpty)
  }

  @Test("what is told in two ways is refused, and what nothing tells is told of")
  func untold() throws {
    for incoming in [
      entry("in", "inbound", "10.2.0.0/16", "10.1.0.0/16", tunnel: Self.ends),
      entry("in", "inbound", "10.5.0.0/16", "10.6.0.0/16"),
    ] {
      let imported = read(incoming + "," + out())
      #expect(imported.exchange == nil)
      #expect(imported.diagnostics.contains { $0.message.contains("which of these ends") })
    }
    let alone = read(entry("in", "inbound", "10.2.0.0/16", "10.1.0.0/16", tunnel: Self.ends))
    let losses = try #require(alone.exchange).losses
    #expect(losses.count == 1 && losses[0].explanation.contains("local end is this one"))
  }

  // MARK: Ports

  @Test(
    "0 to 0 is any port, and any message of ICMP",
    arguments: ["tcp", "any", "icmp", "6"])
  func anyPort(_ proto: String) throws {
    let zero = "[{\"start\": 0, \"end\": 0}]"
    let ports =
      ", \"inner-protocol\": \"\(proto)\", \"local-ports\": \(zero), \"remote-ports\": \(zero)"
    let exchange = try #require(read(out(ports: ports)).exchange)
    let selector = try #require(exchange.policies.first?.selector)
    #expect(selector.localPorts.isEmpty && selector.remotePorts.isEmpty && selector.icmp == nil)
    let beside = ports.replacing(
      "\"end\": 0}]", with: "\"end\": 0}, {\"start\": 5, \"end\": 5}]")
    #expect(read(out(ports: beside)).exchange == nil)
  }

  @Test("port 0 itself, and type 0 with code 0, cannot be said")
  func portZero() throws {
    func losses(_ words: String) throws -> [Exchange.Loss] {
      let expansion = try expand(
        """
        spd:
        - name: p
          direction: outbound
          traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16, \(words)}
        """)
      return IKEless.document(policies: expansion.policies, associations: []).losses
    }
    #expect(try losses("inner-protocol: tcp, remote-ports: [0, 443]").map(\.isWhole) == [true])
    #expect(try losses("inner-protocol: icmp, icmp-type: 0, icmp-code: 0").map(\.isWhole) == [true])
    #expect(try losses("inner-protocol: icmp, icmp-type: 0").isEmpty)
    #expect(try losses("inner-protocol: tcp, remote-ports: 0-443").isEmpty)
  }

  @Test("no limit is 0 in a document")
  func limits() throws {
    let sad = """
      {"ietf-i2nsf-ikeless:ipsec-ikeless": {"sad": {"sad-entry": [{"name": "s", "reqid": "7",
       "ipsec-sa-config": {"spi": 4097, "mode": "tunnel",
        "traffic-selector": {"local-prefix": "10.1.0.0/16", "remote-prefix": "10.2.0.0/16"},
        "esp-sa": {"encryption": {"encryption-algorithm": 20}},
        "tunnel": {"local": "192.0.2.1", "remote": "192.0.2.2"},
        "sa-lifetime-hard": {"time": 0, "bytes": "0", "packets": 0, "idle": 0}}}]}}}
      """
    let exchange = try #require(IKEless.read(Array(sad.utf8), of: "a.json").exchange)
    #expect(exchange.associations.first?.entry.association.lifetime == Lifetime())
  }
}
