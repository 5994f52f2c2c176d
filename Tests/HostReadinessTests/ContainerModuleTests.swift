import Testing

@testable import HostReadiness

/// Containers that may not try anything out, on machines that have not loaded ESP yet. What the kernel
/// would load is on the machine, and not in the container.
@Suite struct ContainerModuleTests {
  private let container: [String: String?] = ["/.dockerenv": ""]

  private func report(
    _ changes: [String: String?], _ kernel: ProbeResults = SyntheticKernel.aloof
  ) -> ReadinessReport {
    HostReadinessTests.report(Sample.host(changes), kernel)
  }

  @Test(
    arguments: [
      // The image has no modules, or it has no modprobe, or neither.
      ["/lib/modules/": nil], ["/sbin/modprobe": nil],
      ["/lib/modules/": nil, "/sbin/modprobe": nil],
      // A line of the image's own is not heeded by the machine's modprobe.
      ["/etc/modprobe.d/a.conf": "blacklist esp4\n"],
    ] as [[String: String?]])
  func whatItDoesNotShowIsNotKnown(changes: [String: String?]) {
    let files = container.merging(changes) { $1 }
    #expect(report(files).verdict == .unknown)
    #expect(report(files)["mod.esp4"]?.severity == .recommended)
    // Without a container it is the host that lacks it.
    #expect(report(changes).verdict == .notReady)
    // The kernel's own answer decides.
    #expect(report(files, SyntheticKernel.withoutESP()).verdict == .notReady)
  }

  @Test func theKernelStartsTheMachinesModprobe() {
    let report = report(container.merging(["/sbin/modprobe": nil]) { $1 })
    #expect(report["mod.autoload"]?.outcome == .passed)
    #expect(report["mod.tool"]?.outcome == .absent)
    #expect(report["mod.esp4"]?.summary == "on disk, not loaded")
    #expect(report["mod.esp4"]?.outcome == .unknown)
  }

  @Test func itSaysWhereTheFileMayBe() {
    let check = report(container.merging(["/lib/modules/": nil]) { $1 })["mod.esp4"]
    #expect(check?.summary == "the files do not tell")
    #expect(check?.cause?.contains("with CONFIG_INET_ESP=m the machine") == true)
    #expect(check?.remedies.first?.text.contains("on the host of this docker container") == true)
  }

  @Test func whatIsOnTheMachineIsNotTried() throws {
    let root = Sample.host(container.merging(["/lib/modules/": nil]) { $1 })
    let attempt = try #require(ModuleLoader.load([.esp4], options: root.options).attempts.first)
    #expect(attempt.outcome == .missing)
    #expect(attempt.remedies.first?.text.contains("on the host of this docker container") == true)
  }

  @Test(
    arguments: [
      ["/boot/config-\(Sample.release)": "CONFIG_XFRM_USER=m\n# CONFIG_INET_ESP is not set\n"],
      // Nobody can load anything, so what is not loaded will not be.
      ["/proc/sys/kernel/modules_disabled": "1"], ["/proc/sys/kernel/modprobe": ""],
      ["/proc/sys/kernel/modprobe": "/bin/true"], ["/proc/modules": nil],
    ] as [[String: String?]])
  func whatTheKernelLacksItLacks(changes: [String: String?]) {
    let files = container.merging(["/lib/modules/": nil]) { $1 }.merging(changes) { $1 }
    #expect(report(files).verdict == .notReady)
  }
}
