import TestSupport
import Testing

@testable import HostReadiness

@Suite struct KernelConfigurationTests {
  let configuration = KernelConfiguration(
    """
    #
    # Automatically generated file; DO NOT EDIT.
    #
    CONFIG_XFRM_USER=y
    CONFIG_INET_ESP=m
    # CONFIG_NET_KEY is not set
    CONFIG_LOG_BUF_SHIFT=17
    CONFIG_DEFAULT_HOSTNAME="y"
    """, source: "/boot/config-1")

  @Test func readsValues() {
    #expect(configuration["XFRM_USER"] == .builtIn)
    #expect(configuration["INET_ESP"] == .module)
    #expect(configuration["NET_KEY"] == .notSet)
    #expect(configuration["INET6_ESP"] == .notSet)
    #expect(configuration["DEFAULT_HOSTNAME"] == .notSet)
    // A name's beginning is not the name.
    #expect(configuration["INET"] == .notSet)
  }

  @Test func saysWhatALineSays() {
    #expect(configuration.line("XFRM_USER") == "CONFIG_XFRM_USER=y")
    #expect(configuration.line("INET_ESP") == "CONFIG_INET_ESP=m")
    #expect(configuration.line("NET_KEY") == "CONFIG_NET_KEY is not set")
  }

  @Test(arguments: [
    "/boot/config-1", "/lib/modules/1/config", "/usr/lib/modules/1/config",
    "/usr/lib/kernel/config-1",
  ])
  func isFoundWhereKernelsLeaveIt(file: String) throws {
    var failures: [FileError] = []
    let root = SyntheticRoot([file: "CONFIG_INET_ESP=y\n", "/boot/config-2": "CONFIG_INET_ESP=m\n"])
    let found = KernelConfiguration(root.tree, release: "1", failures: &failures)
    #expect(found?.source == file)
    #expect(found?["INET_ESP"] == .builtIn)
    #expect(failures.isEmpty)
  }

  /// What is found, and what could not be read.
  private func find(in root: SyntheticRoot) async throws -> (KernelConfiguration?, [FileError]) {
    try await onOrdinaryThread {
      var failures: [FileError] = []
      let found = KernelConfiguration(root.tree, release: "1", failures: &failures)
      return (found, failures)
    }
  }

  @Test func whatTheKernelShowsComesFirst() async throws {
    let root = SyntheticRoot(["/proc/": "", "/boot/config-1": "CONFIG_INET_ESP=m\n"])
    root.write("/proc/config", "CONFIG_INET_ESP=y\n")
    let compressed = try await onOrdinaryThread {
      try Command("gzip", "\(root.path)/proc/config").run()
    }
    #expect(compressed.status == 0)
    let (found, failures) = try await find(in: root)
    #expect(failures.isEmpty)
    #expect(found?.source == "/proc/config.gz")
    #expect(found?["INET_ESP"] == .builtIn)
  }

  @Test func aDamagedFileIsReportedAndTheNextOneTaken() async throws {
    let root = SyntheticRoot(["/proc/config.gz": "not gzip", "/boot/config-1": "CONFIG_A=m\n"])
    let (found, failures) = try await find(in: root)
    #expect(found?.source == "/boot/config-1")
    #expect(failures.map(\.path) == ["/proc/config.gz"])
    #expect(failures.first?.description.contains("not in gzip format") == true)
  }

  @Test func isNilWithoutAFile() {
    var failures: [FileError] = []
    #expect(KernelConfiguration(SyntheticRoot().tree, release: "1", failures: &failures) == nil)
    #expect(failures.isEmpty)
  }
}
