import Netlink
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// What `state list` and `policy list` say of an entry.
@Suite("Lists")
struct ListTests {
  /// Addresses that have no shorter form.
  private static let far = IPAddress.v6(0x2001_0db8_1111_2222, 0x3333_4444_5555_6666)
  private static let near = IPAddress.v6(0x2001_0db8_aaaa_bbbb, 0xcccc_dddd_eeee_ffff)

  private static let lifetime: Lifetime = {
    var lifetime = Lifetime()
    lifetime.soft.bytes = 1 << 30
    lifetime.soft.secondsFromAdd = 3000
    lifetime.hard.packets = 0
    lifetime.hard.secondsFromUse = 3600
    return lifetime
  }()

  private static let key = Secret.random(count: 36)

  /// One with everything that an SA may have, at its longest.
  private static let fullAssociation: SecurityAssociation = {
    var value = SecurityAssociation(from: near, to: far, spi: 0xc0ff_ee01, mode: .tunnel)
    value.requestID = .max
    value.selector = Selector(from: IPPrefix(near), to: IPPrefix(far), proto: .tcp)
    value.selector.sourcePort = Selector.Port(1024, mask: 0xfc00)
    value.selector.destinationPort = Selector.Port(443)
    value.selector.interfaceIndex = 7
    value.selector.user = 1000
    value.aead = AEAD(name: "rfc4106(gcm(aes))", key: key, checkBits: 128)
    value.encryption = Encryption(name: String(repeating: "c", count: 63), key: key)
    value.authentication = Authentication(
      name: String(repeating: "h", count: 63), key: key, truncationBits: 128)
    value.compression = Compression(name: "deflate")
    value.encapsulation = Encapsulation(.espInUDP)
    value.encapsulation?.originalAddress = near
    value.flags = [.extendedSequenceNumbers, .noECN, .anyFamily]
    value.extraFlags = SecurityAssociation.ExtraFlags(rawValue: 1 << 31 | 1)
    value.lifetime = lifetime
    value.extendedReplayState = ExtendedReplayState(window: 4096)
    value.mark = Mark(.max)
    value.outputMark = 0x10
    value.outputMarkMask = 0xff
    value.interfaceID = .max
    value.direction = .outgoing
    value.careOfAddress = near
    value.trafficFlowPadding = 1400
    value.offload = SecurityAssociation.Offload(
      interfaceIndex: 3, flags: [.packet, .incoming])
    value.usage.bytes = .max
    value.usage.packets = .max
    value.usage.addedAt = 1_795_329_840
    value.usage.firstUsedAt = 1_795_329_841
    value.statistics.integrityFailed = .max
    value.statistics.replayed = .max
    value.statistics.outsideReplayWindow = .max
    return value
  }()

  private static let fullPolicy: Policy = {
    var template = Template(from: near, to: far, mode: .tunnel, requestID: .max)
    template.spi = 0xc0ff_ee01
    template.isOptional = true
    template.algorithms.encryption = 0x1000
    var value = Policy(
      fullAssociation.selector, direction: .outgoing, templates: [template, template])
    value.kind = .sub
    value.priority = .max
    value.index = .max
    value.lifetime = lifetime
    value.flags = [.icmp, .acquirePerCPU]
    value.mark = Mark(.max)
    value.interfaceID = .max
    value.offload = SecurityAssociation.Offload(interfaceIndex: 3, flags: [])
    return value
  }()

