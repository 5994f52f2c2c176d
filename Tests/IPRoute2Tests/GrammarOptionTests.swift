import Netlink
import Testing

@testable import IPRoute2

@Suite("Options of ip")
struct GrammarOptionTests {
  private func invocation(_ line: String) throws -> IPInvocation {
    try IPInvocation(line.split(separator: " ").map(String.init))
  }

  @Test(
    "of each family",
    arguments: [
      ("-4", AddressFamily.ipv4), ("-6", .ipv6), ("-f inet6", .ipv6), ("--family inet", .ipv4),
      ("-fam inet", .ipv4),
    ])
  func families(words: String, family: AddressFamily) throws {
    #expect(try invocation("\(words) xfrm state").options.family == family)
  }

  @Test("that matter are kept")
  func kept() throws {
    let invocation = try invocation("-s -sta -o -t -ts -n blue -rc 4096 -force -j x state")
    #expect(invocation.options.statistics == 2)
    #expect(invocation.options.isOneLine)
    #expect(invocation.options.timestamp == .short)
    #expect(invocation.options.namespace == "blue")
    #expect(invocation.options.receiveBuffer == 4096)
    #expect(invocation.options.isForced)
    #expect(invocation.options.wantsJSON)
    #expect(invocation.request == .xfrm(from: 12))
  }

  @Test("that do not are passed over")
  func ignored() throws {
    let words = "-d -p -br -N -r -c -color=always -h -iec -echo -a -l 5 -- xfrm policy"
    #expect(try invocation(words).request == .xfrm(from: 15))
    #expect(try invocation("-d xfrm").options == IPOptions())
  }

  @Test(
    "for something else are told apart", arguments: ["addr", "link show", "-4 route", "", "-he"])
  func other(line: String) throws {
    #expect(try invocation(line).request == .other)
  }

  @Test("for versions and batches are told apart")
  func requests() throws {
    #expect(try invocation("-V").request == .version)
    #expect(try invocation("-b -").request == .batch)
    #expect(try invocation("-batch x -force").options.batchFile == "x")
    #expect(IPInvocation.object(inLine: ["x", "state"]) == 1)
    #expect(IPInvocation.object(inLine: ["link"]) == nil)
  }

  @Test(
    "that are none are refused as ip does",
    arguments: [
      ("-x", "Option \"-x\" is unknown, try \"ip -help\"."),
      ("-ver", "Option \"-ver\" is unknown, try \"ip -help\"."),
      ("-ec", "Option \"-ec\" is unknown, try \"ip -help\"."),
      ("-f inet7 xfrm", "Error: argument \"inet7\" is wrong: invalid protocol family"),
      ("-rc x xfrm", "Invalid rcvbuf size 'x'"),
      ("-n", "Command line is not complete. Try option \"help\""),
      ("-0 xfrm state", "Error: xfrm has no addresses of this family"),
    ])
  func refused(line: String, text: String) throws {
    let error = try #require(throws: SyntaxError.self) { try invocation(line) }
    #expect(error.text == text)
    #expect(error.exitStatus == 255)
  }
}
