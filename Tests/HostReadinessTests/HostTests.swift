import Testing

@testable import HostReadiness

@Suite struct HostTests {
  @Test func readsTheDistribution() {
    let distribution = Distribution(
      """
      # comment
      PRETTY_NAME="Ubuntu 22.04.4 LTS"
      VERSION_ID='22.04'
      ID=ubuntu
      ID_LIKE="debian other"
      QUOTED="a \\"b\\" \\$c"
      BROKEN
      """)
    #expect(distribution.id == "ubuntu")
    #expect(distribution.version == "22.04")
    #expect(distribution.name == "Ubuntu 22.04.4 LTS")
    #expect(distribution.relatives == ["debian", "other"])
    #expect("\(distribution)" == "ubuntu 22.04")
  }

  @Test func unescapesValues() {
    #expect(Distribution("PRETTY_NAME=\"a \\\"b\\\" \\\\\"").name == "a \"b\" \\")
  }

  @Test func aRollingDistributionHasNoVersion() {
    let distribution = Distribution("ID=arch\n")
    #expect(distribution.version == nil)
    #expect("\(distribution)" == "arch")
  }

  @Test func readsTheHost() throws {
    let host = try HostFacts(Sample.host().tree, release: nil)
    #expect(host.hostname == "gateway")
    #expect(host.kernelRelease == Sample.release)
    #expect(host.distribution?.id == "debian")
    let report = check(options: Sample.host(["/.dockerenv": ""]).options)
    #expect(report.host.container == "docker")
    #expect(host.architecture == SystemIdentity.current.architecture)
  }

  @Test func anotherReleaseCanBeAskedFor() throws {
    #expect(try HostFacts(Sample.host().tree, release: "6.12.1").kernelRelease == "6.12.1")
  }

  @Test func noFilesNoClaims() throws {
    let host = try HostFacts(SyntheticRoot().tree, release: nil)
    #expect(host.distribution == nil)
    #expect(host.container == nil)
    #expect(host.kernelRelease == "unknown")
  }

  @Test func readsCapabilities() throws {
    let root = SyntheticRoot([
      "/proc/self/status": "Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t0000000000001000\n",
      "/proc/self/uid_map": "         0       1000          1\n",
    ])
    let privilege = try #require(try Privilege(root.tree))
    #expect(privilege.holds(.netAdmin))
    #expect(privilege.holds(.sysAdmin) == false)
    #expect(privilege.holds(.sysModule) == false)
    #expect(privilege.isInitialUserNamespace == false)
  }

  @Test func readsCapabilitiesOfThisProcess() throws {
    let privilege = try #require(try Privilege(FileTree(root: "/")))
    let root = try #require(try Privilege(Sample.host().tree))
    #expect(root.isInitialUserNamespace)
    #expect(privilege.effective <= root.effective)
  }

  @Test(arguments: [
    (["/proc/net/if_inet6": ""], IPv6Support.active),
    (["/sys/module/ipv6/parameters/disable": "1"], .disabled("ipv6.disable=1")),
    ([:], .disabled("there is no /proc/net/if_inet6")),
  ])
  func ipv6BuiltIn(files: [String: String], support: IPv6Support) throws {
    let condition = ModuleCondition(module: .ipv6, state: .builtIn, evidence: [])
    #expect(try IPv6Support(SyntheticRoot(files).tree, condition) == support)
  }

  @Test(arguments: [
    (ModuleState.loadable(path: "/x"), IPv6Support.notLoaded, false),
    (.missing, .absent, true),
    (.unknown, .unknown, false),
    (.blocked(path: "/x"), .disabled("“blacklist ipv6” in /etc/modprobe.d/x.conf:4"), true),
  ])
  func ipv6AsModule(state: ModuleState, support: IPv6Support, isGone: Bool) throws {
    var condition = ModuleCondition(module: .ipv6, state: state, evidence: [])
    condition.block = ModuleBlock(
      kind: .blacklist, file: "/etc/modprobe.d/x.conf", line: 4, text: "blacklist ipv6")
    let found = try IPv6Support(SyntheticRoot().tree, condition)
    #expect(found == support)
    #expect(found.isGone == isGone)
  }
}
