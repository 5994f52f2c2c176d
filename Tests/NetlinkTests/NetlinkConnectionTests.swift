import Glibc
import Testing

@testable import Netlink

/// Against the real kernel, in namespaces of their own. Questions about links need no privilege;
/// new namespaces do.
@Suite("A connection", .enabled(if: geteuid() == 0, "needs root"))
struct NetlinkConnectionTests {
  private let namespace: NetworkNamespace
  private let noDevice = SystemErrno(ENODEV)

  init() throws { namespace = try NetworkNamespace.create() }

  @Test("asks for one thing")
  func fetch() throws {
    var routes = try RouteConnection(in: namespace)
    #expect(try routes.interfaceIndex("lo") == 1)
  }

  @Test("says what the kernel refused")
  func refused() throws {
    var routes = try RouteConnection(in: namespace)
    let error = try #require(throws: NetlinkError.self) { try routes.interfaceIndex("nosuch0") }
    guard case .refused(let refusal) = error else {
      Issue.record(error)
      return
    }
    #expect(refusal.errno == noDevice)
    #expect(try routes.interfaceIndex("lo") == 1)  // the connection goes on
  }

  @Test("names the attribute that the kernel finds fault with")
  func located() throws {
    var routes = try RouteConnection(in: namespace)
    let error = try #require(throws: NetlinkError.self) {
      try routes.interfaceIndex("a name of more than fifteen bytes")
    }
    guard case .refused(let refusal) = error else {
      Issue.record(error)
      return
    }
    #expect(refusal.errno == .outOfRange)
    #expect(refusal.attribute == .interfaceName)
    #expect(refusal.offset == 32)  // behind the header and struct ifinfomsg
  }

  @Test("lists a table")
  func dump() throws {
    let links = try list(in: namespace)
    #expect(links == [1])  // lo
  }

  @Test("is heard where it was opened", .enabled(if: hasVeth, "no veth in this kernel"))
  func belongsToItsNamespace() throws {
    let other = try NetworkNamespace.create()
    var routes = try RouteConnection(in: namespace)
    try routes.addVethPair(InterfaceName("here0"), peer: InterfaceName("there0"), in: other)
    #expect(try list(in: namespace).count == 2)
    #expect(try list(in: other).count == 2)
    try routes.changeInterface("here0", isUp: true, mtu: 1400)
    try routes.addAddress(try #require(IPPrefix("192.0.2.1/24")), to: "here0")
    try routes.addRoute(
      to: try #require(IPPrefix("198.51.100.0/24")), via: .v4(0xc000_0202))
    #expect(throws: NetlinkError.self) { try routes.addAddress(.any(.ipv4), to: "nosuch0") }
  }

  @Test("does not send what cannot be expressed")
  func unencodable() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    let problem = UnencodableMessage.attributeTooLong(AttributeType(rawValue: 3), length: 70_005)
    let request = GetInterface(name: String(repeating: "x", count: 70_000))
    #expect(throws: NetlinkError.unencodable(problem)) { try connection.execute(request) }
    var outcomes: [RequestOutcome] = []
    let good = GetInterface(name: "lo")
    try connection.perform([good, request, good, request]) { outcomes.append($1) }
    #expect(
      outcomes == [.accepted, .unencodable(problem), .accepted, .unencodable(problem)])
    try connection.execute(GetInterface(name: "lo"))  // nothing of it is left behind
  }

  // MARK: Batches

  private let names = ["lo", "nosuch0", "lo", "nosuch1", "lo"]

  @Test(
    "reports what became of each of many requests",
    arguments: [.everyMessage, .lastOfDatagram] as [BatchOptions.Acknowledgement],
    [(1, 131_072), (2, 131_072), (1_024, 131_072), (1_024, 1), (0, 0), (-1, -1)])
  func batch(acknowledgement: BatchOptions.Acknowledgement, limits: (Int, Int)) throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    var options = BatchOptions()
    options.acknowledgement = acknowledgement
    (options.messagesPerDatagram, options.bytesPerDatagram) = limits
    var outcomes: [Int: RequestOutcome] = [:]
    try connection.perform(names.map { GetInterface(name: $0) }, options: options) {
      outcomes[$0] = $1
    }
    #expect(summary(outcomes) == "a r a r a")
  }

  @Test("stops at the first refusal if told to")
  func batchStop() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    var options = BatchOptions()
    options.onRefusal = .stop
    var outcomes: [Int: RequestOutcome] = [:]
    try connection.perform(names.map { GetInterface(name: $0) }, options: options) {
      outcomes[$0] = $1
    }
    #expect(summary(outcomes) == "a r - - -")
  }

  @Test("asks for each request once, when its turn has come")
  func batchOfLazy() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    var options = BatchOptions()
    options.messagesPerDatagram = 2
    let long = String(repeating: "x", count: 70_000)
    let names = ["lo", long, "lo", "lo", "lo", long]
    var asked: [Int] = []
    let requests = names.indices.lazy.map { number in
      asked.append(number)
      return GetInterface(name: names[number])
    }
    var askedByThen: [Int] = []
    try connection.perform(requests, options: options) { number, outcome in
      #expect((outcome == .accepted) == (names[number] == "lo"))
      askedByThen.append(asked.count)
    }
    #expect(asked == [0, 1, 2, 3, 4, 5])
    #expect(askedByThen == [2, 2, 4, 4, 6, 6])
  }

  @Test("sends nothing for nothing")
  func batchOfNone() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    try connection.perform([] as [GetInterface]) { _, _ in Issue.record("reported") }
  }

  @Test("carries out more requests than a datagram takes")
  func batchOfMany() throws {
    var connection = try NetlinkConnection(.route, in: namespace)
    var accepted = 0
    try connection.perform(
      (0..<3_000).map { GetInterface(name: $0 % 3 == 0 ? "nosuch0" : "lo") }
    ) { number, outcome in
      #expect((outcome == .accepted) == (number % 3 != 0))
      accepted += outcome == .accepted ? 1 : 0
    }
    #expect(accepted == 2_000)
  }

  /// `a` for accepted, `r` for refused because there is no such device, `-` for not sent.
  private func summary(_ outcomes: [Int: RequestOutcome]) -> String {
    names.indices.map { number in
      switch outcomes[number] {
      case .accepted: "a"
      case .refused(let refusal) where refusal.errno == noDevice: "r"
      case .notSent: "-"
      case let other: "\(String(describing: other))"
      }
    }.joined(separator: " ")
  }

  /// The numbers of a namespace's interfaces.
  private func list(in namespace: NetworkNamespace) throws -> [Int32] {
    struct GetInterfaces: NetlinkRequest {
      var messageType: MessageType { GetInterface(name: "").messageType }
      func encode(into message: inout MessageBuilder) { message.append(InterfaceInfo()) }
    }
    var connection = try NetlinkConnection(.route, in: namespace)
    var indexes: [Int32] = []
    try connection.dump(GetInterfaces()) { (message) throws(MalformedMessage) in
      var reader = message.reader
      indexes.append(try reader.read(InterfaceInfo.self).index)
    }
    return indexes
  }
}

/// Whether the kernel can make a pair of virtual Ethernet interfaces.
private let hasVeth: Bool = {
  do {
    let namespace = try NetworkNamespace.create()
    var routes = try RouteConnection(in: namespace)
    try routes.addVethPair(InterfaceName("here0"), peer: InterfaceName("there0"), in: namespace)
    return true
  } catch {
    return false
  }
}()
