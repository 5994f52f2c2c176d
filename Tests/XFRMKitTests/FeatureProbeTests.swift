import CNetlink
import Netlink
import TestSupport
import Testing

@testable import XFRMKit

/// Refusals with the words of Linux 6.1, 6.12 and 6.18, and those of kernels that have none.
@Suite("A refusal tells of a feature")
struct FeatureProbeTests {
  private struct Case: CustomTestStringConvertible {
    var probe: any FeatureProbe
    var refusal: KernelRefusal
    var answer: Feature.Answer?

    init(
      _ probe: any FeatureProbe, _ errno: SystemErrno, _ words: String?,
      at attribute: AttributeType? = nil, _ answer: Feature.Answer?
    ) {
      self.probe = probe
      refusal = KernelRefusal(errno: errno, explanation: words, attribute: attribute)
      self.answer = answer
    }

    var testDescription: String { "\(type(of: probe)) \(probe.messageType.rawValue): \(refusal)" }
  }

  private static let invalid = "Attribute failed policy validation"

  private static let message = MessageProbe(messageType: .getDefaultActions)
  private static let migration = MessageProbe(messageType: .migrate, hasWrongAttribute: false)
  private static let direction = AttributeProbe(type: .direction)

  private static let cases: [Case] = [
    Case(message, .outOfRange, invalid, at: .algorithmCompression, .present),
    Case(message, .outOfRange, nil, .present),
    Case(message, .invalidArgument, nil, .absent(nil)),
    Case(message, .invalidArgument, "Invalid header length", nil),
    Case(message, .notPermitted, nil, nil),
    Case(message, .noProtocolOption, nil, nil),
    Case(message, .operationNotSupported, nil, nil),
    Case(migration, .invalidArgument, "Missing required MIGRATE attribute", .present),
    Case(migration, .invalidArgument, nil, .present),
    Case(migration, .noProtocolOption, nil, .absent(nil)),
    Case(migration, .outOfRange, nil, nil),
    Case(migration, .notPermitted, nil, nil),

    Case(direction, .outOfRange, invalid, at: .direction, .present),
    Case(direction, .outOfRange, nil, .present),
    Case(direction, .invalidArgument, "invalid attribute length", at: .direction, .present),
    Case(direction, .invalidArgument, "invalid attribute length", at: .mark, nil),
    Case(direction, .invalidArgument, nil, nil),
    Case(direction, .noSuchProcess, nil, .absent(nil)),
    Case(direction, .notPermitted, nil, nil),
    Case(AttributeProbe(type: .padding), .noSuchProcess, nil, .unknown(.cannotTell)),

    Case(SubPolicyProbe(), .noSuchFile, nil, .present),
    Case(SubPolicyProbe(), .invalidArgument, "Invalid policy type", .absent(nil)),
    Case(SubPolicyProbe(), .invalidArgument, nil, .absent(nil)),
    Case(SubPolicyProbe(), .notPermitted, nil, nil),
  ]

  @Test("that has a request of its own", arguments: cases)
  private func simple(example: Case) {
    #expect(example.probe.answer(to: example.refusal) == example.answer)
  }

