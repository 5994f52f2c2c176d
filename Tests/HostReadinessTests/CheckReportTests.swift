import Testing

@testable import HostReadiness
@testable import xfrmctl

/// What `xfrmctl check` says of a host.
@Suite struct CheckReportTests {
  private func text(
    _ kernel: ProbeResults, _ changes: [String: String?] = [:], loaded: LoadReport? = nil
  ) -> String {
    CheckReport(report(Sample.host(changes), kernel), loaded, isVerbose: false).text
  }

  /// The part under a heading.
  private func part(_ heading: String, of text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != heading }.dropFirst().prefix { !$0.isEmpty }
      .joined(separator: "\n")
  }

  @Test(arguments: Scenario.all, [false, true])
  func fitsATerminal(scenario: Scenario, isVerbose: Bool) {
    let text = CheckReport(scenario.report, nil, isVerbose: isVerbose).text
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func ready() {
    let text = text(
      SyntheticKernel.capable, ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"])
    #expect(!text.contains("What to do"))
    #expect(text.contains("\nREADY   "))
  }

  @Test func noESPIsOneThingToDo() {
    let text = text(
      SyntheticKernel.withoutESP(),
      [
        "/lib/modules/": nil, "/proc/modules": nil,
        "/boot/config-\(Sample.release)": "CONFIG_XFRM_USER=y\nCONFIG_IPV6=y\n"
          + "CONFIG_XFRM_ALGO=y\nCONFIG_CRYPTO_GCM=y\nCONFIG_CRYPTO_SEQIV=y\n"
          + "CONFIG_CRYPTO_AES=y\nCONFIG_CRYPTO_CTR=y\nCONFIG_CRYPTO_GHASH=y\n"
          + "CONFIG_CRYPTO_DRBG=y\nCONFIG_CRYPTO_AUTHENC=y\nCONFIG_CRYPTO_ECHAINIV=y\n"
          + "CONFIG_CRYPTO_CBC=y\nCONFIG_CRYPTO_HMAC=y\nCONFIG_CRYPTO_SHA256=y\n",
      ])
    #expect(
      part("What to do", of: text) == """
          - boot a kernel with CONFIG_INET_ESP and CONFIG_INET6_ESP, as distributions'
            kernels are; this one does not come from the system's packages, so whoever
            runs this machine has to provide it
        """)
  }

  @Test func nothingLoadedIsOneThingToDo() {
    let text = text(
      SyntheticKernel.withoutESP(),
      [
        "/proc/net/if_inet6": nil, "\(Sample.modules)/modules.builtin": "",
        "/boot/config-\(Sample.release)": "CONFIG_MODULES=y\nCONFIG_IPV6=m\n",
        "\(Sample.modules)/modules.dep": Sample.dependencies + "kernel/net/ipv6/ipv6.ko:\n",
        "\(Sample.modules)/kernel/net/ipv6/ipv6.ko": "",
      ])
    #expect(
      part("What to do", of: text) == """
          - load esp4, ipv6 and esp6, by either command
                xfrmctl check --load
                modprobe -a esp4 ipv6 esp6
        """)
  }

  @Test func whatWasTriedInVainIsNotRecommended() {
    let report = report(Sample.host(), SyntheticKernel.withoutESP())
    let loaded = LoadReport(attempts: [], modulesLoaded: [], report: report)
    let advice = part("What to do", of: text(SyntheticKernel.withoutESP(), loaded: loaded))
    #expect(advice == "  - load esp4 and esp6\n        modprobe -a esp4 esp6")
  }

  @Test func eachCheckKeepsItsOwnRemedy() throws {
    let report = report(Sample.host(), SyntheticKernel.withoutESP())
    let json = CheckJSON(report, nil)
    let fixes = json.checks.filter { $0.id.hasPrefix("xfrm.esp") }.flatMap(\.remedies)
    #expect(fixes.map(\.text) == ["load esp4", "load esp4", "load esp6", "load esp6"])
    #expect(fixes.first?.command == "modprobe esp4")
  }

  @Test func remediesMergeOnlyIfTheyDoTheSame() {
    let remedies = [
      Remedy(.installKernel(command: "a"), [.esp4]), Remedy("reboot"), Remedy(.load, [.esp4]),
      Remedy(.installKernel(command: "b"), [.esp6]), Remedy("reboot"), Remedy(.load, [.esp4]),
      Remedy(.installKernel(command: "a"), [.afKey, .esp4]),
    ]
    #expect(
      remedies.merged == [
        Remedy(.installKernel(command: "a"), [.esp4, .afKey]), Remedy("reboot"),
        Remedy(.load, [.esp4]), Remedy(.installKernel(command: "b"), [.esp6]),
      ])
  }

  @Test func unreadableFilesAreNamed() throws {
    let root = Sample.host(["/etc/modprobe.d/secret.conf/": ""])
    let report = report(root, SyntheticKernel.capable)
    let text = CheckReport(report, nil, isVerbose: false).text
    #expect(text.contains("\ncould not read /etc/modprobe.d/secret.conf: "))
    let json = CheckJSON(report, nil)
    #expect(json.unreadable.map(\.path) == ["/etc/modprobe.d/secret.conf"])
    #expect(json.unreadable.map(\.errno) == ["EISDIR"])
  }
}
