import Glibc
import TestSupport
import Testing

@testable import Netlink
@testable import XFRMKit

/// How a snapshot comes about while something happens.
@Suite(
  "A snapshot among announcements",
  .enabled(if: (try? SmallKernel()) != nil, "needs root and xfrm_user"))
struct EventSourceTests {
  @Test("is the list of the first attempt if nothing comes in between")
  func control() throws {
    let kernel = try SmallKernel()
    let snapshot = try kernel.snapshot()
    #expect(snapshot.spis == [1] && snapshot.isVerified)
    #expect(try kernel.next() == nil)
  }

  @Test("has what was announced meanwhile")
  func applied() throws {
    let kernel = try SmallKernel()
    kernel.counted = 2
    kernel.meanwhile[1] = [.datagram(SmallKernel.addition(99))]
    let snapshot = try kernel.snapshot()
    #expect(snapshot.spis == [1, 99] && snapshot.isVerified)
    #expect(try kernel.next() == nil)
  }

  @Test("is a new list, not an older one, when the last attempt lost announcements")
  func lastAttempt() throws {
    let kernel = try SmallKernel()
    // Never what was listed, as with larval SAs that come and go.
    kernel.counted = 7
    kernel.meanwhile[5] = [.datagram(SmallKernel.addition(99)), .failure(ENOBUFS)]
    let snapshot = try kernel.snapshot()
    #expect(snapshot.spis == [6] && !snapshot.isVerified)
    guard case .snapshot(_, .overrun)? = try kernel.next() else {
      Issue.record("no snapshot after an overrun")
      return
    }
  }

  @Test("is made again when there was something that is not understood")
  func unknown() throws {
    let kernel = try SmallKernel()
    let migration = message(.migrateState, [UInt8](repeating: 0, count: 24))
    // It ends too early.
    let broken = message(.newAssociation, [1, 2, 3, 4])
    kernel.meanwhile[1] = [.datagram(migration)]
    kernel.meanwhile[2] = [.datagram(broken)]
    let snapshot = try kernel.snapshot()
    #expect(snapshot.spis == [3] && snapshot.isVerified)
    guard case .event(let event)? = try kernel.next(), case .other = event.content else {
      Issue.record("no event of its own")
      return
    }
    guard case .unreadable? = try kernel.next() else {
      Issue.record("nothing unreadable")
      return
    }
    #expect(try kernel.next() == nil)
  }

  @Test("loses nothing that it does not tell")
  func kept() throws {
    let kernel = try SmallKernel()
    kernel.queue([
      .datagram(SmallKernel.acquire(1)), .datagram(SmallKernel.addition(98)), .failure(ENOBUFS),
      .datagram(SmallKernel.acquire(2)),
    ])
    // Of the two in one datagram one is told.
    kernel.meanwhile[1] = [
      .datagram(SmallKernel.acquire(3) + SmallKernel.addition(1)), .datagram(Self.mapping),
    ]
    let snapshot = try kernel.snapshot()
    #expect(snapshot.spis == [1] && snapshot.isVerified)
    for sequence in [UInt32](1...3) {
      guard case .event(let event)? = try kernel.next(), case .acquire(let acquire) = event.content
      else {
        Issue.record("no acquire")
        return
      }
      #expect(acquire.sequence == sequence)
    }
    guard case .event(let event)? = try kernel.next(), case .mapping = event.content else {
      Issue.record("no mapping")
      return
    }
    #expect(try kernel.next() == nil)
  }

  private static let mapping = message(
    .mapping,
    hex("c0000202 00*12 00001000 0200 32 00 07000000 cb007101 00*12 cb007102 00*12 1194 2694"))

  @Test("keeps the last of very many")
  func bounded() throws {
    let kernel = try SmallKernel()
    let count: UInt32 = 25_000
    for start in stride(from: 1, to: count, by: 100) {
      let datagram = (start..<start + 100).flatMap { SmallKernel.acquire($0) }
      kernel.queue([.datagram(datagram)])
    }
    _ = try kernel.snapshot()
    var sequences: [UInt32] = []
    while case .event(let event)? = try kernel.next() {
      if case .acquire(let acquire) = event.content { sequences.append(acquire.sequence) }
    }
    #expect((10_000...20_000).contains(sequences.count))
    #expect(sequences == Array(count + 1 - UInt32(sequences.count)...count))
  }
}

/// Answers in the kernel's place. It lists one SA, whose SPI says in which list.
private final class SmallKernel {
  /// How many SAs it says that there are.
  var counted: UInt32 = 1
  /// What is heard once a list was made and the databases counted, by the number of the list.
  var meanwhile: [Int: [Interference.Delivery]] = [:]
  private var lists = 0
  private var isListed = false
  private let events: XFRMEvents
  private let interference = Interference()

  init() throws {
    events = try XFRMEvents(
      of: .all, in: try NetworkNamespace.create(), startsWithSnapshot: true)
    interference.answer = { [unowned self] requests, port in
      requests.flatMap { answer($0, port) }
    }
  }

  /// Queues what is heard before anything else.
  func queue(_ deliveries: [Interference.Delivery]) { interference.deliveries += deliveries }

  func next() throws -> XFRMEvents.Element? {
    try interference.during { () throws(XFRMError) in try events.waitForNext(milliseconds: 0) }
  }

  func snapshot() throws -> Snapshot {
    guard case .snapshot(let snapshot, .start)? = try next() else {
      throw NetlinkError.unanswered
    }
    return snapshot
  }

  // MARK: What it says

  static func addition(_ number: UInt32) -> [UInt8] {
    message(.newAssociation, Content.association(association(number)).payload(.request))
  }

  static func acquire(_ number: UInt32) -> [UInt8] {
    let policy = Policy(.any(.ipv4), direction: .outgoing)
    var asked = Acquire(from: .v4(1), to: .v4(2), selector: .any(.ipv4), policy: policy)
    asked.sequence = number
    var message = MessageBuilder()
    message.append(Operation.acquire(asked))
    return message.bytes.array
  }

  private static func association(_ number: UInt32) -> SecurityAssociation {
    SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: SPI(rawValue: number), mode: .tunnel)
  }

  private func answer(_ request: NetlinkBytes, _ port: UInt32) -> [Interference.Delivery] {
    var message = MessageBuilder(port: port)
    let sequence = request.sequence
    var later = [
      Interference.Delivery.datagram(
        NetlinkBytes.acknowledgement(of: request, port: port).bytes)
    ]
    switch MessageType(rawValue: UInt16(request.type)) {
    case .getAssociation:
      (lists, isListed) = (lists + 1, false)
      message.append(.newAssociation, flags: .multipart, sequence: sequence) {
        Self.association(UInt32(lists)).encode(into: &$0, form: .request)
      }
      message.append(.done, flags: .multipart, sequence: sequence) { $0.append(Int32(0)) }
      later = []
    case .getPolicy:
      isListed = true
      message.append(.done, flags: .multipart, sequence: sequence) { $0.append(Int32(0)) }
      later = []
    case .getSADInfo:
      message.append(.newSADInfo, sequence: sequence) { info in
        info.append(UInt32(0))
        info.append(.countSA, counted)
      }
    case .getSPDInfo:
      message.append(.newSPDInfo, sequence: sequence) { $0.append(UInt32(0)) }
      // They are counted once before they are listed, too.
      if isListed { later += meanwhile.removeValue(forKey: lists) ?? [] }
    default: Issue.record("asked for \(request.type)")
    }
    return [.datagram(message.bytes.array)] + later
  }
}

extension Snapshot {
  fileprivate var spis: Set<SPI> { Set(associations.map(\.spi)) }
}
