import Testing

@testable import HostReadiness
@testable import xfrmctl

/// What `xfrmctl check --explain` shows.
@Suite struct ExplanationReportTests {
  private static let unfit = report(
    HostReadinessTests.Sample.host(), SyntheticKernel.withoutESP(), .everything)

  private func text(_ recognitions: [Recognition]) -> String {
    ExplanationReport(recognitions, Self.unfit).text
  }

  @Test(arguments: KnowledgeBase.all.map(\.id))
  func fitsATerminal(id: String) throws {
    let entry = try #require(KnowledgeBase.all.first { $0.id == id })
    let long = String(repeating: "long ", count: 40) + String(repeating: "w", count: 300)
    let text = text([
      Recognition(line: 123_456, repetitions: 1_234_567, text: PastedText(long), entries: [entry])
    ])
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(text.contains("\n       why:  ") && text.contains("\n       do:   "))
    #expect(text.contains("\n       what: ") == (entry.kind == .check))
    // Not every check is done for every use.
    let isDone = entry.checks.contains { Self.unfit[$0] != nil }
    #expect(text.contains("\n\nOn this host\n") == isDone)
  }

  @Test func aLogIsToldOnce() {
    let lines = [
      "started", "unable to set UDP_ENCAP: x", "received netlink error: No such thing (38)",
      "unable to set UDP_ENCAP: y", "unable to set UDP_ENCAP: z",
    ]
    let recognitions = Recognition.recognitions(in: lines)
    #expect(recognitions.map(\.line) == [2, 3])
    #expect(recognitions.map(\.repetitions) == [2, 0])
    #expect(
      text(recognitions).hasPrefix("line 2 and 2 more like it: “unable to set UDP_ENCAP: x”\n"))
    #expect(text(recognitions).contains("\n\nline 3: “received netlink error"))
  }

  @Test func aCheckStandsAsItDoesOnThisHost() {
    let entries = KnowledgeBase.entries(explaining: "received netlink error: X (93)")
    let text = text([Recognition(text: PastedText("x"), entries: entries)])
    #expect(
      text.hasSuffix(
        """


        On this host
          [no] xfrm.esp4                          esp4 is not loaded
          [no] xfrm.esp4.gcm                      esp4 is not loaded
          [no] xfrm.esp4.cbc-sha2                 esp4 is not loaded
          [no] xfrm.esp6                          esp6 is not loaded
          [no] xfrm.esp6.gcm                      esp6 is not loaded
          [no] xfrm.esp6.cbc-sha2                 esp6 is not loaded
          [!!] mod.esp4                           on disk, not loaded
          [!!] mod.esp6                           on disk, not loaded
        """))
  }

  @Test(arguments: [
    ("xfrm.esp4.gmc", "xfrm.esp4.gcm"), ("esp4", "xfrm.esp4"), ("udp-gro", "charon.no-udp-gro"),
    ("EPREM", "EPERM"),
  ])
  func nearNames(text: String, near: String) {
    #expect(Recognition.near(text).contains(near))
    #expect(Recognition.near(text).count <= 3)
    #expect(Recognition.near("completely unknown words") == [])
  }

  @Test(arguments: [
    ("SPI 0x00001001 reqid 7 (93)", "SPI 0x00001001 reqid 7 (93)"),
    (
      "from 2001:db8::1 to 2001:0db8:0000:0000:0000:0000:0000:0001",
      "from 2001:db8::1 to 2001:0db8:0000:0000:0000:0000:0000:0001"
    ),
    ("auth-trunc hmac(sha256) 0x00112233445566778899 128", "auth-trunc hmac(sha256) … 128"),
    ("key=0X0011223344,", "…"), ("key 00112233445566778899aabb", "key …"),
    ("spi 0x1001 enc cbc(aes) sixteen-letters! sel", "spi 0x1001 enc cbc(aes) … sel"),
    ("spi 0x1001 auth hmac(md5) 'a key with blanks' sel", "spi 0x1001 auth hmac(md5) …"),
    ("mark=0x1/0x0011223344556677", "…"), ("mark 0x1/0xffffffff", "mark 0x1/0xffffffff"),
    ("gw : PSK \"open sesame\"", "gw : PSK …"), ("carol : EAP x", "carol : EAP …"),
    ("EAP method failed", "EAP method failed"), ("secret = abc", "secret …"),
    ("a psk=abc def", "a psk= …"), ("0: 3E 1F 00 11 22 33 44 55 66 >.", "0: …"),
    ("de:ad:be:ef:00:11:22:33", "…"), ("lladdr de:ad:be:ef:00:11", "lladdr de:ad:be:ef:00:11"),
    ("psk is 0sAbCdEfGh+/==", "psk …"), ("with 0sAbCdEfGh+/==", "with …"),
    ("red \u{1b}[31m\u{9b}2J", "red \u{fffd}[31m\u{fffd}2J"), ("a\tb\n  c", "a b c"),
  ])
  func pastedText(text: String, shown: String) {
    #expect("\(PastedText(text))" == shown)
  }
}
