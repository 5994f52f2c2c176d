import Netlink
import TestSupport
import Testing

@testable import XFRMKit

/// Exchanges with a Linux 6.18: what is asked is what was sent, byte for byte; what came back is
/// read as what it means.
@Suite("An exchange with the kernel")
struct ExchangeTests {
  // MARK: What the vectors are about

  private static let inbound = SecurityAssociationID(
    destination: .v4(0xc000_0202), spi: 0xc0ff_ee01, mark: Mark(1, mask: 0xff))

  private static let selector = Selector(
    from: IPPrefix(.v4(0x0a01_0000), length: 24), to: IPPrefix(.v4(0x0a02_0000), length: 24))

  private static let outbound = PolicyKey(selector, direction: .outgoing, interfaceID: 9)

  /// GCM in tunnel mode, with mark, interface and direction.
  private static let tunnel: SecurityAssociation = {
    var association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0xc0ff_ee01, mode: .tunnel)
    association.requestID = 7
    association.selector = selector
    association.selector.proto = .udp
    association.selector.destinationPort = Selector.Port(53)
    association.replayWindow = 32
    association.aead = AEAD(
      name: "rfc4106(gcm(aes))", key: Secret([UInt8](1...20).span), checkBits: 128)
    association.mark = Mark(1, mask: 0xff)
    association.interfaceID = 9
    association.direction = .incoming
    return association
  }()

  /// AES-CBC with HMAC in transport mode over IPv6, in UDP.
  private static let transport: SecurityAssociation = {
    var association = SecurityAssociation(
      from: .v6(0x2001_0db8_0000_0000, 1), to: .v6(0x2001_0db8_0000_0000, 2), spi: 0x1000,
      mode: .transport)
    association.requestID = 8
    association.selector = Selector(
      from: IPPrefix(association.source), to: IPPrefix(association.destination))
    association.encryption = Encryption(
      name: "cbc(aes)", key: Secret([UInt8](repeating: 0xbb, count: 16).span))
    association.authentication = Authentication(
      name: "hmac(sha256)", key: Secret([UInt8](repeating: 0xaa, count: 32).span),
      truncationBits: 128)
    association.encapsulation = Encapsulation(.espInUDP, sourcePort: 4500, destinationPort: 4501)
    return association
  }()

  /// Compressed, then encrypted.
  private static let bundle: Policy = {
    let compressed = Template(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), proto: .ipComp, mode: .tunnel, requestID: 7)
    let encrypted = Template(from: .v4(0), to: .v4(0), mode: .transport, requestID: 7)
    var policy = Policy(selector, direction: .outgoing, templates: [compressed, encrypted])
    policy.priority = 1000
    policy.interfaceID = 9
    return policy
  }()

  // MARK: Requests

  @Test(
    "sends the bytes that were sent",
    arguments: [
      ("NEWSA esp", .addAssociation(tunnel)),
      ("NEWSA v6", .addAssociation(transport)),
      ("NEWPOLICY out", .addPolicy(bundle)),
      ("DELPOLICY", .deletePolicy(outbound)),
      ("DELSA", .deleteAssociation(inbound)),
      ("FLUSHSA", .flushAssociations(.any)),
      ("FLUSHPOLICY", .flushPolicies(.main)),
    ] as [(String, Operation)])
  func operations(title: String, operation: Operation) throws {
    try expect(operation, toBe: title)
  }

  @Test(
    "asks with the bytes that were sent",
    arguments: [
      ("GETSA v6", .association(transport.id)),
      ("GETSA", .association(inbound)),
      ("GETPOLICY", .policy(outbound)),
      ("GETSPDINFO", .spdInfo),
      ("GETSADINFO", .sadInfo),
    ] as [(String, Query)])
  func queries(title: String, query: Query) throws {
    try expect(query, toBe: title)
  }

  @Test("lists SAs of one protocol with an attribute alone")
  func filteredDump() throws {
    let exchange = try exchange("dump SA filtered")
    var message = MessageBuilder()
    message.append(Query.associations(AssociationFilter(.esp)), flags: .dump, sequence: 15)
    #expect(message.bytes.array == exchange.requests[0])
  }

  @Test(
    "lists everything with a header alone",
    arguments: [Query.associations(AssociationFilter()), .policies])
  func dumps(query: Query) {
    var message = MessageBuilder()
    message.append(query, flags: .dump, sequence: 1)
    #expect(message.count == 16)
  }

  /// Numbers and flags aside: an update differs from an addition in the message's type only.
  @Test("updates say what additions say")
  func updates() {
    for (addition, update, types) in [
      (.addAssociation(Self.tunnel), .updateAssociation(Self.tunnel), (16, 26)),
      (.addPolicy(Self.bundle), .updatePolicy(Self.bundle), (19, 25)),
    ] as [(Operation, Operation, (UInt16, UInt16))] {
      #expect(addition.messageType.rawValue == types.0)
      #expect(update.messageType.rawValue == types.1)
      var one = MessageBuilder()
      var other = MessageBuilder()
      addition.encode(into: &one)
      update.encode(into: &other)
      #expect(one.bytes.array == other.bytes.array)
    }
  }

  @Test("tells sub policies from main ones")
  func subPolicies() {
    let attribute = hex("0a00 1000 01 00 0000 00 00 0000")  // XFRMA_POLICY_TYPE, sub, padding
    var key = Self.outbound
    key.kind = .sub
    for operation in [Operation.deletePolicy(key), .flushPolicies(.sub)] {
      var message = MessageBuilder()
      operation.encode(into: &message)
      #expect(message.bytes.array.contains(attribute))
    }
  }

  @Test("adds the source for the protocols of Mobile IPv6 only")
  func source() {
    for (proto, count) in [(.esp, 24), (.ah, 24), (.ipComp, 24), (IPProtocol(rawValue: 43), 44)]
      as [(IPProtocol, Int)]
    {
      var id = Self.transport.id
      id.proto = proto
      var message = MessageBuilder()
      Operation.deleteAssociation(id).encode(into: &message)
      #expect(message.count == count)
    }
  }

  // MARK: Replies

  @Test("reads an SA that was added")
  func association() throws {
    for (title, expected) in [("GETSA", Self.tunnel), ("GETSA v6", Self.transport)] {
      guard
        case .association(var association)? = try Content(try exchange(title).responses[0])
      else {
        Issue.record("no SA in the answer to \(title)")
        return
      }
      #expect(association.usage.addedAt > 1_700_000_000)
      #expect(association.usage.firstUsedAt == 0)
      association.usage = Usage()
      #expect(association.replayState == ReplayState())
      association.replayState = nil
      #expect(association == expected)
    }
  }

  @Test("reads a policy that was added")
  func policy() throws {
    guard case .policy(var policy)? = try Content(try exchange("GETPOLICY").responses[0]) else {
      Issue.record("no policy in the answer")
      return
    }
    #expect(policy.index == 1)
    policy.index = 0
    #expect(policy.usage.addedAt > 1_700_000_000)
    policy.usage = Usage()
    #expect(policy == Self.bundle)
    #expect(policy.key == Self.outbound)
  }

  @Test("reads what a dump lists, in order")
  func listed() throws {
    let exchange = try exchange("dump SA filtered")
    var spis: [SPI] = []
    var isEnded = false
    for message in Fixtures.messages where message.name == exchange.title {
      guard message.bytes != exchange.requests[0] else { continue }
      switch try Content(message.bytes) {
      case .association(let association): spis.append(association.spi)
      case .refusal(nil): isEnded = true
      case let other: Issue.record("\(String(describing: other))")
      }
    }
    #expect(spis == [0x13e, 0x1000, 0xc0ff_ee01])
    #expect(isEnded)
  }

  @Test("reads a larval SA, whose selector has no family but prefix lengths")
  func larval() throws {
    guard case .association(let larval)? = try Content(try exchange("ALLOCSPI").responses[0])
    else {
      Issue.record("no SA in the answer")
      return
    }
    #expect(larval.spi == 0x13e)
    #expect(larval.lifetime.hard.secondsFromAdd == 30)
    #expect(larval.selector.family == .unspecified)
    #expect(larval.selector.source == IPPrefix(.v4(0xc000_0201)))
    #expect(larval.selector.destination == IPPrefix(.v4(0xc000_0202)))
    #expect(larval.aead == nil && larval.authentication == nil && larval.encryption == nil)
  }

  @Test("reads how full the databases are")
  func databases() throws {
    guard
      case .sadInfo(let states)? = try Content(try exchange("GETSADINFO").responses[0]),
      case .spdInfo(let policies)? = try Content(try exchange("GETSPDINFO").responses[0])
    else {
      Issue.record("no counts in the answers")
      return
    }
    #expect(states == SADInfo(count: 2, buckets: 8, maximumBuckets: 1_048_576))
    var expected = SPDInfo(bucketMask: 7, maximumBuckets: 1_048_576)
    expected.thresholdIPv4 = SPDInfo.HashThreshold()
    expected.thresholdIPv4?.localBits = 32
    expected.thresholdIPv4?.remoteBits = 32
    expected.thresholdIPv6 = SPDInfo.HashThreshold()
    expected.thresholdIPv6?.localBits = 128
    expected.thresholdIPv6?.remoteBits = 128
    #expect(policies == expected)
  }

  /// The counts of the vectors are all 0: these are all different.
  @Test("reads each count of policies from its own place")
  func counts() throws {
    let datagram = hex(
      """
      30000000 2400 0000 00000000 00000000 ffffffff
      1c00 0100 01000000 02000000 03000000 04000000 05000000 06000000
      """)
    guard case .spdInfo(let info)? = try Content(datagram) else {
      Issue.record("no counts")
      return
    }
    #expect(
      info
        == SPDInfo(
          incoming: 1, outgoing: 2, forwarded: 3, socketIncoming: 4, socketOutgoing: 5,
          socketForwarded: 6))
    #expect(info.count == 6)
  }

  @Test("reads a refusal and its words")
  func refusal() throws {
    let answer = try exchange("NEWPOLICY duplicate-error").responses[0]
    let expected = KernelRefusal(
      errno: .invalidArgument, explanation: "Invalid policy direction")
    #expect(try Content(answer) == .refusal(expected))
  }

  @Test("reads acknowledgements")
  func acknowledgements() throws {
    var count = 0
    for exchange in Fixtures.exchanges {
      for answer in exchange.responses where answer[4] == 2 && answer[16] == 0 {
        #expect(try Content(answer) == .refusal(nil))
        count += 1
      }
    }
    #expect(count == 16)
  }

  // MARK: Helpers

  private func exchange(_ title: String) throws -> Fixtures.Exchange {
    try #require(
      Fixtures.exchanges.first { $0.title == title }
        ?? Fixtures.exchanges.first { $0.title.hasPrefix(title) })
  }

  private func expect(_ request: some NetlinkRequest, toBe title: String) throws {
    let sent = try exchange(title).requests[0]
    var message = MessageBuilder()
    message.append(request, flags: .acknowledge, sequence: UInt32(sent[8]))
    #expect(message.bytes.array == sent)
  }
}