  @Test(
    "of interfaces: one request for both kinds",
    arguments: [
      (.operationNotSupported, nil, .absent(nil), .absent(nil)),
      (.outOfRange, .xfrmCollectMetadata, .present, .present),
      (.outOfRange, .xfrmInterfaceID, .present, .absent(nil)),
      // Before extended acknowledgements nobody says at which attribute.
      (.outOfRange, nil, .present, nil),
      (.notPermitted, nil, nil, nil),
      (.noSuchProcess, nil, nil, nil),
    ] as [(SystemErrno, AttributeType?, Feature.Answer?, Feature.Answer?)])
  func interfaces(
    errno: SystemErrno, attribute: AttributeType?, plain: Feature.Answer?,
    collecting: Feature.Answer?
  ) {
    let refusal = KernelRefusal(errno: errno, attribute: attribute)
    #expect(InterfaceProbe.answer(to: refusal, about: .interface) == plain)
    #expect(
      InterfaceProbe.answer(to: refusal, about: .metadataCollectingInterface) == collecting)
  }

  // MARK: Requests

  @Test("messages have the size that the kernel wants, and number 3 empty")
  func messages() {
    let sizes: [(MessageType, Int)] = [
      (.newAssociation, MemoryLayout<xfrm_usersa_info>.size),
      (.deleteAssociation, MemoryLayout<xfrm_usersa_id>.size),
      (.getAssociation, MemoryLayout<xfrm_usersa_id>.size),
      (.newPolicy, MemoryLayout<xfrm_userpolicy_info>.size),
      (.deletePolicy, MemoryLayout<xfrm_userpolicy_id>.size),
      (.getPolicy, MemoryLayout<xfrm_userpolicy_id>.size),
      (.allocateSPI, MemoryLayout<xfrm_userspi_info>.size),
      (.acquire, MemoryLayout<xfrm_user_acquire>.size),
      (.expireAssociation, MemoryLayout<xfrm_user_expire>.size),
      (.updatePolicy, MemoryLayout<xfrm_userpolicy_info>.size),
      (.updateAssociation, MemoryLayout<xfrm_usersa_info>.size),
      (.expirePolicy, MemoryLayout<xfrm_user_polexpire>.size),
      (.flushAssociations, MemoryLayout<xfrm_usersa_flush>.size),
      (.flushPolicies, 0),
      (.newCheckpoint, MemoryLayout<xfrm_aevent_id>.size),
      (.getCheckpoint, MemoryLayout<xfrm_aevent_id>.size),
      (.report, MemoryLayout<xfrm_user_report>.size),
      (.migrate, MemoryLayout<xfrm_userpolicy_id>.size),
      (.newSADInfo, 0),  // Only the kernel sends it, and wants nothing.
      (.getSADInfo, MemoryLayout<UInt32>.size),
      (.newSPDInfo, MemoryLayout<UInt32>.size),
      (.getSPDInfo, MemoryLayout<UInt32>.size),
      (.mapping, MemoryLayout<xfrm_user_mapping>.size),
      (.setDefaultActions, MemoryLayout<xfrm_userpolicy_default>.size),
      (.getDefaultActions, MemoryLayout<xfrm_userpolicy_default>.size),
      (.migrateState, 132),
    ]
    #expect(sizes.map { Feature.message($0.0) }.elementsEqual(Feature.messages, by: ==))
    #expect(sizes.map(\.1) == MessageProbe.sizes)
    for (type, size) in sizes {
      let padded = (size + 3) / 4 * 4
      let zeros = [UInt8](repeating: 0, count: padded)
      #expect(payload(MessageProbe(messageType: type)) == zeros + [4, 0, 3, 0])
      #expect(payload(MessageProbe(messageType: type, hasWrongAttribute: false)) == zeros)
    }
    // One that nobody knows.
    #expect(payload(MessageProbe(messageType: MessageType(rawValue: 60))) == [4, 0, 3, 0])
  }

  @Test("attributes are sent empty, and the one that is empty is not")
  func attributes() {
    let id = hex("c0000202 00*12 00*4 0200 32 00")
    #expect(payload(AttributeProbe(type: .mark)) == id + [4, 0, 21, 0])
    #expect(payload(AttributeProbe(type: .iptfsDontFragment)) == id + [8, 0, 38, 0, 0, 0, 0, 0])
    #expect(AttributeProbe(type: .mark).messageType == .getAssociation)
    #expect(Feature.attributes.count == 41)
  }

  @Test("a sub policy is asked for by a number of another direction")
  func subPolicy() {
    #expect(SubPolicyProbe().messageType == .getPolicy)
    let sent = payload(SubPolicyProbe())
    #expect(Array(sent[56..<64]) == hex("01000000 00 000000"))
    #expect(Array(sent[64...]) == hex("0a00 1000 01 00 0000 00 00 0000"))
  }

  @Test("an interface has a flag that is not empty before a number that is")
  func interface() {
    var data = MessageBuilder()
    InterfaceProbe().encode(into: &data)
    #expect(data.bytes.array == hex("0800 0300 00000000 0400 0200"))
  }

  private func payload(_ request: some NetlinkRequest) -> [UInt8] {
    var message = MessageBuilder()
    request.encode(into: &message)
    #expect(message.failure == nil)
    return message.bytes.array
  }
}
