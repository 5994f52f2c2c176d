import CNetlink
import Glibc
import TestSupport
import Testing

@testable import Netlink

/// What goes wrong below the messages. Every kind of request meets it in the kernel tests; here is
/// what is the same for all.
@Suite("A connection in trouble", .enabled(if: geteuid() == 0, "needs root"))
struct InterferenceTests {
  private let namespace: NetworkNamespace
  private let question = GetInterface(name: "lo")

  init() throws { namespace = try NetworkNamespace.create() }

  // MARK: Time

  /// Nothing that is an answer.
  enum Silence: CaseIterable, Sendable {
    case noAnswer
    case staleAnswers
    case anotherProcess
    case signals

    func disturb(_ interference: Interference) {
      interference.takesTime = true
      interference.alter = { _ in [] }
      switch self {
      case .noAnswer: break
      case .staleAnswers: interference.flood = .datagram(Datagram.acknowledgement(sequence: 0))
      case .anotherProcess:
        interference.flood = .datagram(Datagram.acknowledgement(sequence: 1), sender: 4711)
      case .signals: interference.endlessWaitError = EINTR
      }
    }
  }

  @Test("loses patience, whatever else happens", arguments: Silence.allCases)
  func patience(_ silence: Silence) throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    connection.patience = Patience(milliseconds: 300)
    let interference = Interference()
    silence.disturb(interference)
    let time = ContinuousClock().measure {
      #expect(throws: NetlinkError.timedOut) {
        try interference.during { () throws(NetlinkError) in try connection.execute(question) }
      }
    }
    #expect(time >= .milliseconds(300) && time < .seconds(2), "\(time)")
    try connection.execute(question)
  }

  @Test("is patient for five seconds, for all of a batch")
  func fiveSeconds() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    var options = BatchOptions()
    options.messagesPerDatagram = 1
    let interference = Interference()
    Silence.noAnswer.disturb(interference)
    let time = ContinuousClock().measure {
      #expect(throws: NetlinkError.timedOut) {
        try interference.during { () throws(NetlinkError) in
          try connection.perform([question, question, question], options: options) { _, _ in }
        }
      }
    }
    #expect(time >= .seconds(5) && time < .seconds(7), "\(time)")
    try connection.execute(question)
  }

  @Test("does not wait for ever for what was given up before")
  func unsettled() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    let interference = Interference()
    interference.receiveErrors = [ENOMEM]
    #expect(throws: NetlinkError.system(.receive, .noMemory)) {
      try interference.during { () throws(NetlinkError) in try connection.execute(question) }
    }
    connection.patience = Patience(milliseconds: 300)
    let flood = Interference()
    flood.flood = .datagram(Datagram.acknowledgement(sequence: 0))
    let time = ContinuousClock().measure {
      #expect(throws: NetlinkError.timedOut) {
        try flood.during { () throws(NetlinkError) in try connection.execute(question) }
      }
    }
    #expect(flood.sendCount == 0)
    #expect(time < .seconds(2), "\(time)")
    try connection.execute(question)
  }

  // MARK: Other processes

  @Test("does not listen to another process")
  func anotherProcess() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    let port = connection.socket.port
    let lies = Datagram.acknowledgement(code: -EDOM, sequence: 1, port: port)
    let sent = try namespace.run { () throws(NetlinkError) in
      Interference.talk(to: port, NETLINK_ROUTE, lies)
    }
    #expect(sent)
    try connection.execute(question)
  }

  // MARK: Opening

  @Test(
    "does not open when a call fails, and leaves no socket behind",
    arguments: [
      (.socket, .open), (.bind, .open), (.getsockname, .open), (.getsockopt, .configure),
    ] as [(Interference.Call, NetlinkError.Operation)])
  func opening(call: Interference.Call, operation: NetlinkError.Operation) throws {
    for errno in [EMFILE, ENOMEM, EPERM, EINTR] {
      try namespace.run { () throws(NetlinkError) in
        let before = openSockets()
        let interference = Interference()
        interference.callErrors = [call: errno]
        #expect(throws: NetlinkError.system(operation, SystemErrno(errno))) {
          try interference.during { () throws(NetlinkError) in _ = try NetlinkConnection(.route) }
        }
        #expect(openSockets() == before)
        let connection = try NetlinkConnection(.route)
        #expect(openSockets() == before + 1)
        _ = consume connection
      }
    }
  }

  @Test("does without options that the kernel does not know")
  func options() throws {
    try namespace.run { () throws(NetlinkError) in
      let interference = Interference()
      interference.callErrors = [.setsockopt: ENOPROTOOPT]
      var connection = try interference.during { () throws(NetlinkError) in
        try NetlinkConnection(.route)
      }
      try connection.execute(GetInterface(name: "lo"))
      #expect(throws: NetlinkError.system(.join, SystemErrno(ENOPROTOOPT))) {
        try interference.during { () throws(NetlinkError) in
          _ = try NetlinkMonitor(.route, groups: [1])
        }
      }
    }
  }

  /// How many netlink sockets the calling thread's namespace has, the kernel's own aside.
  private func openSockets() -> Int {
    // The kernel lists one twice if its table grows meanwhile.
    var sockets: Set<[CChar]> = []
    guard let file = unsafe fopen("/proc/thread-self/net/netlink", "re") else { return -1 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
      sockets.insert(Array(line.prefix { $0 != 0 }))
    }
    return sockets.count
  }

  // MARK: Monitors

  @Test(
    "tells what a monitor missed, and goes on",
    arguments: [
      ([.failure(ENOBUFS)], .overrun),
      ([.failure(ENOMEM)], .system(.receive, .noMemory)),
      ([.oversized(by: 1)], .truncated(length: 65_537, capacity: 65_536)),
      ([.datagram([1, 2, 3])], .malformed(.truncated(at: 0, needed: 4, available: 3))),
    ] as [([Interference.Delivery], NetlinkError)])
  func monitor(deliveries: [Interference.Delivery], error: NetlinkError) throws {
    var monitor = try NetlinkMonitor(
      .route, groups: [UInt32(RTNLGRP_LINK.rawValue)], in: namespace)
    let interference = Interference()
    interference.deliveries = deliveries
    #expect(throws: error) {
      try interference.during { () throws(NetlinkError) in
        _ = try monitor.next(milliseconds: 0) { _ in }
      }
    }
    try expectToHear(&monitor)
  }

  @Test("lets a monitor hear nothing of signals and of other processes")
  func undisturbedMonitor() throws {
    var monitor = try NetlinkMonitor(
      .route, groups: [UInt32(RTNLGRP_LINK.rawValue)], in: namespace)
    let interference = Interference()
    interference.waitErrors = [EINTR, EINTR]
    interference.receiveErrors = [EINTR, EAGAIN, EINTR]
    interference.deliveries = [
      .pause, .datagram(Datagram.message(type: 16), sender: 4711), .pause,
      .datagram(Datagram.message(type: 17)),
    ]
    var heard: [UInt16] = []
    #expect(
      try interference.during { () throws(NetlinkError) in
        try monitor.next { heard.append($0.header.type.rawValue) }
      })
    #expect(heard == [17])

    // Not even where it must not wait.
    interference.deliveries = [
      .datagram(Datagram.message(type: 16), sender: 4711), .datagram(Datagram.message(type: 18)),
    ]
    #expect(
      try interference.during { () throws(NetlinkError) in
        try monitor.next(milliseconds: 0) { heard.append($0.header.type.rawValue) }
      })
    #expect(heard == [17, 18])
    try expectToHear(&monitor)
  }

  @Test("lets a monitor wait as long as it was told to")
  func monitorPatience() throws {
    var monitor = try NetlinkMonitor(
      .route, groups: [UInt32(RTNLGRP_LINK.rawValue)], in: namespace)
    for disturb in [
      { $0.endlessWaitError = EINTR },
      { $0.flood = .datagram(Datagram.message(type: 16), sender: 4711) },
    ] as [(Interference) -> Void] {
      let interference = Interference()
      disturb(interference)
      let start = ContinuousClock.now
      let hasHeard = try interference.during { () throws(NetlinkError) in
        try monitor.next(milliseconds: 200) { _ in }
      }
      let time = ContinuousClock.now - start
      #expect(!hasHeard)
      #expect(time >= .milliseconds(190) && time < .seconds(2), "\(time)")
    }
    try expectToHear(&monitor)
  }

  private func expectToHear(_ monitor: inout NetlinkMonitor) throws {
    var routes = try RouteConnection(in: namespace)
    try routes.changeInterface("lo", isUp: true)
    #expect(try monitor.next(milliseconds: 1_000) { _ in })
    try routes.changeInterface("lo", isUp: false)
    #expect(try monitor.next(milliseconds: 1_000) { _ in })
  }
}
