import TestSupport
import Testing

extension ExchangeCommandTests {
  @Test("a default action and settings are lost, too, and their values not shown")
  func others() async throws {
    let site =
      Self.site + "\ndefault-action: discard\nsettings: {net.ipv4.tcp_fastopen_key: 5ca1-5ca1}\n"
    let refused = try await run("export --to ietf-ikeless", site)
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.complaint.contains("default-action: discard"))
    #expect(refused.complaint.contains("settings: net.ipv4.tcp_fastopen_key"))
    #expect(!refused.complaint.contains("5ca1"))
    let lossy = try await run("export --to ietf-ikeless --lossy", site)
    #expect(lossy.status == 0 && lossy.output == Self.document)
  }

  @Test("a line may end as on other systems, and a list without SAs is refused")
  func lineEnds() async throws {
    let text = Self.state.replacing("\n", with: "\r\n")
    let outcome = try await run("import --from ip-xfrm", text)
    #expect(outcome.status == 0 && outcome.output == Self.configuration, "\(outcome.complaint)")
    let none = try await run("import --from swanctl-sas", "home: #1, CONNECTING, IKEv2\r\n")
    #expect(none.status == 65 && none.output.isEmpty)
    #expect(none.complaint.contains("there is no CHILD_SA in it"))
  }
}
