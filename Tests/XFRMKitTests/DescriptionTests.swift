import Netlink
import Testing

@testable import XFRMKit

@Suite("What users read")
struct DescriptionTests {
  private static let association = SecurityAssociation(
    from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1000, mode: .tunnel)
  private static let selector = Selector(
    from: IPPrefix(.v4(0x0a01_0000), length: 16), to: IPPrefix(.v4(0x0a02_0000), length: 16))
  private static let policy = Policy(selector, direction: .outgoing)

  @Test(
    "a change is named by what it changes",
    arguments: [
      (.addAssociation(association), "add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000"),
      (.updateAssociation(association), "update ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000"),
      (
        .deleteAssociation(
          SecurityAssociationID(
            destination: .v6(0x2001_0db8_0000_0000, 2), spi: 0xffff_ffff, proto: .ah,
            mark: Mark(1, mask: 0xff))),
        "delete AH SA to 2001:db8::2 SPI 0xffffffff mark 0x1/0xff"
      ),
      (.flushAssociations(.any), "delete all SAs"),
      (.flushAssociations(.ipsec), "delete all IPsec SAs"),
      (.flushAssociations(.esp), "delete all ESP SAs"),
      (.addPolicy(policy), "add policy out 10.1.0.0/16 → 10.2.0.0/16"),
      (.updatePolicy(policy), "replace policy out 10.1.0.0/16 → 10.2.0.0/16"),
      (
        .deletePolicy(
          PolicyKey(
            selector, direction: .forwarded, kind: .sub, mark: Mark(0x101, mask: 0xff),
            interfaceID: 9)),
        "delete policy fwd 10.1.0.0/16 → 10.2.0.0/16 sub mark 0x1/0xff if_id 9"
      ),
      (.deletePolicy(PolicyKey(index: 17, direction: .outgoing)), "delete policy out index 17"),
      (.flushPolicies(.main), "delete all main policies"),
    ] as [(XFRMKit.Operation, String)])
  func operations(operation: XFRMKit.Operation, text: String) {
    #expect("\(operation)" == text)
  }

  @Test(
    "a question is named by what it asks for",
    arguments: [
      (.association(association.id), "get ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000"),
      (.associations(AssociationFilter(.esp)), "list SAs"),
      (.policy(policy.key), "get policy out 10.1.0.0/16 → 10.2.0.0/16"),
      (.policies, "list policies"),
      (.sadInfo, "count SAs"),
      (.spdInfo, "count policies"),
    ] as [(Query, String)])
  func queries(query: Query, text: String) {
    #expect("\(query)" == text)
  }

  @Test("a selector says what it narrows down, and no more")
  func selectors() {
    var selector = Self.selector
    #expect("\(selector)" == "10.1.0.0/16 → 10.2.0.0/16")
    selector.proto = .tcp
    selector.sourcePort = Selector.Port(1024)
    selector.destinationPort = Selector.Port(443)
    #expect("\(selector)" == "10.1.0.0/16 → 10.2.0.0/16 TCP from port 1024 to port 443")
    #expect("\(Selector.any(.ipv6))" == "::/0 → ::/0")
  }

  @Test("an error is one line: what was asked, what the kernel said, why")
  func errors() {
    let refused = XFRMError(
      .addAssociation(Self.association),
      .refused(
        KernelRefusal(errno: .protocolNotSupported, explanation: "Requested type not found")))
    #expect(
      "\(refused)"
        == "cannot add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000: “Requested type not found”, "
        + "Protocol not supported (EPROTONOSUPPORT): no esp4 in this kernel")
    let missing = XFRMError(
      .deletePolicy(Self.policy.key), .refused(KernelRefusal(errno: .noSuchFile)))
    #expect(
      "\(missing)"
        == "cannot delete policy out 10.1.0.0/16 → 10.2.0.0/16: "
        + "No such file or directory (ENOENT): there is none")
    let unconnected = XFRMError(
      "connect to the kernel's IPsec databases", .system(.open, .protocolNotSupported))
    #expect(
      "\(unconnected)"
        == "cannot connect to the kernel's IPsec databases: could not open a netlink socket: "
        + "Protocol not supported (EPROTONOSUPPORT): no xfrm_user in this kernel")
    #expect(
      "\(XFRMError(.policies, .timedOut))"
        == "cannot list policies: the kernel did not answer in time")
    #expect(unconnected.refusal == nil)
  }

  @Test("an SPI has eight digits")
  func spis() {
    #expect(
      "\(SPI(rawValue: 0)), \(SPI(rawValue: .max)), \(0xc0de as SPI)"
        == "0x00000000, 0xffffffff, 0x0000c0de")
  }

  @Test("a key masks the mark, as the kernel keeps it")
  func maskedMark() {
    var policy = Self.policy
    policy.mark = Mark(0x1ff, mask: 0xff)
    #expect(policy.key.mark == Mark(0xff, mask: 0xff))
    #expect("\(policy)" == "\(policy.key)")
  }
}
