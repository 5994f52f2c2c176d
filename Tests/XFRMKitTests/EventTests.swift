import Netlink
import TestSupport
import Testing

@testable import XFRMKit

@Suite("Announcements that kernels have sent")
struct EventTests {
  @Test("are all understood", arguments: Fixtures.messages.filter { !$0.name.hasPrefix("trunc-") })
  func understood(message: Fixtures.Message) throws {
    let isAnswer = [2, 3, 34, 36].contains(message.type.rawValue)
    guard !isAnswer, !isRequest(message) else { return }
    guard message.name != "migrate.1" else {
      // Made by hand with an entry of 64 bytes; the kernel's have 76.
      #expect(throws: MalformedMessage.self) { try content(message.bytes) }
      return
    }
    if case .other(let type, _) = try content(message.bytes) {
      Issue.record("message type \(type.rawValue)")
    }
  }

  /// Of a request the second byte of flags is not 0, or the first has NLM_F_REQUEST.
  private func isRequest(_ message: Fixtures.Message) -> Bool { message.bytes[6] & 1 != 0 }

  @Test("a deleted SA comes whole")
  func deletedAssociation() throws {
    guard case .associationDeleted(let association) = try content(event(of: "DELSA")) else {
      Issue.record("no deletion")
      return
    }
    #expect(association.spi == 0xc0ff_ee01)
    #expect(association.requestID == 7)
    #expect(association.mark == Mark(1, mask: 0xff))
    #expect(association.interfaceID == 9)
    #expect(association.direction == .incoming)
    #expect(association.otherAttributes.isEmpty)
  }

  @Test("a deleted policy comes whole")
  func deletedPolicy() throws {
    guard case .policyDeleted(let policy) = try content(event(of: "DELPOLICY")) else {
      Issue.record("no deletion")
      return
    }
    #expect(policy.direction == .outgoing)
    #expect(policy.templates.count == 2)
    #expect(policy.interfaceID == 9)
    #expect(policy.priority == 1_000)
  }

  @Test("a flush names what went")
  func flushes() throws {
    #expect(try content(event(of: "FLUSHSA")) == .associationsFlushed(.any))
    let sub = message(.flushPolicies, hex("0a00 1000 01 00*5 0000"))
    #expect(try content(sub) == .policiesFlushed(.sub))
    #expect(try content(message(.flushPolicies, [])) == .policiesFlushed(.main))
  }

  @Test("changed default actions")
  func defaultActions() throws {
    let actions = DefaultActions(incoming: .block, forwarded: .accept, outgoing: .accept)
    #expect(try content(event(of: "SETDEFAULT")) == .defaultActionsChanged(actions))
  }

  @Test("a checkpoint tells its timer in tenths of a second")
  func checkpoint() throws {
    let exchange = try #require(Fixtures.exchanges.first { $0.title.hasPrefix("GETAE") })
    guard case .checkpoint(let checkpoint) = try content(exchange.responses[0]) else {
      Issue.record("no checkpoint")
      return
    }
    #expect(checkpoint.id.spi == 0x1000)
    #expect(checkpoint.source == .v6(0x2001_0db8_0000_0000, 1))
    #expect(checkpoint.requestID == 8)
    #expect(checkpoint.flags == [.packets, .timer])
    #expect(checkpoint.packets == 2)
    #expect(checkpoint.timerTenths == 10)
    #expect(checkpoint.usage != nil)
    #expect(checkpoint.replayState != nil)
  }

  @Test("a mapping is of the family that it tells")
  func mapping() throws {
    let v4 = hex(
      "c0000202 00*12 00001000 0200 32 00 07000000 cb007101 00*12 cb007102 00*12 1194 2694")
    guard case .mapping(let mapping) = try content(message(.mapping, v4)) else {
      Issue.record("no mapping")
      return
    }
    #expect(
      mapping.id
        == SecurityAssociationID(
          destination: .v4(0xc000_0202), spi: 0x1000, source: .v4(0xcb00_7101)))
    #expect(mapping.requestID == 7)
    #expect(mapping.old == AddressMapping.Endpoint(.v4(0xcb00_7101), port: 4500))
    #expect(mapping.new == AddressMapping.Endpoint(.v4(0xcb00_7102), port: 9876))

    var v6 = v4
    v6[20] = 10
    guard case .mapping(let mapping) = try content(message(.mapping, v6)) else {
      Issue.record("no mapping")
      return
    }
    #expect(mapping.id.proto == .esp)
    #expect(mapping.id.destination == .v6(0xc000_0202 << 32, 0))

