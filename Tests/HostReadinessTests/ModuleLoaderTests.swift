import Testing

@testable import HostReadiness

/// On synthetic roots nothing is ever loaded; what loading does is tested with a kernel for it.
@Suite struct ModuleLoaderTests {
  private func attempt(
    _ module: KernelModule, _ changes: [String: String?] = [:]
  ) throws -> LoadAttempt {
    let report = ModuleLoader.load([module], options: Sample.host(changes).options)
    #expect(report.attempts.count == 1)
    return try #require(report.attempts.first)
  }

  @Test func loadsInAnOrderThatWorks() {
    let names = KernelModule.all.map(\.name)
    #expect(names.starts(with: ["ipv6", "xfrm_user", "xfrm_algo", "esp4", "esp6"]))
    #expect(Set(names).count == names.count)
  }

  /// What only explains or helps is not loaded for a host that does without.
  @Test(arguments: [
    (Use.minimal, false, false), (.strongswan, false, true), (.algo, true, true),
  ])
  func loadsWhatTheProfileWants(use: Use, hasPFKey: Bool, hasPolicyMatch: Bool) {
    var options = Sample.host().options
    options.profile = Profile(use)
    let names = ModuleLoader.load(options: options).attempts.map(\.module.name)
    // A minimal host that has no IPv6 is not given any.
    #expect(
      names.starts(
        with: use == .minimal
          ? ["xfrm_user", "xfrm_algo", "esp4", "aes_generic"]
          : ["ipv6", "xfrm_user", "xfrm_algo", "esp4", "esp6"]))
    #expect(names.contains("seqiv"))
    #expect(names.contains("af_key") == hasPFKey)
    #expect(names.contains("xt_policy") == hasPolicyMatch)
    #expect(names.contains("cbc") == (use == .libreswan || use == .strongswan || use == .gateway))
    #expect(!names.contains("ah4"))
  }

  @Test func algorithmsAreLoadedByWhatTheKernelCallsThem() {
    #expect(KernelModule(algorithm: "ghash_generic").request == "crypto-ghash")
    #expect(KernelModule(algorithm: "gcm").request == "crypto-gcm")
    // Not by what it is wanted as, which another random number generator would be loaded for, too.
    #expect(KernelModule(algorithm: "drbg").request == "drbg")
    #expect(KernelModule.esp4.request == "esp4")
  }

  @Test func whatIsThereIsLeftAlone() throws {
    let attempt = try attempt(.esp4, ["/proc/modules": "esp4 1 0\n"])
    #expect(attempt.outcome == .alreadyThere)
    #expect(attempt.command == nil)
    #expect(try self.attempt(.ipv6).outcome == .alreadyThere)
  }

  @Test(arguments: ["install esp4 /bin/true", "blacklist esp4"])
  func aBlockIsHeeded(line: String) throws {
    let attempt = try attempt(.esp4, ["/etc/modprobe.d/a.conf": line])
    #expect(attempt.outcome == .blocked)
    #expect(attempt.command == nil)
    #expect(attempt.cause?.contains("/etc/modprobe.d/a.conf:1 says “\(line)”") == true)
  }

  @Test func whatIsMissingIsNotTried() throws {
    let attempt = try attempt(.esp4, ["\(Sample.modules)/kernel/net/ipv4/esp4.ko": nil])
    #expect(attempt.outcome == .missing)
    #expect(attempt.command == nil)
    #expect(attempt.remedies.first?.command?.hasPrefix("apt install") == true)
  }

  @Test func esp6StaysOutWhereIPv6IsTurnedOff() throws {
    let attempt = try attempt(
      .esp6, ["/proc/net/if_inet6": nil, "/sys/module/ipv6/parameters/disable": "1"])
    #expect(attempt.outcome == .blocked)
    #expect(attempt.cause == "IPv6 is turned off: ipv6.disable=1")
  }

  @Test func anImageIsNotLoadedInto() throws {
    let attempt = try attempt(.esp4)
    #expect(attempt.outcome == .failed)
    #expect(attempt.command == nil)
  }

  // MARK: After modprobe

  private func judged(
    status: Int32, _ said: [String], _ changes: [String: String?] = [:]
  ) -> LoadAttempt {
    var attempt = LoadAttempt(
      module: .esp4, outcome: .alreadyThere, command: "modprobe -b -v esp4", exitStatus: status,
      said: said)
    attempt.judge(Findings(Sample.host(changes).options))
    return attempt
  }

  @Test func successIsSeenInTheKernel() {
    #expect(judged(status: 0, [], ["/proc/modules": "esp4 1 0\n"]).outcome == .loaded)
    let pretended = judged(status: 0, ["install /bin/true"])
    #expect(pretended.outcome == .failed)
    #expect(pretended.cause == "modprobe reports success, but esp4 is not in the kernel")
  }

  private let notPermitted = "modprobe: ERROR: could not insert 'esp4': Operation not permitted"

  @Test func modprobesOwnWords() {
    let words = "modprobe: ERROR: could not insert 'esp4': Key was rejected by service"
    #expect(
      judged(status: 1, ["insmod esp4.ko", words]).cause
        == "\(words): this kernel takes only modules signed by a key it trusts")
    #expect(judged(status: 1, []).cause == "modprobe ended with status 1")
    #expect(judged(status: 1, [notPermitted]).cause == notPermitted)
  }

  /// What the kernel or somebody else has loaded at the same time is not this tool's to take out.
  @Test(arguments: [
    (["insmod /lib/modules/6.1.0/kernel/net/ipv4/esp4.ko "], ["esp4"]),
    (
      [
        "insmod /lib/modules/6.1.0/kernel/net/xfrm/xfrm_algo.ko.zst ",
        "insmod /lib/modules/6.1.0/kernel/net/ipv4/esp4.ko.xz debug=1",
      ], ["xfrm_algo", "esp4"]
    ),
    (["insmod /lib/modules/6.1.0/kernel/crypto/sha256-generic.ko.gz"], ["sha256_generic"]),
    // What it says and the kernel does not show it has not done.
    (["insmod /lib/modules/6.1.0/kernel/net/key/af_key.ko", "ERROR: no room"], []),
    ([], ["xfrm_algo", "wireguard", "esp4", "sha256_generic"]),
  ])
  func tellsItsOwnModulesFromOthers(said: [String], names: [String]) {
    let attempt = LoadAttempt(module: .esp4, outcome: .loaded, said: said)
    #expect(
      attempt.broughtIn(of: ["xfrm_algo", "wireguard", "esp4", "sha256_generic"]) == names)
  }

  @Test func tellsApartWhyItIsNotPermitted() {
    let unprivileged = judged(
      status: 1, [notPermitted], ["/proc/self/status": "CapEff:\t0000000000001000\n"])
    #expect(unprivileged.cause?.contains("CAP_SYS_MODULE") == true)
    let locked = judged(status: 1, [notPermitted], ["/proc/sys/kernel/modules_disabled": "1"])
    #expect(locked.cause?.contains("kernel.modules_disabled is 1") == true)
    let mapped = judged(status: 1, [notPermitted], ["/proc/self/uid_map": "0 1000 1"])
    #expect(mapped.cause?.contains("first user namespace") == true)
  }
}
