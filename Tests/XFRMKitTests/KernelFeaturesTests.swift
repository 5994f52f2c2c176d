import FoundationEssentials
import Netlink
import Testing

@testable import XFRMKit

@Suite("What is known of a kernel")
struct KernelFeaturesTests {
  private static let refused = Feature.Answer.unknown(
    .failed(XFRMError("find out", .refused(KernelRefusal(errno: .notPermitted)))))

  @Test("is nothing at first")
  func nothing() {
    let features = KernelFeatures()
    #expect(features.answers.isEmpty)
    #expect(Feature.all.allSatisfy { features[$0] == .unknown(.notAsked) })
    #expect(features.bootID?.count == 36)
    #expect(features.bootID == KernelFeatures().bootID)
  }

  @Test("is not forgotten because nobody could say it again")
  func memory() {
    var features = KernelFeatures()
    features.note(Self.refused, about: .interface)
    #expect(features[.interface] == Self.refused)
    features.note(.absent(nil), about: .interface)
    features.note(Self.refused, about: .interface)
    #expect(features[.interface] == .absent(nil))
    features.note(.present, about: .interface)
    features.note(Self.refused, about: .interface)
    #expect(features[.interface] == .present)
  }

  @Test("and is present is not asked about again")
  func cache() throws {
    var features = KernelFeatures()
    // Which no kernel would say.
    let absurd = Feature.message(MessageType(rawValue: 60))
    features.note(.present, about: absurd)
    #expect(features.probe(absurd) == .present)
  }

  @Test("can be stored as far as it is present, and stands until the next boot")
  func storage() throws {
    var features = KernelFeatures()
    for feature in Self.oneOfEach { features.note(.present, about: feature) }
    features.note(.absent(.noIPv6), about: .proto(.esp, .ipv6))
    features.note(Self.refused, about: .attribute(.cpu))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let stored = try encoder.encode(features)
    let again = try JSONDecoder().decode(KernelFeatures.self, from: stored)
    #expect(again.bootID == features.bootID)
    #expect(again.answers.count == Self.oneOfEach.count)
    #expect(Self.oneOfEach.allSatisfy { again[$0] == .present })
    #expect(try encoder.encode(again) == stored, "the same, byte for byte")

    for writer in ["another boot", nil] {
      var other = KernelFeatures(bootID: writer)
      other.note(.present, about: .interface)
      let stored = try encoder.encode(other)
      let read = try JSONDecoder().decode(KernelFeatures.self, from: stored)
      #expect(read == KernelFeatures())
    }
  }

  private static let oneOfEach: [Feature] = [
    .defaultActions, .attribute(.direction), .proto(.ah, .ipv6), .mode(.beet, .ipv4),
    .encapsulation(.espInTCP, .ipv6), .iptfs(.ipv4), .subPolicies, .interface,
    .metadataCollectingInterface,
    .aead("rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128),
    .encryption("cbc(aes)", keyBytes: 16),
    .authentication("hmac(sha256)", keyBytes: 32, checkBits: 128), .compression("deflate"),
  ]

  @Test("needs the kernel's IPsec databases, or the kernel's word that it has none")
  func connection() {
    let none = XFRMError("connect", .system(.open, .protocolNotSupported))
    #expect(Feature.Answer(withoutConnection: none) == .absent(.noNetlinkInterface))
    for error in [
      XFRMError("connect", .system(.open, .notPermitted)),
      XFRMError("make a network namespace", .system(.createNamespace, .notPermitted)),
      XFRMError("make a network namespace", .system(.createNamespace, .noSpace)),
    ] {
      #expect(Feature.Answer(withoutConnection: error) == .unknown(.failed(error)))
    }
  }

  @Test("is in words, too")
  func words() {
    #expect("\(Feature.Answer.present)" == "present")
    #expect("\(Feature.Answer.absent(nil))" == "absent")
    #expect(
      "\(Feature.Answer.absent(.noProtocol(.esp, .ipv6)))" == "absent: no esp6 in this kernel")
    #expect(
      "\(Feature.Answer.unknown(.mightLoadModule))"
        == "unknown: the kernel might have to load a module to tell")
    #expect("\(Self.refused)".hasPrefix("unknown: cannot find out: "))
    #expect("\(Self.refused)".hasSuffix("owns the network namespace"))
    #expect(Set(Self.oneOfEach.map { "\($0)" }).count == Self.oneOfEach.count)
    #expect("\(Feature.iptfs(.ipv6))" == "traffic through IP-TFS over IPv6")
    #expect("\(Feature.compression("deflate"))" == "deflate")
  }

  @Test("groups hold each feature once, and algorithms are in none")
  func groups() {
    #expect(Set(Feature.all).count == Feature.all.count)
    #expect(Feature.all.allSatisfy { $0.algorithm == nil })
    #expect(Feature.messages.contains(.stateMigration))
    #expect(Feature.messages.contains(.migration))
    #expect(Feature.protocols.count == 6)
    let withoutModules = Feature.all.filter { !$0.mayTakeModule }
    #expect(
      Set(withoutModules) == Set(Feature.messages + Feature.attributes + [.subPolicies]))
  }

  @Test("a proposal is made of features")
  func proposals() {
    #expect(
      ESPProposal.aes256gcm16.features
        == [.aead("rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128)])
    #expect(
      ESPProposal.aes256sha256.features
        == [
          .encryption("cbc(aes)", keyBytes: 32),
          .authentication("hmac(sha256)", keyBytes: 32, checkBits: 128),
        ])
  }

  @Test("a list of sockets tells which families the kernel has")
  func registered() {
    let text = """
      sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
      0000000051758bbe 4   0          00000000 0        0        0     2        0        774185
      0000000052d62d1a 6   0          00000000 0        0        0     2        0        774187
      000000002d1d1db0 9   3791       00000000 0        0        0     2        0        774192
      0000000053df75c0 16  0          00000000 0        0        0     2        0        774183

      """
    #expect(NetlinkFamily.xfrm.isListed(in: text))
    #expect(NetlinkFamily(rawValue: 16).isListed(in: text))
    #expect(!NetlinkFamily(rawValue: 9).isListed(in: text), "somebody's socket, not the kernel's")
    #expect(!NetlinkFamily(rawValue: 1).isListed(in: text))
    #expect(!NetlinkFamily.xfrm.isListed(in: ""))
    #expect(NetlinkFamily.route.isRegistered, "every kernel with netlink has it")
    #expect(!NetlinkFamily(rawValue: 31).isRegistered)
  }
}