  private func expectToFit(_ block: String) {
    // Each block is shown as it is.
    for line in block.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  private func block(_ association: SecurityAssociation) -> String {
    AssociationListing([association], policies: nil, keys: KeyDisplay()).block(association)
  }

  private func block(_ policy: Policy) -> String {
    PolicyListing([policy], associations: nil).block(policy)
  }

  @Test("an SA with everything that there is fits a terminal and keeps nothing back")
  func fullAssociation() {
    let block = block(Self.fullAssociation)
    expectToFit(block)
    let words = [
      "SPI 0xc0ffee01", "direction out", "if_id 4294967295", "mark 0xffffffff/0xffffffff",
      "output mark 0x10/0xff", "ESN  window 4096  sent 0  received 0", "padded to 1400 bytes",
      "packet offload in on interface 3", "flags noecn af-unspec dont-encap-dscp 0x80000000",
      "rfc4106(gcm(aes))  key 36 bytes, #", "ICV 128 bits", "deflate",
      "ESP-in-UDP  port 4500 → 4500", "original address \(Self.near)",
      "care-of address \(Self.near)", "carries     \(Self.near)/128", "from port 1024/0xfc00",
      "to port 443", "interface 7", "user 1000", "soft limit 1.0 GiB, 50 min after adding",
      "hard limit 0 packets, 1 h after first use", "used since 2026-11-22T06:44:01Z",
      "4,294,967,295 failed the integrity check",
    ]
    for word in words { #expect(block.contains(word), "\(word) in\n\(block)") }
  }

  @Test("an SA that is nothing but a reserved SPI says so, and has no defaults in it")
  func larval() {
    let larval = SecurityAssociation(from: .v4(0), to: .v4(0xc000_0202), spi: 256, mode: .transport)
    #expect(
      block(larval) == """
        ESP 0.0.0.0 → 192.0.2.2  SPI 0x00000100
          mode        transport  reqid 0
          cipher      no keys yet
          replay      window 0
          traffic     0 packets, 0 B  never used
        """)
  }

  @Test("what an SA may carry is said where it restricts anything")
  func restriction() {
    var value = SecurityAssociation(from: Self.near, to: Self.far, spi: 256, mode: .transport)
    #expect(!block(value).contains("carries"))
    value.selector = .any(.ipv6)
    #expect(!block(value).contains("carries"))
    // The lengths' sum does not fit the type of either.
    value.selector = Selector(from: IPPrefix(Self.near), to: IPPrefix(Self.far))
    #expect(block(value).contains("carries     \(Self.near)/128 →"))
    expectToFit(block(value))
    value.selector = .any(.ipv4)
    value.selector.proto = .udp
    #expect(block(value).contains("carries     0.0.0.0/0 → 0.0.0.0/0 UDP"))
  }

  @Test("a policy with everything that there is fits a terminal and keeps nothing back")
  func fullPolicy() {
    let block = block(Self.fullPolicy)
    expectToFit(block)
    let words = [
      "from port 1024/0xfc00", "interface 7", "priority 4294967295", "index 4294967295", "sub",
      "crypto offload out on interface 3", "flags icmp acquire-per-cpu",
      "soft limit 1.0 GiB, 50 min after adding", "SPI 0xc0ffee01", "if there is an SA",
      "encryption algorithms 0x1000",
    ]
    for word in words { #expect(block.contains(word), "\(word) in\n\(block)") }
    #expect(!block.contains("compression algorithms"))
  }

  @Test("a plain policy has no defaults in it")
  func plainPolicy() {
    let template = Template(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel, requestID: 1)
    var policy = Policy(.any(.ipv4), direction: .forwarded, templates: [template])
    #expect(
      block(policy) == """
        fwd  0.0.0.0/0 → 0.0.0.0/0
          action      allow  priority 0  index 0
          through     ESP  tunnel  192.0.2.1 → 192.0.2.2  reqid 1
        """)
    policy.templates = []
    #expect(block(policy).contains("bypass: lets packets pass in clear"))
  }

  @Test("a selector's ports are what they stand for", arguments: Sample.all)
  func ports(_ sample: Sample) throws {
    #expect(sample.selector.parts.dropFirst().joined(separator: ", ") == sample.text)
    var writer = JSONWriter(keys: KeyDisplay())
    writer.write(sample.selector)
    let json = String(decoding: writer.take(), as: UTF8.self)
    for member in sample.members { #expect(json.contains(member), "\(member) in\n\(json)") }
    #expect(json.split(separator: ",").count == 3 + sample.members.count)
  }

  struct Sample: CustomTestStringConvertible {
    var proto: IPProtocol
    var source: Selector.Port
    var destination: Selector.Port
    var text: String
    /// Of the JSON object, beyond the addresses and the protocol.
    var members: [String]

    var testDescription: String { "\(proto): \(text)" }

    var selector: Selector {
      var selector = Selector(from: .any(.ipv4), to: .any(.ipv4), proto: proto)
      selector.sourcePort = source
      selector.destinationPort = destination
      return selector
    }

    static let all = [
      Sample(
        proto: .tcp, source: .any, destination: .init(443), text: "to port 443",
        members: [#""destinationPort":443"#]),
      Sample(
        proto: .udp, source: .init(1024, mask: 0xfc00), destination: .any,
        text: "from port 1024/0xfc00",
        members: [#""sourcePort":1024"#, #""sourcePortMask":64512"#]),
      Sample(
        proto: .icmp, source: .init(8), destination: .init(0), text: "type 8, code 0",
        members: [#""icmpType":8"#, #""icmpCode":0"#]),
      Sample(
        proto: .icmpv6, source: .init(128, mask: 0xff), destination: .any, text: "type 128/0xff",
        members: [#""icmpType":128"#, #""icmpTypeMask":255"#]),
      Sample(
        proto: .gre, source: .init(1), destination: .init(2), text: "key 65538",
        members: [#""greKey":65538"#]),
      Sample(
        proto: .mobilityHeader, source: .init(5), destination: .any, text: "type 5",
        members: [#""mobilityHeaderType":5"#]),
    ]
  }

  @Test("danger is told below what it is about, and larval SAs are left alone")
  func warnings() throws {
    let unsafe = try #require(
      RuleExamples.unwiseAssociations.first { $0.rule == "D.no-integrity" }?.object)
    let text = block(unsafe)
    #expect(text.contains("\n  warning     "))
    expectToFit(text)
    #expect(!block(RuleExamples.association).contains("warning"))
    var larval = RuleExamples.association
    larval.aead = nil
    larval.spi = 0
    #expect(!block(larval).contains("warning"))
    let optional = try #require(
      RuleExamples.unwisePolicies.first { $0.rule == "D.optional" }?.object)
    #expect(block(optional).contains("\n  warning     an optional template"))
    #expect(!block(RuleExamples.policy).contains("warning"))
  }

  @Test("two SAs with one key are warned of")
  func sharedKey() {
    let first = RuleExamples.association
    var second = first
    second.spi = 0x2002
    let listing = AssociationListing([first, second], policies: nil, keys: KeyDisplay())
    #expect(listing.block(second).contains("two SAs with one AEAD"))
    #expect(!listing.block(first).contains("warning"))
    // So does the fingerprint.
    let marks = [first, second].map { listing.block($0).split(separator: "#").last?.prefix(16) }
    #expect(marks[0] == marks[1])
  }

  @Test("ages are told where it is known what time it is")
  func ages() {
    let association = Self.fullAssociation
    let listing = AssociationListing(
      [association], policies: nil, keys: KeyDisplay(), now: 1_795_329_840 + 5400)
    #expect(listing.block(association).contains("2026-11-22T06:44:00Z (1 h 30 min ago)"))
  }

  @Test("lists of nothing say so")
  func empty() {
    #expect(
      AssociationListing([], policies: [], keys: KeyDisplay()).text([])
        == "No security associations.")
    #expect(PolicyListing([], associations: []).text([]) == "No policies.")
  }

  @Test("anything random fits a terminal")
  func random() {
    var dice = Dice(seed: 11)
    for _ in 0..<200 {
      var association = dice.association()
      // Names are one word, and that may be as long as the kernel lets it.
      association.securityContext = nil
      expectToFit(block(association))
      var policy = dice.policy()
      policy.securityContext = nil
      expectToFit(block(policy))
    }
  }
}
