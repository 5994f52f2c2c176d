import Testing

@testable import HostReadiness

/// The lines of the grep script.
@Suite struct LegacyScriptTests {
  @Test func printsWhatTheScriptPrints() throws {
    let root = Sample.host([
      "/boot/config-\(Sample.release)": """
      CONFIG_XFRM=y
      CONFIG_INET_ESP=m
      CONFIG_INET_ESP_OFFLOAD=m
      # CONFIG_NET_KEY is not set
      # CONFIG_INET_ESPINTCP is not set
      CONFIG_XFRM_USER=y

      """
    ])
    let script = try LegacyScript(root.options)
    #expect(
      script.lines == ["CONFIG_XFRM_USER=y", "# CONFIG_NET_KEY is not set", "CONFIG_INET_ESP=m"])
    #expect(script.source == "/boot/config-\(Sample.release)")
  }

  @Test func hasAllLines() throws {
    #expect(LegacyScript.options.count == 22)
    #expect(Set(LegacyScript.options).count == 22)
    let all = LegacyScript.options.map { "CONFIG_\($0)=y" }
    let text = all.reversed().joined(separator: "\n")
    #expect(LegacyScript(KernelConfiguration(text, source: "x")).lines == all)
  }

  @Test func saysWhereItLooked() {
    let root = Sample.host(["/boot/": nil])
    let error = #expect(throws: NoConfiguration.self) { try LegacyScript(root.options) }
    #expect(error?.description.contains("/boot/config-\(Sample.release), ") == true)
  }
}
