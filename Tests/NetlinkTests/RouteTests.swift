import Testing

@testable import Netlink

/// What is read of interfaces, addresses and routes.
@Suite("Routes")
struct RouteTests {
  @Test("of an own table go by its number")
  func table() {
    var message = MessageBuilder()
    var route = Route(to: IPPrefix(.v4(0xc633_6400), length: 24))
    route.source = .v4(0xc000_0201)
    route.table = 1000
    route.interfaceIndex = 7
    message.append(AddRoute(route: route))
    #expect(
      message.bytes.array.dropFirst(16).elementsEqual(
        hex(
          """
          02 18 00 00 00 04 fd 01 00000000
          0800 0100 c6336400  0800 0400 07000000  0800 0700 c0000201  0800 0f00 e8030000
          """)), "\(message.bytes.array)")
  }

  @Test("are deleted by what added them")
  func deletion() {
    var addition = MessageBuilder()
    let rule = AddRule(rule: RoutingRule(.ipv6, table: 220, priority: 220))
    addition.append(rule)
    var deletion = MessageBuilder()
    deletion.append(Deletion(of: rule))
    #expect(addition.bytes.array[4...7].elementsEqual(hex("2000 0106")), "RTM_NEWRULE")
    #expect(deletion.bytes.array[4...7].elementsEqual(hex("2100 0100")), "RTM_DELRULE")
    #expect(addition.bytes.array.dropFirst(8) == deletion.bytes.array.dropFirst(8))
    #expect(
      addition.bytes.array.dropFirst(16).elementsEqual(
        hex("0a 00 00 00 00 00 00 01 00000000 0800 0600 dc000000 0800 0f00 dc000000")))
  }

  @Test("are read with all that matters")
  func reading() throws {
    let bytes = hex(
      """
      02 00 00 00 fe 10 00 01 00000000
      0800 0f00 fe000000  0800 0600 64000000  0800 0500 c0000201  0800 0400 02000000
      """)
    var expected = Route(to: .any(.ipv4))
    expected.table = Route.mainTable
    expected.metric = 100
    expected.origin = 16  // RTPROT_DHCP
    expected.gateway = .v4(0xc000_0201)
    expected.interfaceIndex = 2
    #expect(try Route(from: ByteReader(bytes.span)) == expected)
  }

  @Test("with several ways are read by the first")
  func severalWays() throws {
    let bytes = hex(
      """
      02 00 00 00 fe 10 00 01 00000000
      2400 0900  1000 00 00 03000000 0800 0500 c0000202  1000 00 00 04000000 0800 0500 c0000203
      """)
    let route = try Route(from: ByteReader(bytes.span))
    #expect(route?.interfaceIndex == 3)
    #expect(route?.gateway == .v4(0xc000_0202))
    // A way that claims fewer bytes than its own header.
    var short = bytes
    short[16] = 4
    #expect(throws: MalformedMessage.self) { try Route(from: ByteReader(short.span)) }
  }

  @Test("that drop packets are told from others")
  func dropping() throws {
    for (type, isUnicast, drops) in [
      ("01", true, false), ("02", false, false), ("06", false, true), ("07", false, true),
      ("08", false, true), ("09", false, false),
    ] {
      let bytes = hex("02 00 00 00 fe 10 00 \(type) 00000000")
      let route = try Route(from: ByteReader(bytes.span))
      #expect(route?.isUnicast == isUnicast && route?.dropsPackets == drops, "\(type)")
    }
  }

  @Test("of the kernel's cache, or of other families, are none")
  func others() throws {
    #expect(
      try Route(from: ByteReader(hex("0a 80 00 00 fe 10 00 01 00020000").span)) == nil)
    #expect(try Route(from: ByteReader(hex("07 00 00 00 fe 10 00 01 00000000").span)) == nil)
    #expect(try Route(from: ByteReader(hex("0a 00 00 00 fe 10 00 01 00000000").span)) != nil)
  }

  @Test("addresses are the host's own, not those of peers")
  func address() throws {
    let bytes = hex("02 20 80 00 05000000 0800 0100 c0000202 0800 0200 c0000201")
    let address = try InterfaceAddress(from: ByteReader(bytes.span))
    #expect(address?.prefix == IPPrefix(.v4(0xc000_0201)))
    #expect(address?.interfaceIndex == 5)
    let alone = hex("02 18 80 00 05000000 0800 0100 c0000202")
    #expect(
      try InterfaceAddress(from: ByteReader(alone.span))?.prefix
        == IPPrefix(.v4(0xc000_0202), length: 24))
  }

  @Test("a new namespace has a loopback that is down, and no more", .enabled(if: hasNamespaces))
  func emptyNamespace() throws {
    var route = try RouteConnection(in: try NetworkNamespace.create())
    let links = try route.links()
    let loopback = try #require(links.first { $0.name == "lo" })
    #expect(loopback.isLoopback && !loopback.isUp && loopback.index == 1)
    #expect(loopback.mtu >= 1500)
    #expect(try route.addresses().isEmpty)
    #expect(try route.routes().isEmpty)
  }

  @Test("what is added is listed, and gone once it is deleted", .enabled(if: hasNamespaces))
  func addingAndDeleting() throws {
    var route = try RouteConnection(in: try NetworkNamespace.create())
    let address = IPPrefix(.v4(0xc000_0201))
    try route.changeInterface("lo", isUp: true)
    try route.addAddress(address, to: "lo")
    #expect(try route.addresses().contains { $0.prefix == address })
    var asked = Route(to: IPPrefix(.v4(0xc633_6400), length: 24))
    asked.interfaceIndex = try route.interfaceIndex("lo")
    asked.source = address.address
    asked.table = 220
    try route.add(asked)
    #expect(try route.routes().contains(asked))
    try route.delete(asked)
    #expect(try !route.routes().contains(asked))
    try route.deleteAddress(address, from: "lo")
    #expect(try !route.addresses().contains { $0.prefix == address })

    let rule = RoutingRule(.ipv4, table: 220, priority: 220)
    try route.add(rule)
    #expect(throws: NetlinkError.self) { try route.add(rule) }
    try route.delete(rule)
    #expect(throws: NetlinkError.self) { try route.delete(rule) }
  }
}

private let hasNamespaces = (try? NetworkNamespace.create()) != nil
