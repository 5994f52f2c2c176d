import Testing

@testable import HostReadiness
@testable import xfrmctl

/// What `xfrmctl check` says of a host.
@Suite struct CheckReportTests {
  private func text(
    _ kernel: ProbeResults, _ changes: [String: String?] = [:], loaded: LoadReport? = nil
  ) -> String {
    CheckReport(report(Sample.host(changes), kernel, .bothFamilies), loaded).text
  }

  /// The part under a heading.
  private func part(_ heading: String, of text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != heading }.dropFirst().prefix { !$0.isEmpty }
      .joined(separator: "\n")
  }

  @Test(arguments: Scenario.all, [CheckReport.Detail.quiet, .usual, .verbose])
  func fitsATerminal(scenario: Scenario, detail: CheckReport.Detail) {
    let text = CheckReport(scenario.report, nil, detail: detail).text
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func ready() {
    let text = text(
      SyntheticKernel.capable, ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"])
    #expect(!text.contains("What to do"))
    #expect(text.contains("\nREADY for minimal  10 passed, 1 absent  "))
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

  @Test func theVerdictComesLastWithSomethingToPaste() {
    let unfit = text(SyntheticKernel.withoutESP())
    #expect(
      unfit.hasSuffix(
        """
         s
          first: Protocols and algorithms, xfrm.esp4.gcm: esp4 is not loaded
          next:  xfrmctl check --load
        """), "\(unfit)")
    #expect(unfit.contains("\n\nNOT READY for minimal  "))
    let ready = text(
      SyntheticKernel.capable, ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"])
    #expect(ready.hasSuffix(" s\n  next:  xfrmctl lab demo"))
    let unknown = text(ProbeResults())
    #expect(unknown.contains("\n\nUNKNOWN for minimal  "))
    #expect(unknown.contains("\n  first: Kernel interface, xfrm.netlink: not asked\n"))
    #expect(unknown.hasSuffix("\n  next:  xfrmctl check --explain xfrm.netlink"))
  }

  @Test func oneReasonForManyIsToldOnce() {
    let text = text(ProbeResults())
    #expect(
      part("Not known", of: text) == """
          [??] 5 checks: only the running kernel can tell, and it was not to be asked
               xfrm.netlink xfrm.esp4.gcm xfrm.esp4.cbc-sha2 xfrm.esp6.gcm
               xfrm.esp6.cbc-sha2
        """)
    #expect(!text.contains("Protocols and algorithms\n"))
    let whole = CheckReport(report(Sample.host(), ProbeResults()), nil, detail: .verbose).text
    #expect(whole.contains("\n  [??] ESP over IPv4: AES-GCM             not asked\n"))
    #expect(part("Not known", of: whole) == "")
  }

  @Test func whatIsThereAnywayIsOneLine() {
    let modules = ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"]
    #expect(
      part("Kernel modules", of: text(SyntheticKernel.capable, modules)) == """
          [ok] loaded: xfrm_user, esp4, esp6
          [ok] built in: ipv6
          [--] on disk, not loaded: af_key
        """)
    var report = report(Sample.host(modules), SyntheticKernel.capable)
    for index in report.checks.indices where report.checks[index].group == .protocols {
      report.checks[index].severity = .optional
      if index.isMultiple(of: 2) { report.checks[index].status = .absent }
    }
    #expect(
      part("Protocols and algorithms", of: CheckReport(report, nil).text) == """
          [--] absent: ESP over IPv4: AES-GCM, ESP over IPv6: AES-GCM
          [ok] also there: ESP over IPv4: AES-CBC with SHA-2, ESP over IPv6: AES-CBC
               with SHA-2
        """)
  }

  @Test func quietTellsOnlyWhatDidNotPass() {
    let modules = ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"]
    let ready = report(Sample.host(modules), SyntheticKernel.capable)
    #expect(CheckReport(ready, nil, detail: .quiet).text.hasPrefix("READY for minimal  "))
    let unfit = CheckReport(
      report(Sample.host(modules), SyntheticKernel.withoutGCM), nil, detail: .quiet
    ).text
    #expect(unfit.hasPrefix("Protocols and algorithms\n  [no] ESP over IPv4: AES-GCM "))
    #expect(!unfit.contains("[ok]") && !unfit.contains("[--]") && !unfit.contains("What to do"))
    #expect(unfit.contains("[no] ESP over IPv6: AES-GCM ") && !unfit.contains("AES-CBC"))
  }

  @Test func theNextStepIsUnderTheSameProfile() {
    let findings = { (profile: Profile) in
      var options = Sample.host().options
      options.profile = profile
      return Findings(options) { SyntheticKernel.withoutESP() }
    }
    let report = ReadinessReport(findings(Profile(.strongswan)))
    #expect(
      CheckReport(report, nil).text.hasSuffix("  xfrmctl check --profile strongswan --load"))
    var own = Profile(.strongswan)
    own.name = "office"
    let ofFile = CheckReport(ReadinessReport(findings(own)), nil).text
    #expect(ofFile.contains("\nNOT READY for office  "))
    #expect(ofFile.hasSuffix("  xfrmctl check --load"))
  }

  @Test func eachCheckKeepsItsOwnRemedy() throws {
    let report = report(Sample.host(), SyntheticKernel.withoutESP())
    let json = CheckJSON(report, nil)
    let ids = CheckID.esp.map(\.rawValue)
    let fixes = json.checks.filter { ids.contains($0.id) }.flatMap(\.remedies)
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
    let text = CheckReport(report, nil).text
    #expect(text.contains("\ncould not read /etc/modprobe.d/secret.conf: "))
    let json = CheckJSON(report, nil)
    #expect(json.unreadable.map(\.path) == ["/etc/modprobe.d/secret.conf"])
    #expect(json.unreadable.map(\.errno) == ["EISDIR"])
  }
}
