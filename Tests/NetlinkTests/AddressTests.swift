import Testing

@testable import Netlink

@Suite("An address")
struct IPAddressTests {
  @Test(
    "is read and printed",
    arguments: [
      ("192.0.2.1", .v4(0xc000_0201), "192.0.2.1"),
      ("0.0.0.0", .v4(0), "0.0.0.0"),
      ("255.255.255.255", .v4(.max), "255.255.255.255"),
      ("::", .v6(0, 0), "::"),
      ("::1", .v6(0, 1), "::1"),
      ("2001:DB8::2", .v6(0x2001_0db8_0000_0000, 2), "2001:db8::2"),
      (
        "2001:db8:0:0:1:0:0:1", .v6(0x2001_0db8_0000_0000, 0x0001_0000_0000_0001),
        "2001:db8::1:0:0:1"
      ),
      ("1:0:2:3:4:5:6:7", .v6(0x0001_0000_0002_0003, 0x0004_0005_0006_0007), "1:0:2:3:4:5:6:7"),
      (
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .v6(.max, .max),
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
      ),
      ("::ffff:192.0.2.1", .v6(0, 0xffff_c000_0201), "::ffff:192.0.2.1"),
    ] as [(String, IPAddress, String)])
  func parse(text: String, address: IPAddress, printed: String) {
    #expect(IPAddress(text) == address)
    #expect("\(address)" == printed)
  }

  @Test(
    "is not made from bad text",
    arguments: [
      "", " ", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.-1", "192.0.2.01", " 192.0.2.1",
      "192.0.2.1 ", "192.0.2.1/32", "0xc0000201", "3221225985", "1::2::3", ":::", "12345::", "::g",
      "[::1]", "fe80::1%lo", "1:2:3:4:5:6:7", "localhost", "192.0.2.1\n", "192.0.2.1\0", "::1\0.2",
      "\0", "١٩٢.٠.٢.١",
    ])
  func bad(text: String) {
    #expect(IPAddress(text) == nil)
    #expect(IPPrefix(text + "/8") == nil)
  }

  @Test(
    "lies within a prefix, or not",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("10.9.9.9/8", "10.0.0.0", true), ("0.0.0.0/0", "255.1.2.3", true),
      ("192.0.2.1/32", "192.0.2.1", true), ("192.0.2.1/32", "192.0.2.0", false),
      ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::", false),
      ("2001:db8::/127", "2001:db8::1", true), ("2001:db8::/127", "2001:db8::2", false),
      ("::/0", "ffff::", true), ("::/0", "0.0.0.0", false), ("0.0.0.0/0", "::", false),
    ])
  func containment(prefix: String, address: String, isWithin: Bool) throws {
    #expect(try #require(IPPrefix(prefix)).contains(try #require(IPAddress(address))) == isWithin)
  }

  @Test("knows its family")
  func family() {
    #expect(IPAddress.v4(1).family == .ipv4)
    #expect(IPAddress.v6(0, 1).family == .ipv6)
    #expect(IPAddress.v4(1).bitWidth == 32)
    #expect(IPAddress.v6(0, 1).bitWidth == 128)
    for family in [AddressFamily.ipv4, .ipv6] {
      let address = IPAddress.unspecified(family)
      #expect(address.family == family)
      #expect(address.isUnspecified)
    }
    for address in [IPAddress.v4(1), .v6(0, 1), .v6(1, 0)] { #expect(!address.isUnspecified) }
  }

  @Test("reads back what it prints")
  func roundTrip() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let four = IPAddress.v4(.random(in: 0 ... .max, using: &random))
      let halves = (0..<2).map { _ in
        UInt64.random(in: 0 ... .max, using: &random)
          & UInt64.random(in: 0 ... .max, using: &random)
      }
      let six = IPAddress.v6(halves[0] & 0xffff_0000_ffff_0000, halves[1])
      #expect(IPAddress("\(four)") == four)
      #expect(IPAddress("\(six)") == six)
    }
  }

  @Test("families have names")
  func familyNames() {
    #expect("\(AddressFamily.ipv4), \(AddressFamily.ipv6)" == "IPv4, IPv6")
    #expect("\(AddressFamily.unspecified)" == "any family")
    #expect("\(AddressFamily(rawValue: 7))" == "address family 7")
  }
}

@Suite("A prefix")
struct IPPrefixTests {
  @Test(
    "is read and printed, host bits and all",
    arguments: [
      ("10.1.0.0/16", IPPrefix(.v4(0x0a01_0000), length: 16), "10.1.0.0/16"),
      ("10.1.0.5/24", IPPrefix(.v4(0x0a01_0005), length: 24), "10.1.0.5/24"),
      ("10.1.0.5", IPPrefix(.v4(0x0a01_0005), length: 32), "10.1.0.5/32"),
      ("0.0.0.0/0", .any(.ipv4), "0.0.0.0/0"),
      ("::/0", .any(.ipv6), "::/0"),
      ("2001:db8::/128", IPPrefix(.v6(0x2001_0db8_0000_0000, 0)), "2001:db8::/128"),
      ("2001:db8::1", IPPrefix(.v6(0x2001_0db8_0000_0000, 1)), "2001:db8::1/128"),
    ])
  func parse(text: String, prefix: IPPrefix, printed: String) {
    #expect(IPPrefix(text) == prefix)
    #expect("\(prefix)" == printed)
    #expect(prefix.family == prefix.address.family)
  }

  @Test(
    "is not made from bad text",
    arguments: [
      "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/ 8",
      "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.0/256", "10.0.0.0/0x8",
      "::/129", "10/8", "any", "10.0.0.0/8\0", "10.0.0.0\0/8", "10.0.0.0/٨",
    ])
  func bad(text: String) {
    #expect(IPPrefix(text) == nil)
  }
}
