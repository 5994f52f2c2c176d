import Netlink
import TestSupport
import Testing

@testable import XFRMKit

/// What kernels answer to SAs that they are bound to refuse, and to those that they need not.
@Suite("The refusal of an SA tells of a feature")
struct AssociationProbeTests {
  private struct Case: CustomTestStringConvertible {
    var feature: Feature
    var refusal: KernelRefusal
    var hasFlaw: Bool
    var answer: Feature.Answer?

    init(
      _ feature: Feature, _ errno: SystemErrno, _ words: String?, hasFlaw: Bool = true,
      _ answer: Feature.Answer?
    ) {
      self.feature = feature
      refusal = KernelRefusal(errno: errno, explanation: words)
      self.hasFlaw = hasFlaw
      self.answer = answer
    }

    var testDescription: String { "\(feature)\(hasFlaw ? "" : " (no flaw)"): \(refusal)" }
  }

  private static let end = "ESN replay window is too large for the chosen bitmap size"
  private static let noType = "Requested type not found"
  private static let noMode = "Requested mode not found"
  private static let cannotInitialize =
    "Kernel was unable to initialize cryptographic operations"

  private static let esp = Feature.proto(.esp, .ipv4)
  private static let ipComp = Feature.proto(.ipComp, .ipv6)
  private static let beet = Feature.mode(.beet, .ipv6)
  private static let iptfsMode = Feature.mode(.iptfs, .ipv4)
  private static let iptfs = Feature.iptfs(.ipv4)
  private static let tcp = Feature.encapsulation(.espInTCP, .ipv6)
  private static let gcm = Feature.aead("rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128)
  private static let camellia = Feature.encryption("cbc(camellia)", keyBytes: 17)
  private static let xcbc = Feature.authentication("xcbc(aes)", keyBytes: 20, checkBits: 96)
  private static let lzs = Feature.compression("lzs")

  private static let cases: [Case] = [
    // The kernel came as far as the flaw.
    Case(esp, .invalidArgument, end, .present),
    Case(.proto(.ah, .ipv6), .invalidArgument, end, .present),
    Case(
      ipComp, .invalidArgument, "IPComp is not compatible with encapsulation", .present),
    Case(beet, .invalidArgument, end, .present),
    Case(tcp, .invalidArgument, end, .present),
    Case(gcm, .invalidArgument, end, .present),
    Case(camellia, .invalidArgument, end, .present),
    Case(xcbc, .invalidArgument, end, .present),
    Case(iptfs, .invalidArgument, end, .present),
    // The words of a flaw that there is not.
    Case(esp, .invalidArgument, end, hasFlaw: false, nil),
    Case(ipComp, .invalidArgument, end, nil),
    Case(tcp, .invalidArgument, "IPComp is not compatible with encapsulation", nil),

    // Protocols.
    Case(esp, .protocolNotSupported, noType, .absent(.noProtocol(.esp, .ipv4))),
    Case(esp, .protocolNotSupported, nil, .absent(.noProtocol(.esp, .ipv4))),
    Case(esp, .protocolNotSupported, noMode, nil),
    Case(esp, .addressFamilyNotSupported, nil, .absent(.noIPv6)),
    Case(esp, .notImplemented, "Requested CRYPT algorithm not found", nil),
    Case(esp, .noSuchFile, cannotInitialize, .present),
    Case(esp, .invalidArgument, cannotInitialize, .present),
    Case(esp, .invalidArgument, nil, hasFlaw: false, nil),
    Case(
      ipComp, .notImplemented, "Requested COMP algorithm not found",
      .absent(.noAlgorithm("deflate"))),
    Case(ipComp, .protocolNotSupported, noType, .absent(.noProtocol(.ipComp, .ipv6))),
    Case(.proto(.udp, .ipv4), .invalidArgument, "Unsupported protocol", nil),

    // Modes, which the kernel looks for before protocols.
    Case(beet, .protocolNotSupported, noMode, .absent(.noMode(.beet, .ipv6))),
    Case(beet, .protocolNotSupported, noType, .present),
    Case(beet, .protocolNotSupported, nil, nil),
    Case(beet, .noSuchFile, cannotInitialize, .present),
    Case(beet, .notImplemented, "Requested CRYPT algorithm not found", nil),
    Case(beet, .addressFamilyNotSupported, nil, .absent(.noIPv6)),
    Case(iptfsMode, .invalidArgument, "Unsupported mode", .absent(.noMode(.iptfs, .ipv4))),
    Case(iptfsMode, .protocolNotSupported, noType, .present),
    Case(
      iptfsMode, .invalidArgument, nil, hasFlaw: false, .absent(.noMode(.iptfs, .ipv4))),
    Case(
      .mode(.inTrigger, .ipv4), .invalidArgument, "Unsupported mode",
      .absent(.noMode(.inTrigger, .ipv4))),
    Case(iptfs, .invalidArgument, "Unsupported mode", .absent(.noMode(.iptfs, .ipv4))),
    Case(iptfs, .protocolNotSupported, noType, .absent(.noProtocol(.esp, .ipv4))),
    Case(iptfs, .invalidArgument, nil, hasFlaw: false, .absent(.noMode(.iptfs, .ipv4))),
    Case(iptfs, .noSuchFile, cannotInitialize, nil),

    // Encapsulations, which come after cryptography.
    Case(
      tcp, .invalidArgument, "Unsupported encapsulation type for ESP",
      .absent(.noEncapsulation(.espInTCP, .ipv6))),
    Case(
      tcp, .invalidArgument, nil, hasFlaw: false,
      .absent(.noEncapsulation(.espInTCP, .ipv6))),
    Case(
      .encapsulation(Encapsulation.Kind(rawValue: 1), .ipv4), .invalidArgument,
      "Unsupported encapsulation type for ESP",
      .absent(.noEncapsulation(Encapsulation.Kind(rawValue: 1), .ipv4))),
    Case(tcp, .protocolNotSupported, noType, .absent(.noProtocol(.esp, .ipv6))),
    Case(tcp, .noSuchFile, cannotInitialize, nil),
    Case(tcp, .invalidArgument, cannotInitialize, nil),
    Case(tcp, .notImplemented, "Requested AUTH_TRUNC algorithm not found", nil),

    // Algorithms: missing, incomplete, with another key, without a protocol for them.
    Case(
      gcm, .notImplemented, "Requested AEAD algorithm not found",
      .absent(.noAlgorithm("rfc4106(gcm(aes))"))),
    Case(gcm, .notImplemented, nil, .absent(.noAlgorithm("rfc4106(gcm(aes))"))),
    Case(
      gcm, .noSuchFile, cannotInitialize,
      .absent(.algorithmIncomplete("rfc4106(gcm(aes))"))),
    Case(
      gcm, .invalidArgument, cannotInitialize,
      .absent(.keyLength("rfc4106(gcm(aes))", bytes: 36))),
    Case(gcm, .protocolNotSupported, noType, .absent(.noProtocol(.esp, .ipv4))),
    Case(
      camellia, .notImplemented, "Requested CRYPT algorithm not found",
      .absent(.noAlgorithm("cbc(camellia)"))),
    // That of the hash which it is asked about with.
    Case(camellia, .notImplemented, "Requested AUTH_TRUNC algorithm not found", nil),
    Case(camellia, .notImplemented, nil, nil),
    Case(
      camellia, .noSuchFile, cannotInitialize,
      .absent(.algorithmIncomplete("hmac(sha256) with cbc(camellia)"))),
    Case(
      camellia, .invalidArgument, nil, hasFlaw: false,
      .absent(.keyLength("cbc(camellia)", bytes: 17))),
    Case(
      xcbc, .notImplemented, "Requested AUTH_TRUNC algorithm not found",
      .absent(.noAlgorithm("xcbc(aes)"))),
    Case(xcbc, .notImplemented, "Requested CRYPT algorithm not found", nil),
    Case(
      xcbc, .invalidArgument, "Invalid length requested for truncated ICV",
      .absent(.truncation("xcbc(aes)", bits: 96))),
    Case(
      xcbc, .invalidArgument, nil, hasFlaw: false,
      .absent(.keyLength("xcbc(aes)", bytes: 20))),
    Case(
      lzs, .notImplemented, "Requested COMP algorithm not found", .absent(.noAlgorithm("lzs"))),
    Case(lzs, .protocolNotSupported, noType, .absent(.noProtocol(.ipComp, .ipv4))),

    // Reasons that have nothing to do with it.
    Case(esp, .notPermitted, nil, nil),
    Case(beet, .notPermitted, nil, nil),
    Case(tcp, .notPermitted, nil, nil),
    Case(iptfs, .notPermitted, nil, nil),
    Case(gcm, .notPermitted, nil, nil),
    Case(gcm, .noMemory, nil, nil),
    Case(gcm, .invalidArgument, "Unsupported encapsulation type for ESP", nil),
    Case(gcm, .invalidArgument, "Unsupported mode", nil),
    Case(gcm, .fileExists, nil, hasFlaw: false, nil),
    Case(gcm, .invalidArgument, "Words of a newer kernel", nil),
    Case(esp, .operationNotSupported, nil, nil),
  ]

  @Test("by number and words", arguments: cases)
  private func table(example: Case) throws {
    var probe = try #require(AssociationProbe(example.feature, family(of: example.feature)))
    probe.hasFlaw = example.hasFlaw
    #expect(!probe.isAmbiguous(example.refusal))
    #expect(probe.answer(to: example.refusal) == example.answer)
  }

  @Test("unless the kernel gives no reason to refuse an SA with a flaw", arguments: cases)
  private func ambiguity(example: Case) throws {
    var probe = try #require(AssociationProbe(example.feature, family(of: example.feature)))
    let silent = KernelRefusal(errno: .invalidArgument)
    #expect(probe.isAmbiguous(silent))
    probe.hasFlaw = false
    #expect(!probe.isAmbiguous(silent))
  }

  @Test("only over families that have IPsec")
  func families() {
    #expect(AssociationProbe(.mode(.tunnel, .unspecified), .unspecified) == nil)
    #expect(AssociationProbe(Self.gcm, AddressFamily(rawValue: 99)) == nil)
  }

  @Test("of which the flaw is all that is wrong", arguments: cases.map(\.feature))
  func flaw(feature: Feature) throws {
    let probe = try #require(AssociationProbe(feature, family(of: feature)))
    guard case .addAssociation(var asked) = probe.request else {
      Issue.record("\(probe.request)")
      return
    }
    #expect(asked != probe.association)
    if asked.proto == .ipComp {
      #expect(asked.encapsulation == Encapsulation(.espInUDP))
      asked.encapsulation = nil
    } else {
      var message = MessageBuilder()
      asked.extendedReplayState?.encode(into: &message)
      #expect(message.bytes.array == hex("00*20 01000000"), "a window of 1, and no bitmap")
      #expect(!asked.flags.contains(.extendedSequenceNumbers))
      #expect(asked.replayWindow == 0)
      #expect(asked.direction != .outgoing)
      asked.extendedReplayState = nil
    }
    #expect(asked == probe.association)

    var sound = probe
    sound.hasFlaw = false
    #expect(sound.request == .addAssociation(probe.association))
  }

  @Test("and that has what is asked about")
  func associations() throws {
    let tcp = try association(Self.tcp)
    #expect(tcp.encapsulation?.kind == .espInTCP && tcp.family == .ipv6)
    let iptfs = try association(Self.iptfsMode)
    #expect(iptfs.mode == .iptfs && iptfs.direction == .incoming)
    #expect(try association(Self.beet).direction == nil)
    let ah = try association(.proto(.ah, .ipv4))
    #expect(ah.proto == .ah && ah.encryption == nil && ah.authentication != nil)
    let ipComp = try association(Self.ipComp)
    #expect(ipComp.compression?.name == "deflate" && ipComp.authentication == nil)
    #expect(ipComp.spi.rawValue < 0x10000, "IPComp has 16 bits for it")
    #expect(try association(Self.lzs).compression?.name == "lzs")
    let gcm = try association(Self.gcm)
    #expect(gcm.aead?.key.count == 36 && gcm.aead?.checkBits == 128)
    #expect(gcm.encryption == nil && gcm.authentication == nil)
    let camellia = try association(Self.camellia)
    #expect(camellia.encryption?.name == "cbc(camellia)" && camellia.encryption?.key.count == 17)
    let xcbc = try association(Self.xcbc)
    #expect(xcbc.authentication?.name == "xcbc(aes)" && xcbc.authentication?.key.count == 20)
    #expect(xcbc.authentication?.truncationBits == 96 && xcbc.encryption?.name == "cbc(aes)")
  }

  private func association(_ feature: Feature) throws -> SecurityAssociation {
    try #require(AssociationProbe(feature, family(of: feature))).association
  }
}

private func family(of feature: Feature) -> AddressFamily {
  switch feature {
  case .proto(_, let family), .mode(_, let family), .encapsulation(_, let family),
    .iptfs(let family):
    family
  default: .ipv4
  }
}
