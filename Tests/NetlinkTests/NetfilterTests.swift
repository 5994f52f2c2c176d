import Glibc
import Testing

@testable import Netlink

/// The bytes of requests to netfilter, and what comes back from the kernel of the tests. That has
/// no modules: what it was built with is there, and nothing else.
@Suite("Netfilter")
struct NetfilterTests {
  @Test("a transaction is as the kernel wants it")
  func transaction() {
    var message = MessageBuilder()
    message.append(NetfilterRequest.begin, sequence: 1)
    // nfgenmsg: no family, version 0, the subsystem in network order.
    #expect(message.bytes.array == host(UInt32(20)) + hex("1000 0100 01000000 00000000 0000 000a"))

    message.removeAll()
    message.append(NetfilterRequest.add(FilterTable(family: .ipv4, name: "t")), sequence: 2)
    #expect(
      message.bytes.array
        == host(UInt32(28)) + hex("000a 0106 02000000 00000000 0200 0000 0600 0100 7400 0000"))
  }

  @Test("a rule nests its expressions")
  func rule() {
    var message = MessageBuilder()
    let table = FilterTable(family: .ipv4, name: "t")
    message.append(NetfilterRequest.add(rule: [.requestID], to: "c", of: table))
    #expect(
      message.bytes.array.dropFirst(20).elementsEqual(
        hex(
          """
          0600 0100 7400 0000  0600 0200 6300 0000  3000 0480
            2c00 0180  0900 0100 7866726d 00 000000
              1c00 0280 0800 0100 00000001 0800 0200 00000005 0500 0300 00 000000
          """)
      ), "\(message.bytes.array)")
  }

  @Test("extensions are asked for by name and kind")
  func revision() {
    var message = MessageBuilder()
    message.append(NetfilterRequest.revision(of: .target("X"), for: .ipv6))
    #expect(
      message.bytes.array.dropFirst(4).elementsEqual(
        hex(
          """
          000b 0100 00000000 00000000  0a00 0000
          0600 0100 5800 0000  0800 0200 00000000  0800 0300 00000001
          """)), "\(message.bytes.array)")
  }

  @Test("rules are counted by the table they are in")
  func ruleTable() throws {
    let bytes = hex("0200 0000 0600 0200 6300 0000 0600 0100 7400 0000")
    #expect(
      try FilterRule(from: ByteReader(bytes.span)).table == FilterTable(family: .ipv4, name: "t"))
    let inet = hex("0100 0000 0600 0100 7400 0000")
    #expect(
      try FilterRule(from: ByteReader(inet.span)).table
        == FilterTable(family: .unspecified, name: "t"))
    #expect(throws: MalformedMessage.self) {
      try FilterRule(from: ByteReader(bytes.span.extracting(first: 9)))
    }
  }
}

@Suite("The kernel's netfilter", .enabled(if: hasTables, "no nf_tables, or no privilege"))
struct KernelNetfilterTests {
  @Test("takes rules of what it knows and refuses others")
  func rules() throws {
    let namespace = try NetworkNamespace.create()
    var filter = try NetfilterConnection(in: namespace)
    try filter.tryRule([.masquerade], in: .sourceNAT, of: .ipv4)
    let error = #expect(throws: NetlinkError.self) {
      try filter.tryRule([.unknown("xfrmctl-none")], of: .ipv4)
    }
    guard case .refused(let refusal) = error else {
      Issue.record("\(error.map { "\($0)" } ?? "")")
      return
    }
    #expect(refusal.errno == .noSuchFile)
    // Nothing is left, and the connection goes on.
    #expect(try filter.ruleCounts().isEmpty)
    try filter.tryRule([.masquerade], in: .sourceNAT, of: .ipv4)
  }

  @Test("tells which extensions of iptables it has")
  func extensions() throws {
    let namespace = try NetworkNamespace.create()
    var filter = try NetfilterConnection(in: namespace)
    #expect(try filter.knows(.match("tcp"), for: .ipv4))
    // Of this one there has been no revision 0 for long.
    #expect(try filter.knows(.match("conntrack"), for: .ipv4))
    #expect(try !filter.knows(.match("xfrmctl"), for: .ipv4))
    // A match is no target.
    #expect(try !filter.knows(.target("tcp"), for: .ipv4))
  }

  @Test(
    "has tables of the older form", .enabled(if: hasLegacy, "no ip_tables"),
    arguments: [AddressFamily.ipv4, .ipv6])
  func legacy(family: AddressFamily) throws {
    let filter = LegacyFilter(family, in: try NetworkNamespace.create())
    #expect(try filter.entryCount(ofTable: "filter") == 0)
    #expect(try filter.knows(.match("tcp")))
    #expect(try filter.knows(.match("conntrack")))
    #expect(try !filter.knows(.target("tcp")))
    #expect(try !filter.knows(.match("xfrmctl")))
    #expect(throws: NetlinkError.refused(KernelRefusal(errno: .noSuchFile))) {
      try filter.entryCount(ofTable: "xfrmctl")
    }
  }
}

private let hasTables: Bool = {
  guard let namespace = try? NetworkNamespace.create(),
    var filter = try? NetfilterConnection(in: namespace)
  else { return false }
  return (try? filter.ruleCounts()) != nil
}()

private let hasLegacy: Bool = {
  guard let namespace = try? NetworkNamespace.create() else { return false }
  return (try? LegacyFilter(.ipv4, in: namespace).entryCount(ofTable: "filter")) != nil
}()
