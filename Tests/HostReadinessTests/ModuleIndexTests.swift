import Testing

@testable import HostReadiness

@Suite struct ModuleIndexTests {
  @Test(arguments: [
    ("kernel/net/ipv4/esp4.ko", "esp4"),
    ("kernel/net/ipv4/esp4.ko.gz", "esp4"),
    ("kernel/net/ipv4/esp4.ko.xz", "esp4"),
    ("kernel/net/ipv4/esp4.ko.zst", "esp4"),
    ("esp4.ko", "esp4"),
    ("kernel/crypto/sha256-generic.ko", "sha256_generic"),
    ("kernel/arch/x86/crypto/ghash-clmulni-intel.ko.xz", "ghash_clmulni_intel"),
  ])
  func namesAFilesModule(file: String, name: String) {
    #expect(moduleName(ofFile: file) == name)
  }

  @Test(arguments: [
    "kernel/net/ipv4/esp4.o", "kernel/net/ipv4/esp4.ko.bz2", "esp4", "", "modules.dep",
  ])
  func otherFilesHoldNoModule(file: String) {
    #expect(moduleName(ofFile: file) == nil)
  }

  @Test func readsDependencies() {
    let files = ModuleIndex.files(
      inDependencies: """
        kernel/net/ipv4/esp4.ko.zst: kernel/net/xfrm/xfrm_algo.ko.zst
        kernel/net/xfrm/xfrm-user.ko.xz:
        /opt/extra/af_key.ko: kernel/net/xfrm/xfrm_algo.ko
        not a line of this file
        """, directory: "/lib/modules/1")
    #expect(
      files == [
        "esp4": "/lib/modules/1/kernel/net/ipv4/esp4.ko.zst",
        "xfrm_user": "/lib/modules/1/kernel/net/xfrm/xfrm-user.ko.xz",
        "af_key": "/opt/extra/af_key.ko",
      ])
  }

  @Test func readsWhatIsBuiltIn() {
    #expect(
      ModuleIndex.builtIn("kernel/net/ipv6/ipv6.ko\nkernel/crypto/sha256-generic.ko\n")
        == ["ipv6", "sha256_generic"])
  }

  @Test func findsModulesBelowUsr() throws {
    let root = SyntheticRoot(["/usr/lib/modules/1/modules.dep": "a.ko:\n"])
    let index = try ModuleIndex(root.tree, release: "1")
    #expect(index.exists)
    #expect(index.files == ["a": "/usr/lib/modules/1/a.ko"])
  }

  @Test func tellsOtherReleases() throws {
    let root = SyntheticRoot(["/lib/modules/2/": "", "/lib/modules/3/": ""])
    let index = try ModuleIndex(root.tree, release: "1")
    #expect(index.exists == false)
    #expect(index.files == nil)
    #expect(index.directory == "/lib/modules/1")
    #expect(index.otherReleases == ["2", "3"])
  }
}
