import Netlink
import Testing

@testable import XFRMKit

/// The kernel's words are those of Linux 6.18, as the reference has them.
@Suite("The cause of a refusal")
struct RefusalCauseTests {
  private static let association: SecurityAssociation = {
    var value = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1000, mode: .tunnel)
    value.encryption = Encryption(name: "cbc(aes)", key: .random(count: 17))
    value.authentication = Authentication(
      name: "hmac(sha256)", key: .random(count: 32), truncationBits: 300)
    return value
  }()

  private static let aead: SecurityAssociation = {
    var value = association
    (value.encryption, value.authentication) = (nil, nil)
    value.aead = AEAD(name: "rfc4106(gcm(aes))", key: .random(count: 19), checkBits: 128)
    return value
  }()

  private static let ah: SecurityAssociation = {
    var value = association
    value.proto = .ah
    value.encryption = nil
    value.authentication = Authentication(
      name: "cmac(aes)", key: .random(count: 20), truncationBits: 96)
    return value
  }()

  private static let fitting: SecurityAssociation = {
    var value = association
    value.encryption?.key = .random(count: 16)
    value.authentication?.key = .random(count: 1)
    value.authentication?.truncationBits = 128
    return value
  }()

  private static let unknown: SecurityAssociation = {
    var value = aead
    value.aead?.name = "rfc9999(aes)"
    return value
  }()

  private static let offloaded: SecurityAssociation = {
    var value = association
    value.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: .packet)
    return value
  }()

  private static let inTCP: SecurityAssociation = {
    var value = association
    value.encapsulation = Encapsulation(.espInTCP)
    return value
  }()

  private static let iptfs: SecurityAssociation = {
    var value = association
    value.mode = .iptfs
    value.direction = .incoming
    return value
  }()

  private static let ipComp: SecurityAssociation = {
    var value = SecurityAssociation(
      from: .v6(1, 1), to: .v6(1, 2), spi: 0x1000, proto: .ipComp, mode: .routeOptimization)
    value.compression = Compression(name: "deflate")
    return value
  }()

  /// What only the kernel knows.
  private static let inUse = Finding(
    rule: SecurityAssociation.rules.first { $0.id == "S21.tunnels" } ?? DatabaseRules.sharedKey,
    part: nil, detail: nil)

  private static let policy = Policy(.any(.ipv4), direction: .outgoing)

  private struct Case: CustomTestStringConvertible {
    var operation: XFRMKit.Operation
    var errno: SystemErrno
    var words: String?
    var cause: RefusalCause?
    /// What the user reads.
    var explanation: String?

    init(
      _ operation: XFRMKit.Operation, _ errno: SystemErrno, _ words: String?,
      _ cause: RefusalCause?, _ explanation: String? = nil
    ) {
      self.operation = operation
      self.errno = errno
      self.words = words
      self.cause = cause
      self.explanation = explanation
    }

    var testDescription: String { "\(operation): \(errno.name) \(words ?? "")" }
  }

  private static let cannotInitialize =
    "Kernel was unable to initialize cryptographic operations"

  private static let cases: [Case] = [
    // Without a module.
    Case(
      .addAssociation(association), .protocolNotSupported, "Requested type not found",
      .noProtocol(.esp, .ipv4), "no esp4 in this kernel"),
    Case(
      .addAssociation(ipComp), .protocolNotSupported, "Requested type not found",
      .noProtocol(.ipComp, .ipv6), "no ipcomp6 in this kernel"),
    Case(
      .updateAssociation(association), .protocolNotSupported, "Requested type not found",
      .noProtocol(.esp, .ipv4)),
    Case(
      .addAssociation(ipComp), .protocolNotSupported, "Requested mode not found",
      .noMode(.routeOptimization, .ipv6), "no route optimization mode for IPv6"),
    // The mode is there; the families do not fit it.
    Case(
      .addAssociation(association), .protocolNotSupported,
      "Only tunnel modes can accommodate a change of family", nil),
    Case(
      .addAssociation(ipComp), .addressFamilyNotSupported, nil, .noIPv6,
      "no IPv6 in this kernel, or its module is not loaded"),
    // Algorithms.
    Case(
      .addAssociation(aead), .notImplemented, "Requested AEAD algorithm not found",
      .noAlgorithm("rfc4106(gcm(aes))"), "no rfc4106(gcm(aes)) in this kernel"),
    Case(
      .addAssociation(association), .notImplemented, "Requested CRYPT algorithm not found",
      .noAlgorithm("cbc(aes)")),
    Case(
      .addAssociation(association), .notImplemented, "Requested AUTH algorithm not found",
      .noAlgorithm("hmac(sha256)")),
    Case(
      .addAssociation(association), .notImplemented, "Requested AUTH_TRUNC algorithm not found",
      .noAlgorithm("hmac(sha256)")),
    Case(
      .addAssociation(ipComp), .notImplemented, "Requested COMP algorithm not found",
      .noAlgorithm("deflate")),
    Case(
      .addAssociation(association), .notImplemented, nil,
      .noAlgorithm("hmac(sha256) or cbc(aes)")),
    Case(.addAssociation(aead), .notImplemented, "Requested CRYPT algorithm not found", nil),
    Case(
      .addAssociation(association), .noSuchFile, cannotInitialize,
      .algorithmIncomplete("hmac(sha256) with cbc(aes)"),
      "this kernel knows hmac(sha256) with cbc(aes) but lacks a part that it is composed of"),
    Case(
      .addAssociation(aead), .noSuchFile, cannotInitialize,
      .algorithmIncomplete("rfc4106(gcm(aes))")),
    Case(
      .addAssociation(aead), .invalidArgument, cannotInitialize,
      .keyLength("rfc4106(gcm(aes))", bytes: 19),
      "AES-GCM keys are 20, 28 or 36 bytes including the 4-byte salt; this one has 19"),
    Case(
      .addAssociation(aead), .invalidArgument, nil, .keyLength("rfc4106(gcm(aes))", bytes: 19)),
    Case(
      .addAssociation(association), .invalidArgument, cannotInitialize,
      .keyLength("cbc(aes)", bytes: 17)),
    Case(
      .addAssociation(association), .invalidArgument, nil, .keyLength("cbc(aes)", bytes: 17),
      "AES-CBC keys are 16, 24 or 32 bytes; this one has 17"),
    Case(
      .addAssociation(ah), .invalidArgument, cannotInitialize,
      .keyLength("cmac(aes)", bytes: 20), "AES-CMAC keys are 16 bytes; this one has 20"),
    // A key that fits is not at fault, nor one of a hash that takes any, nor can that be said of an
    // algorithm that the table lacks.
    Case(.addAssociation(fitting), .invalidArgument, cannotInitialize, nil),
    Case(.addAssociation(fitting), .invalidArgument, nil, nil),
    Case(.addAssociation(unknown), .invalidArgument, cannotInitialize, nil),
    Case(.addAssociation(offloaded), .invalidArgument, nil, nil),  // or the device cannot
    // An update may also come without the encapsulation that the SA has, and no words tell.
    Case(.updateAssociation(association), .invalidArgument, nil, nil),
    Case(
      .addAssociation(association), .invalidArgument,
      "Invalid length requested for truncated ICV", .truncation("hmac(sha256)", bits: 300),
      "hmac(sha256) has fewer than 300 bits"),
    Case(.addAssociation(association), .invalidArgument, "Unsupported mode", nil),
    Case(
      .addAssociation(iptfs), .invalidArgument, "Unsupported mode",
      .noMode(.iptfs, .ipv4), "no IP-TFS mode for IPv4"),
    Case(
      .addAssociation(inTCP), .invalidArgument, "Unsupported encapsulation type for ESP",
      .noEncapsulation(.espInTCP, .ipv4), "no ESP-in-TCP over IPv4 in this kernel"),
    Case(
      .addAssociation(association), .invalidArgument,
      "Unsupported encapsulation type for ESP", nil),
    // What is there, and what is not.
    Case(
      .addAssociation(association), .fileExists, nil, .exists, "there is one already"),
    Case(.addPolicy(policy), .fileExists, nil, .exists),
    Case(
      .updateAssociation(association), .noSuchProcess, nil, .missingInDirection,
      "there is none, or it has another direction, which no update changes"),
    Case(
      .deleteAssociation(association.id), .noSuchProcess, nil, .missing, "there is none"),
    Case(.deletePolicy(policy.key), .noSuchFile, nil, .missing),
    Case(.updateAssociation(association), .fileExists, nil, nil),  // a helper's of the kernel
    Case(.addPolicy(policy), .noSuchFile, nil, nil),
    Case(.flushAssociations(.any), .noSuchProcess, nil, nil),
    // Privilege.
    Case(
      .addAssociation(association), .notPermitted, nil, .notPrivileged,
      "this takes CAP_NET_ADMIN in the user namespace that owns the network namespace"),
    Case(.addPolicy(policy), .notPermitted, nil, .notPrivileged),
    Case(.deleteAssociation(association.id), .notPermitted, nil, .notPrivileged),
    Case(.flushPolicies(.main), .notPermitted, nil, .notPrivileged),
    Case(
      .deleteAssociation(association.id), .notPermitted, "SA is in use by tunnels",
      .breach(inUse),
      "the SA belongs to a tunnel-mode IPComp SA: delete that one; this goes with it"),
    Case(.addPolicy(policy), .noMemory, nil, nil),
  ]

  @Test("is found from what was asked, the number and the words", arguments: cases)
  private func found(example: Case) {
    let failure = NetlinkError.refused(
      KernelRefusal(errno: example.errno, explanation: example.words))
    let error = XFRMError(example.operation, failure)
    #expect(error.cause == example.cause)
    if let explanation = example.explanation { #expect(error.cause?.explanation == explanation) }
    #expect(error.request == "\(example.operation)")
    #expect(error.refusal?.errno == example.errno)
    #expect(!"\(error)".contains("\n"))
  }

  @Test(
    "of a question that went unanswered is that there is none",
    arguments: [
      (.association(association.id), .noSuchProcess, .missing),
      (.association(association.id), .noSuchFile, nil),
      (.policy(policy.key), .noSuchFile, .missing),
      (.policy(policy.key), .noSuchProcess, nil),
      (.associations(AssociationFilter()), .notPermitted, .notPrivileged),
      (.spdInfo, .invalidArgument, nil),
    ] as [(Query, SystemErrno, RefusalCause?)])
  func queries(query: Query, errno: SystemErrno, cause: RefusalCause?) {
    let error = XFRMError(query, .refused(KernelRefusal(errno: errno)))
    #expect(error.cause == cause)
  }

  @Test(
    "of what never got to the kernel",
    arguments: [
      (.system(.open, .protocolNotSupported), .noNetlinkInterface),
      (.system(.send, .protocolNotSupported), nil),
      (.system(.enterNamespace, .notPermitted), .mayNotEnterNamespace),
      (.system(.enterNamespace, .invalidArgument), nil),
      (.system(.setOption, .notPermitted), .notPrivileged),
      (.system(.join, .notPermitted), .notPrivileged),
      (.system(.openNamespace, .noSuchFile), nil),
      (.timedOut, nil), (.overrun, nil), (.interrupted, nil), (.unanswered, nil),
      (.malformed(.unreadableText(at: 0)), nil),
    ] as [(NetlinkError, RefusalCause?)])
  func failures(failure: NetlinkError, cause: RefusalCause?) {
    #expect(XFRMError("connect", failure).cause == cause)
    #expect(XFRMError(.addPolicy(Self.policy), failure).cause == cause)
    #expect(XFRMError(.sadInfo, failure).cause == cause)
  }

  @Test("names the module that speaks a protocol")
  func modules() {
    let names = [IPProtocol.esp, .ah, .ipComp, .udp].flatMap { proto in
      [AddressFamily.ipv4, .ipv6].map { proto.module($0) }
    }
    #expect(names == ["esp4", "esp6", "ah4", "ah6", "ipcomp", "ipcomp6", "UDP", "UDP"])
  }

  @Test("has words for each")
  func words() {
    #expect(RefusalCause.noNetlinkInterface.explanation == "no xfrm_user in this kernel")
    let mode = RefusalCause.noMode(.beet, .ipv4).explanation
    #expect(mode == "no BEET mode for IPv4")
    let key = RefusalCause.keyLength("rfc9999(aes)", bytes: 7).explanation
    #expect(key == "rfc9999(aes) does not take a key of 7 bytes")
    #expect(RefusalCause.mayNotEnterNamespace.explanation.contains("takes CAP_SYS_ADMIN"))
  }

  @Test("of a mode that is missing names the family it is missing for")
  func familyOfMode() {
    // The SA's selector leaves its family open: then it is the SA's.
    let error = XFRMError(
      .addAssociation(Self.ipComp),
      .refused(
        KernelRefusal(errno: .protocolNotSupported, explanation: "Requested mode not found")))
    #expect(error.cause == .noMode(.routeOptimization, .ipv6))
    var crossed = Self.ipComp
    crossed.selector = .any(.ipv4)
    let other = XFRMError(
      .addAssociation(crossed),
      .refused(
        KernelRefusal(errno: .protocolNotSupported, explanation: "Requested mode not found")))
    #expect(other.cause == .noMode(.routeOptimization, .ipv4))
  }
}
