import Testing

@testable import HostReadiness

@Suite struct ModuleInventoryTests {
  private func condition(
    of module: KernelModule, _ changes: [String: String?] = [:]
  ) -> ModuleCondition {
    var failures: [FileError] = []
    let inventory = ModuleInventory(
      Sample.host(changes).tree, release: Sample.release, failures: &failures)
    #expect(failures.isEmpty)
    return inventory.condition(of: module)
  }

  @Test func loadable() {
    let condition = condition(of: .esp4)
    #expect(condition.state == .loadable(path: "\(Sample.modules)/kernel/net/ipv4/esp4.ko"))
    #expect(condition.configuration == "CONFIG_INET_ESP=m")
    #expect(condition.block == nil)
  }

  @Test func loadedByTheList() {
    #expect(condition(of: .esp4, ["/proc/modules": "esp4 1 0 - Live 0x0\n"]).state == .loaded)
    #expect(condition(of: .esp4, ["/proc/modules": "esp4_offload 1 0\n"]).state.isPresent == false)
  }

  @Test func loadedBySys() {
    #expect(condition(of: .esp4, ["/sys/module/esp4/initstate": "live\n"]).state == .loaded)
  }

  @Test func builtInBySys() {
    #expect(condition(of: .esp4, ["/sys/module/esp4/parameters/": ""]).state == .builtIn)
  }

  @Test func builtInByTheIndex() {
    #expect(condition(of: .ipv6).state == .builtIn)
  }

  @Test func builtInByTheConfiguration() {
    #expect(
      condition(
        of: .esp4,
        ["/boot/config-\(Sample.release)": "CONFIG_INET_ESP=y\n", "/lib/modules/": nil]
      ).state == .builtIn)
  }

  @Test func blocked() {
    let path = "\(Sample.modules)/kernel/net/ipv4/esp4.ko"
    let condition = condition(of: .esp4, ["/etc/modprobe.d/x.conf": "install esp4 /bin/false\n"])
    #expect(condition.state == .blocked(path: path))
    #expect(condition.block?.kind == .install)
    #expect(
      condition.evidence.contains(Evidence("/etc/modprobe.d/x.conf:1", "install esp4 /bin/false")))
  }

  @Test func aBlockDoesNotUnload() {
    let condition = condition(
      of: .esp4,
      ["/etc/modprobe.d/x.conf": "blacklist esp4\n", "/proc/modules": "esp4 1 0\n"])
    #expect(condition.state == .loaded)
    #expect(condition.block?.kind == .blacklist)
  }

  @Test func missingFromTheIndex() {
    #expect(condition(of: .esp4, ["\(Sample.modules)/modules.dep": "a.ko:\n"]).state == .missing)
  }

  @Test func missingAlthoughTheIndexListsIt() {
    let condition = condition(of: .esp4, ["\(Sample.modules)/kernel/net/ipv4/esp4.ko": nil])
    #expect(condition.state == .missing)
    #expect(condition.evidence.first?.answer.contains("does not exist") == true)
  }

  @Test func missingWithTheWholeDirectory() {
    #expect(condition(of: .esp4, ["/lib/modules/": nil]).state == .missing)
  }

  @Test func missingInAKernelThatLoadsNothing() {
    let condition = condition(of: .afKey, ["/proc/modules": nil])
    #expect(condition.state == .missing)
  }

  @Test func unknownWithoutDirectoryAndConfiguration() {
    let changes: [String: String?] = ["/lib/modules/": nil, "/boot/": nil]
    #expect(condition(of: .esp4, changes).state == .unknown)
    #expect(
      condition(of: .esp4, changes.merging(["/proc/modules": nil]) { $1 }).state == .unknown)
  }

  @Test func unknownWithoutAnIndex() {
    #expect(condition(of: .esp4, ["\(Sample.modules)/modules.dep": nil]).state == .unknown)
  }

  @Test func anImageWithoutProcIsNotAKernelWithoutModules() {
    #expect(condition(of: .esp4, ["/proc/": nil]).state.name == "loadable")
  }

  @Test func whatCannotBeReadIsReported() {
    let root = Sample.host(["/proc/modules": nil])
    root.write("/proc/modules/", "")
    var failures: [FileError] = []
    _ = ModuleInventory(root.tree, release: Sample.release, failures: &failures)
    #expect(failures.map(\.path) == ["/proc/modules"])
  }

  @Test func refreshingSeesWhatWasLoaded() throws {
    let root = Sample.host()
    var failures: [FileError] = []
    var inventory = ModuleInventory(root.tree, release: Sample.release, failures: &failures)
    root.write("/proc/modules", "esp4 1 0\n")
    root.write("/sys/module/esp6/initstate", "live\n")
    #expect(inventory.condition(of: .esp4).state.isPresent == false)
    try inventory.refresh(root.tree)
    #expect(inventory.condition(of: .esp4).state == .loaded)
    #expect(inventory.condition(of: .esp6).state == .loaded)
  }

  /// What algorithms need, by the names and options that kernels have for it.
  @Test func modulesOfAlgorithms() {
    let known = KernelModule.everyAlgorithm.map { "\($0.name) \($0.option)" }.sorted()
    #expect(
      known == [
        "aes_generic CRYPTO_AES", "authenc CRYPTO_AUTHENC", "authencesn CRYPTO_AUTHENC",
        "blowfish_generic CRYPTO_BLOWFISH", "camellia_generic CRYPTO_CAMELLIA",
        "cast5_generic CRYPTO_CAST5", "cbc CRYPTO_CBC", "ccm CRYPTO_CCM",
        "chacha20poly1305 CRYPTO_CHACHA20POLY1305", "chacha_generic CRYPTO_CHACHA20",
        "cmac CRYPTO_CMAC", "crypto_null CRYPTO_NULL", "ctr CRYPTO_CTR",
        "deflate CRYPTO_DEFLATE", "des_generic CRYPTO_DES", "drbg CRYPTO_DRBG",
        "echainiv CRYPTO_ECHAINIV", "gcm CRYPTO_GCM", "ghash_generic CRYPTO_GHASH",
        "hmac CRYPTO_HMAC", "md5 CRYPTO_MD5", "poly1305_generic CRYPTO_POLY1305",
        "rmd160 CRYPTO_RMD160", "seqiv CRYPTO_SEQIV", "serpent_generic CRYPTO_SERPENT",
        "sha1_generic CRYPTO_SHA1", "sha256_generic CRYPTO_SHA256",
        "sha512_generic CRYPTO_SHA512", "sm3_generic CRYPTO_SM3_GENERIC",
        "sm4_generic CRYPTO_SM4_GENERIC", "twofish_generic CRYPTO_TWOFISH", "xcbc CRYPTO_XCBC",
      ])
    #expect(KernelModule(algorithm: "sha256_generic").algorithm == "sha256")
    #expect(KernelModule(algorithm: "gcm").algorithm == "gcm")
  }
}
