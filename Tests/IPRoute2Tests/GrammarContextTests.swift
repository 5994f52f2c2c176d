import Testing

@testable import IPRoute2

@Suite("What command lines refer to")
struct GrammarContextTests {
  @Test("the running system knows", arguments: [GrammarContext.live, GrammarContext()])
  func protocols(context: GrammarContext) {
    #expect(context.protocolNumber("tcp") == 6)
    #expect(context.protocolNumber("ipv6-icmp") == 58)
    #expect(context.protocolNumber("tcp") == 6)
    #expect(context.protocolNumber("nosuch") == nil)
    #expect(context.protocolName(0) == "ip")
    #expect(context.protocolName(17) == "udp")
  }

  @Test("interfaces have names, or numbers behind if")
  func interfaces() throws {
    #expect(try #require(GrammarContext.live.interfaceIndex("lo")) > 0)
    #expect(GrammarContext.live.interfaceIndex("if77") == 77)
    #expect(GrammarContext.live.interfaceIndex("nosuch0") == nil)
    #expect(GrammarContext.live.interfaceIndex("") == nil)
    #expect(GrammarContext().interfaceIndex("lo") == nil)
  }

  @Test("keys are nowhere unless somebody has them")
  func keys() {
    let use = KeyUse(.aead, algorithm: "a")
    #expect(throws: KeyUnavailable.self) { try GrammarContext.live.key(.generated, use) }
    #expect(KeySource("@") == .file(""))
    #expect(KeySource("env:") == .environment(""))
    #expect(KeySource("0x01") == nil)
  }
}
