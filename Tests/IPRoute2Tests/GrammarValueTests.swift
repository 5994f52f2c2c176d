import Netlink
import Testing
import XFRMKit

@testable import IPRoute2

@Suite("Values as C reads them")
struct GrammarValueTests {
  private let sa = "state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 1 aead a 0x01 128"

  private func association(
    _ rest: String, _ dialect: Dialect = .iproute2
  ) throws -> SecurityAssociation {
    guard case .association(.add(let association)) = try command("\(sa) \(rest)", dialect) else {
      throw NotForXFRM()
    }
    return association
  }

  @Test(
    "numbers have C's prefixes",
    arguments: [
      ("5", 5), ("+5", 5), ("010", 8), ("0x1F", 31), ("0X1f", 31), ("0", 0),
      ("4294967295", UInt32.max), ("-18446744073709551614", 2),
    ])
  func numbers(text: String, value: UInt32) throws {
    #expect(try association("reqid \(text)").requestID == value)
  }

  @Test(
    "what is no number, or too large, is refused",
    arguments: ["", "x", "08", "0x", "1h", "-1", "4294967296", "18446744073709551616", "1 "])
  func noNumbers(text: String) throws {
    var words = ["xfrm"] + sa.split(separator: " ").map(String.init) + ["reqid", text]
    let error = try #require(throws: SyntaxError.self) { try parse(words) }
    #expect(error.exitStatus == 255)
    #expect(error.word == words.count - 1)
    #expect(error.text == "Error: argument \"\(text)\" is wrong: REQID value is invalid")
    words.removeLast(2)
    #expect(throws: Never.self) { try parse(words) }
  }

  @Test("signs are refused in our own dialect", arguments: ["-18446744073709551614", "+5"])
  func signs(text: String) throws {
    #expect(throws: Never.self) { try association("limit byte-hard \(text)") }
    #expect(refusal("\(sa) limit byte-hard \(text)", .xfrmctl)?.exitStatus == 255)
  }

  @Test(
    "IPv4 addresses have one to four parts, each of them C's",
    arguments: [
      ("10.0.0.1", 0x0a00_0001), ("10.2", 0x0a02_0000), ("010.0.0.1", 0x0800_0001),
      ("0x0a.1.2.3", 0x0a01_0203), ("7", 0x0700_0000), ("-18446744073709551615.1", 0x0101_0000),
    ] as [(String, UInt32)])
  func addresses(text: String, bits: UInt32) {
    #expect(IPAddress(cText: text.utf8Span.span, isStrict: false) == .v4(bits))
  }

  @Test(
    "other texts are no addresses",
    arguments: ["", "10.", "1.2.3.4.5", "256", "a", "1..2", "0x.1", "08.1", "10.0.0.1 ", "::1::"])
  func noAddresses(text: String) {
    #expect(IPAddress(cText: text.utf8Span.span, isStrict: false) == nil)
  }

  @Test(
    "octal and signed parts are refused in our own dialect", arguments: ["010.0.0.1", "+1.2.3.4"])
  func strictAddresses(text: String) {
    #expect(IPAddress(cText: text.utf8Span.span, isStrict: false) != nil)
    #expect(IPAddress(cText: text.utf8Span.span, isStrict: true) == nil)
  }

  @Test(
    "prefixes have lengths or netmasks",
    arguments: [
      ("10.0.0.0/8", 8), ("10.0.0.0/0x10", 16), ("10.0.0.0/255.255.0.0", 16),
      ("10.0.0.0/0.0.0.0", 0), ("10.0.0.0/255.255.255.255", 32), ("fd00::/64", 64),
      ("fd00::/255.0.0.0", 8), ("10.0.0.1", 32), ("fd00::1", 128),
    ] as [(String, UInt8)])
  func prefixes(text: String, length: UInt8) {
    #expect(IPPrefix(cText: text, isStrict: false)?.length == length)
  }

  @Test(
    "other texts are no prefixes",
    arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/255.0.255.0", "fd00::/129", "/8", "10/-1"])
  func noPrefixes(text: String) {
    #expect(IPPrefix(cText: text, isStrict: false) == nil)
  }

  @Test("a prefix is no address of an SA in our own dialect")
  func addressesWithLength() {
    let line = "state add src 10.0.0.1/8 dst 10.0.0.2 proto esp spi 1 enc a 0x01"
    #expect(throws: Never.self) { try command(line) }
    #expect(refusal(line, .xfrmctl)?.word == 4)
  }

  @Test("any address is of the family that is preferred, or of none")
  func anyAddress() throws {
    let words = "xfrm policy add src any dst 10.0.0.0/8 dir out".split(separator: " ").map(
      String.init)
    #expect(try #require(throws: SyntaxError.self) { try parse(words) }.exitStatus == 255)
    guard case .policy(.add(let policy)) = try parse(["-4"] + words).command else {
      throw NotForXFRM()
    }
    #expect(policy.selector.source == .any(.ipv4))
    #expect(try #require(throws: SyntaxError.self) { try parse(["-6"] + words) }.exitStatus == 1)
  }

  @Test(
    "masks of ports are those that one mask can say",
    arguments: [
      ("1000/0xfff8", 1000, 0xfff8), ("1024-1031", 1024, 0xfff8), ("80", 80, 0xffff),
      ("0/0xffff", 0, 0xffff), ("80-80", 80, 0xffff), ("0-65535", 0, 0),
    ] as [(String, UInt16, UInt16)])
  func ports(text: String, value: UInt16, mask: UInt16) throws {
    let policy = try command("policy add proto tcp dport \(text) dir out", .xfrmctl)
    guard case .policy(.add(let policy)) = policy else { throw NotForXFRM() }
    #expect(policy.selector.destinationPort == Selector.Port(value, mask: mask))
  }

  @Test(
    "other ranges are refused", arguments: ["1024-1030", "1025-1032", "9-8", "1-", "/1", "65536"])
  func noPorts(text: String) {
    #expect(refusal("policy add proto tcp dport \(text) dir out", .xfrmctl)?.word == 6)
    #expect(refusal("policy add proto tcp dport \(text) dir out")?.word == 6)
  }
}
