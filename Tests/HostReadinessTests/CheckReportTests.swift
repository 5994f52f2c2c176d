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
    #expect(text.contains(/\nREADY for minimal  \d+ passed, \d+ unknown, \d+ absent  0\.\d\d s\n/))
    #expect(!text.contains("[no]") && !text.contains("[!!]"))
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

          first: Protocols and algorithms, xfrm.esp4: esp4 is not loaded
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
          [??] 19 checks: only the running kernel can tell, and it was not to be asked
               xfrm.netlink xfrm.query xfrm.events xfrm.allocspi xfrm.policy.v4
               xfrm.policy.v6 xfrm.sockpolicy.v4 xfrm.sockpolicy.v6 xfrm.esp4
               xfrm.esp4.gcm xfrm.esp4.transport xfrm.esp6 xfrm.esp6.gcm
               xfrm.esp6.cbc-sha2 xfrm.natt.v4 xfrm.natt.v6 udp.encap.v4 udp.encap.v6
               xfrm.leftovers
        """)
    #expect(!text.contains("not asked\n       id:"))
    let whole = CheckReport(report(Sample.host(), ProbeResults()), nil, detail: .verbose).text
    #expect(whole.contains("\n  [??] ESP over IPv4: AES-GCM             not asked\n"))
    #expect(part("Not known", of: whole) == "")
  }

  @Test func aReasonThatWasGivenIsReferredTo() {
    let kernel = SyntheticKernel.withoutESP()
    #expect(
      part("Protocols and algorithms", of: text(kernel)).hasPrefix(
        """
          [no] ESP over IPv4                      esp4 is not loaded
               id:   xfrm.esp4
               said: “Requested type not found” (EPROTONOSUPPORT)
               why:  esp4 is on disk but not loaded
          [!!] ESP over IPv4: AES-GCM             esp4 is not loaded
               id:   xfrm.esp4.gcm
               why:  see xfrm.esp4

        """))
    let whole = CheckReport(report(Sample.host(), kernel), nil, detail: .verbose).text
    #expect(!whole.contains("why:  see"))
    let repeated = CheckReport.repetitions(in: report(Sample.host(), kernel, .bothFamilies).checks)
    #expect(repeated["xfrm.esp4.gcm"] == "xfrm.esp4" && repeated["xfrm.esp6.gcm"] == "xfrm.esp6")
    #expect(repeated["xfrm.esp4"] == nil && repeated["xfrm.esp6"] == nil)
  }

  @Test func whatIsThereAnywayIsOneLine() {
    let modules = ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"]
    let told = part("Kernel modules", of: text(SyntheticKernel.capable, modules))
    for line in [
      "  [ok] loaded: xfrm_user; esp4; esp6", "  [ok] built in: ipv6",
      "  [--] on disk, not loaded: af_key", "  [??] not known: Unsigned modules",
    ] {
      #expect(told.split(separator: "\n").contains(Substring(line)), "\(told)")
    }
    var report = report(Sample.host(modules), SyntheticKernel.capable)
    for index in report.checks.indices where report.checks[index].group == .protocols {
      report.checks[index].severity = .optional
      if report.checks[index].id.rawValue.hasSuffix(".gcm") {
        report.checks[index].status = .absent
      }
    }
    #expect(
      part("Protocols and algorithms", of: CheckReport(report, nil).text) == """
          [ok] also there: ESP over IPv4; ESP in transport mode; ESP over IPv6; Parts of
               algorithms
          [--] absent: ESP over IPv4: AES-GCM; ESP over IPv6: AES-GCM
        """)
  }

  @Test func whatIsNotKnownAndNotNeededIsOneLine() {
    let text = text(SyntheticKernel.capable)
    #expect(part("Host and privileges", of: text).contains("  [??] not known: Run by root; "))
    #expect(!text.contains("id:   env.root\n"))
    let quiet = CheckReport(report(Sample.host(), SyntheticKernel.capable), nil, detail: .quiet)
    #expect(!quiet.text.contains("Run by root"))
    let verbose = CheckReport(
      report(Sample.host(), SyntheticKernel.capable), nil, detail: .verbose)
    #expect(verbose.text.contains("id:   env.root\n"))
  }

  @Test func quietTellsOnlyWhatDidNotPass() {
    let modules = ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"]
    let ready = report(Sample.host(modules), SyntheticKernel.capable)
    #expect(CheckReport(ready, nil, detail: .quiet).text.hasPrefix("READY for minimal  "))
    let unfit = CheckReport(
      report(Sample.host(modules), SyntheticKernel.withoutGCM, .bothFamilies), nil, detail: .quiet
    ).text
    #expect(unfit.hasPrefix("Protocols and algorithms\n  [!!] ESP over IPv4: AES-GCM "), "\(unfit)")
    #expect(!unfit.contains("[ok]") && !unfit.contains("[--]") && !unfit.contains("What to do"))
    #expect(unfit.contains("[no] ESP over IPv6: AES-GCM ") && !unfit.contains("AES-CBC"))
  }

  @Test func whatDecidesComesFirstInTheAdvice() {
    var report = report(Sample.host(), SyntheticKernel.capable)
    func amiss(
      _ id: CheckID, _ status: HostReadiness.Check.Status, _ severity: HostReadiness.Check.Severity
    ) {
      for index in report.checks.indices where report.checks[index].id == id {
        report.checks[index].status = status
        report.checks[index].severity = severity
        report.checks[index].remedies = [Remedy("\(id)")]
      }
    }
    for index in report.checks.indices { report.checks[index].remedies = [] }
    amiss("env.root", .unknown, .optional)
    amiss("env.memory", .fail, .recommended)
    amiss("xfrm.esp4.gcm", .unknown, .recommended)
    amiss("xfrm.esp4", .fail, .required)
    amiss("xfrm.esp6", .absent, .optional)
    #expect(
      report.remedies.map(\.text) == ["xfrm.esp4", "xfrm.esp4.gcm", "env.memory", "env.root"])
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
    let ids = CheckID.esp.map(\.rawValue).filter { !$0.hasSuffix(".cbc-sha2") }
    let checks = json.checks.filter { ids.contains($0.id) }
    #expect(checks.count == ids.count)
    for check in checks {
      let module = check.id.hasPrefix("xfrm.esp4") ? "esp4" : "esp6"
      #expect(check.remedies.map(\.text) == ["load \(module)"], "\(check.id)")
      #expect(check.remedies.first?.command == "modprobe \(module)")
    }
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
