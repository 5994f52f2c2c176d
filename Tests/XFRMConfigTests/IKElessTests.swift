import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// RFC 9061 in JSON.
@Suite("Exchange by RFC 9061")
struct IKElessTests {
  private func document(_ exchange: Exchange) -> (tree: YAMLNode, losses: [Exchange.Loss]) {
    IKEless.document(policies: exchange.policies, associations: exchange.associations)
  }

  private func read(_ tree: YAMLNode) -> ImportedExchange {
    IKEless.read(Array(YAMLWriter.json(tree).utf8), of: "a.json")
  }

  @Test("what is written is read as the same entries", arguments: 0..<80 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let exchange = Exchange(RandomKernel(seed: seed, isPlain: true).snapshot)
    let (tree, losses) = document(exchange)
    let imported = read(tree)
    let again = try #require(imported.exchange, "seed \(seed): \(imported.diagnostics)")
    #expect(again.losses.filter(\.isWhole).isEmpty)
    let lost = Set(losses.map(\.object))
    let whole = Set(losses.filter(\.isWhole).map(\.object))
    #expect(
      again.policies.map(\.name) == exchange.policies.map(\.name).filter { !whole.contains($0) })
    for entry in exchange.policies where !lost.contains(entry.name) {
      let other = try #require(again.policies.first { $0.name == entry.name })
      #expect(entry.direction == other.direction && entry.action == other.action)
      #expect(entry.selector == other.selector && entry.requestID == other.requestID)
      #expect(entry.forwards == other.forwards)
      #expect(entry.protections.map(\.ends?.local) == other.protections.map(\.ends?.local))
      #expect(entry.protections.map(\.mode) == other.protections.map(\.mode))
    }
    for entry in exchange.associations where !lost.contains(entry.entry.name.entry) {
      let name = entry.entry.name.entry
      let other = try #require(
        again.associations.first { $0.entry.name.entry == name }, "\(name)")
      #expect(entry.entry.protection == other.entry.protection)
      #expect(entry.entry.association == other.entry.association)
      let isKnown = !again.losses.contains { $0.object == other.entry.name.entry }
      #expect(!isKnown || entry.direction == other.direction)
    }
    // Nothing is lost a second time.
    let (second, more) = document(again)
    #expect(more.allSatisfy { $0.explanation == "which way its packets go" }, "\(more)")
    let third = try #require(read(second).exchange)
    #expect(YAMLWriter.text(third.tree) == YAMLWriter.text(again.tree))
  }

  /// Every node that the model has and this writes, by its path, with the words that it may have.
  private static let nodes: [String: [String]] = {
    let config = "spd/spd-entry/ipsec-policy-config"
    let sa = "\(config)/processing-info/ipsec-sa-cfg"
    let sad = "sad/sad-entry/ipsec-sa-config"
    var nodes = [
      "spd": [], "spd/spd-entry": [], "spd/spd-entry/name": [],
      "spd/spd-entry/direction": ["inbound", "outbound"], "spd/spd-entry/reqid": [],
      config: [], "\(config)/anti-replay-window-size": [], "\(config)/processing-info": [],
      "\(config)/processing-info/action": ["protect", "bypass", "discard"], sa: [],
      "\(sa)/pfp-flag": ["false"], "\(sa)/ext-seq-num": ["true", "false"],
      "\(sa)/seq-overflow": ["true", "false"], "\(sa)/stateful-frag-check": ["false"],
      "\(sa)/mode": ["transport", "tunnel"], "\(sa)/protocol-parameters": ["esp"],
      "\(sa)/esp-algorithms": [], "\(sa)/esp-algorithms/integrity": [],
      "\(sa)/esp-algorithms/encryption": [], "\(sa)/esp-algorithms/encryption/id": [],
      "\(sa)/esp-algorithms/encryption/algorithm-type": [],
      "\(sa)/esp-algorithms/encryption/key-length": [],
      "sad": [], "sad/sad-entry": [], "sad/sad-entry/name": [], "sad/sad-entry/reqid": [], sad: [],
      "\(sad)/spi": [], "\(sad)/ext-seq-num": ["true", "false"],
      "\(sad)/seq-overflow": ["true", "false"], "\(sad)/anti-replay-window-size": [],
      "\(sad)/protocol-parameters": ["esp"], "\(sad)/mode": ["transport", "tunnel"],
      "\(sad)/esp-sa": [], "\(sad)/esp-sa/encryption": [],
      "\(sad)/esp-sa/encryption/encryption-algorithm": [], "\(sad)/esp-sa/integrity": [],
      "\(sad)/esp-sa/integrity/integrity-algorithm": [],
      "\(sad)/sa-lifetime-soft/action": ["terminate-clear", "terminate-hold", "replace"],
      "\(sad)/encapsulation-type": [],
      "\(sad)/encapsulation-type/espencap": ["espintcp", "espinudp", "none"],
      "\(sad)/encapsulation-type/sport": [], "\(sad)/encapsulation-type/dport": [],
      "\(sad)/encapsulation-type/oaddr": [],
    ]
    for tunnel in ["\(sa)/tunnel", "\(sad)/tunnel"] {
      nodes[tunnel] = []
      nodes["\(tunnel)/local"] = []
      nodes["\(tunnel)/remote"] = []
      nodes["\(tunnel)/df-bit"] = ["clear", "set", "copy"]
      nodes["\(tunnel)/bypass-dscp"] = ["true", "false"]
    }
    for limits in ["\(sad)/sa-lifetime-hard", "\(sad)/sa-lifetime-soft"] {
      for leaf in ["", "/time", "/bytes", "/packets"] { nodes[limits + leaf] = [] }
    }
    for selector in ["\(config)/traffic-selector", "\(sad)/traffic-selector"] {
      for leaf in [
        "", "/local-prefix", "/remote-prefix", "/inner-protocol", "/local-ports",
        "/local-ports/start", "/local-ports/end", "/remote-ports", "/remote-ports/start",
        "/remote-ports/end",
      ] {
        nodes[selector + leaf] = []
      }
    }
    return nodes
  }()

  /// What no random kernel comes to.
  private static let rare: Set<String> = [
    "sad/sad-entry/ipsec-sa-config/encapsulation-type/oaddr",
    "sad/sad-entry/ipsec-sa-config/sa-lifetime-soft/time",
    "sad/sad-entry/ipsec-sa-config/sa-lifetime-soft/packets",
    "sad/sad-entry/ipsec-sa-config/sa-lifetime-hard/packets",
    "spd/spd-entry/ipsec-policy-config/anti-replay-window-size",
    "spd/spd-entry/ipsec-policy-config/processing-info/ipsec-sa-cfg/seq-overflow",
    "spd/spd-entry/ipsec-policy-config/processing-info/ipsec-sa-cfg/tunnel/bypass-dscp",
  ]

  @Test("names and words are those of the model")
  func names() throws {
    var seen: Set<String> = []
    for seed in 0..<80 as Range<UInt64> {
      let (tree, _) = document(Exchange(RandomKernel(seed: seed, isPlain: true).snapshot))
      #expect(tree.members.map(\.key) == ["ietf-i2nsf-ikeless:ipsec-ikeless"])
      try walk(try #require(tree.members.first?.value), "", &seen)
    }
    let never = Set(Self.nodes.keys).subtracting(seen).subtracting(Self.rare)
    #expect(never.isEmpty, "never written: \(never.sorted())")
  }

  private func walk(_ node: YAMLNode, _ path: String, _ seen: inout Set<String>) throws {
    if !path.isEmpty {
      seen.insert(path)
      let words = try #require(Self.nodes[path], "\(path) is not in the model")
      if !words.isEmpty, let text = node.text { #expect(words.contains(text), "\(path): \(text)") }
      // Numbers of 64 bits are texts.
      if path.hasSuffix("reqid") || path.hasSuffix("bytes") {
        #expect(YAMLWriter.json(node).hasPrefix("\""))
      }
    }
    for member in node.members {
      try walk(member.value, path.isEmpty ? member.key : "\(path)/\(member.key)", &seen)
    }
    for element in node.elements { try walk(element, path, &seen) }
  }
}