    var unknown = v4
    unknown[20] = 3
    #expect(throws: MalformedMessage.unexpectedValue(at: 36, field: "address family 3")) {
      try content(message(.mapping, unknown))
    }
  }

  @Test("an acquire is of its template's family, or else of the packet's")
  func acquire() throws {
    let flow = Selector(from: IPPrefix(.v4(1)), to: IPPrefix(.v4(2)))
    let policy = Policy(
      .any(.ipv4), direction: .outgoing,
      templates: [Template(from: .v6(3, 4), to: .v6(5, 6), mode: .tunnel, requestID: 1)])
    var asked = Acquire(from: .v6(3, 4), to: .v6(5, 6), selector: flow, policy: policy)
    asked.cpu = 3
    #expect(try content(request(.acquire(asked))) == .acquire(asked))
    asked = Acquire(from: .v4(1), to: .v4(2), selector: flow, policy: policy)
    asked.policy.templates[0].mode = .transport
    #expect(try content(request(.acquire(asked))) == .acquire(asked))
  }

  @Test("a message that nobody knows is kept")
  func unknown() throws {
    let type = MessageType(rawValue: 77)
    let payload = Secret(([1, 2, 3, 4] as [UInt8]).span)
    #expect(try content(message(type, [1, 2, 3, 4])) == .other(type, payload: payload))
  }

  @Test("a deletion without its object is an error")
  func emptyDeletion() {
    for (type, size) in [(MessageType.deleteAssociation, 24), (.deletePolicy, 64)] {
      #expect(throws: MalformedMessage.self) {
        try content(message(type, [UInt8](repeating: 0, count: size)))
      }
    }
  }

  private func content(_ datagram: [UInt8]) throws(MalformedMessage) -> XFRMEvent.Content {
    var messages = MessageReader(datagram.span)
    guard let message = try messages.next() else {
      throw .truncated(at: 0, needed: 16, available: 0)
    }
    return try XFRMEvent(message).content
  }

  private func event(of title: String) throws -> [UInt8] {
    let exchange = try #require(Fixtures.exchanges.first { $0.title.hasPrefix(title) })
    return try #require(exchange.events.first)
  }

  private func request(_ operation: Operation) -> [UInt8] {
    var message = MessageBuilder()
    message.append(operation)
    return message.bytes.array
  }
}

@Suite("A snapshot in the making")
struct SnapshotTableTests {
  private let one = numbered(1)
  private let two = numbered(2)

  @Test("announcements that the list contains already change nothing")
  func idempotent() throws {
    var table = SnapshotTable([one, two], [])
    try table.apply(.associationAdded(one))
    try table.apply(.associationAdded(two))
    #expect(table.spis == [1, 2])
    try table.apply(.associationDeleted(one))
    try table.apply(.associationDeleted(one))
    #expect(table.spis == [2])
  }

  @Test("a flush takes what its protocol covers")
  func flush() throws {
    var other = one
    other.proto = IPProtocol(rawValue: 4)
    var table = SnapshotTable([one, other], [])
    try table.apply(.associationsFlushed(.ah))
    #expect(table.spis.count == 2)
    try table.apply(.associationsFlushed(.ipsec))
    #expect(table.spis.count == 1)
    try table.apply(.associationsFlushed(.any))
    #expect(table.spis.isEmpty)
  }

  @Test("an update is read from the kernel, not believed")
  func update() throws {
    var stored = one
    stored.requestID = 99
    var table = SnapshotTable([one], [])
    try table.apply(.associationUpdated(one)) { _ in stored }
    #expect(table.snapshot(SADInfo(), SPDInfo()).associations == [stored])
    try table.apply(.associationUpdated(one)) { _ in nil }
    #expect(table.spis.isEmpty)
  }

  @Test("soft limits take nothing, hard ones do")
  func expiry() throws {
    let policy = Policy(.any(.ipv4), direction: .outgoing)
    var table = SnapshotTable([one], [policy])
    try table.apply(.associationExpired(AssociationExpiry(association: one, isHard: false)))
    try table.apply(.policyExpired(PolicyExpiry(policy: policy, isHard: false)))
    #expect(table.spis == [1])
    #expect(table.snapshot(SADInfo(), SPDInfo()).policies == [policy])
    try table.apply(.associationExpired(AssociationExpiry(association: one, isHard: true)))
    try table.apply(.policyExpired(PolicyExpiry(policy: policy, isHard: true)))
    #expect(table.spis.isEmpty)
    #expect(table.snapshot(SADInfo(), SPDInfo()).policies.isEmpty)
  }

  @Test("larval SAs without an SPI are told apart by what they answer")
  func larval() throws {
    var first = numbered(0)
    first.sequence = 7
    var second = first
    second.sequence = 8
    var table = SnapshotTable([first, second], [])
    #expect(table.spis == [0, 0])
    try table.apply(.associationExpired(AssociationExpiry(association: first, isHard: true)))
    #expect(table.spis == [0])
  }

  @Test("is verified by the kernel's counts, those of sockets apart")
  func verification() {
    var socket = Policy(.any(.ipv4), direction: Policy.Direction(rawValue: 3))
    socket.index = 3
    let table = SnapshotTable([one], [Policy(.any(.ipv4), direction: .outgoing), socket, socket])
    var sad = SADInfo()
    sad.count = 1
    var spd = SPDInfo()
    spd.outgoing = 1
    spd.socketIncoming = 2
    #expect(table.snapshot(sad, spd).isVerified)
    #expect(table.snapshot(sad, spd).policies.count == 3)
    sad.count = 2
    #expect(!table.snapshot(sad, spd).isVerified)
    sad.count = 1
    spd.socketIncoming = 1
    #expect(!table.snapshot(sad, spd).isVerified)
  }

  @Test("a migration asks for a new list, and so does what has no name here")
  func migration() throws {
    var table = SnapshotTable([one], [])
    #expect(!table.isIncomplete)
    try table.apply(.migrated(Migration(.any(.ipv4), direction: .outgoing, entries: [])))
    #expect(table.isIncomplete)
    table = SnapshotTable([one], [])
    try table.apply(.other(.migrateState, payload: Secret([UInt8]().span)))
    #expect(table.isIncomplete)
  }
}

private func numbered(_ spi: UInt32) -> SecurityAssociation {
  SecurityAssociation(from: .v4(1), to: .v4(2), spi: SPI(rawValue: spi), mode: .tunnel)
}

extension SnapshotTable {
  fileprivate mutating func apply(_ content: XFRMEvent.Content) throws {
    try apply(content) { id in
      Issue.record("asked for \(id)")
      return nil
    }
  }

  fileprivate var spis: [SPI] {
    snapshot(SADInfo(), SPDInfo()).associations.map(\.spi).sorted { $0.rawValue < $1.rawValue }
  }
}
