import Testing

@testable import HostReadiness

/// Files about modules, each read for what it says.
@Suite struct ModuleFileTests {
  // MARK: /proc

  @Test func loadedModulesAndWhoUsesThem() {
    let loaded = LoadedModules(
      """
      esp4 24576 0 - Live 0x0000000000000000
      xfrm_algo 16384 2 esp4,xfrm_user, Live 0x0000000000000000
      ipv6 429085 10 [permanent], Live 0x00000000cedbd000
      drbg 16947 1 - Live 0x00000000cee54000
      tiny 1

      """)
    #expect(loaded.names == ["esp4", "xfrm_algo", "ipv6", "drbg", "tiny"])
    #expect(loaded.modules.first?.name == "esp4")
    #expect(loaded["esp4"]?.reasonToStay == nil)
    #expect(loaded["tiny"]?.reasonToStay == nil)
    #expect(loaded["xfrm_algo"]?.reasonToStay == "esp4 and xfrm_user need it")
    #expect(loaded["ipv6"]?.reasonToStay == "it cannot be taken out before the next boot")
    #expect(loaded["drbg"]?.reasonToStay == "it is in use")
    // Interfaces are no users, and would go with it.
    for name in ["xfrm_interface", "ip_vti", "ip6_vti", "ip6_tunnel", "wireguard"] {
      let module = LoadedModules.Module(name: name, references: 0, users: [])
      #expect(module.reasonToStay?.contains("its interfaces") == true, "\(name)")
    }
    #expect(LoadedModules.Module(name: "tun", references: 0, users: []).reasonToStay == nil)
    #expect(loaded["esp"] == nil)
  }

  @Test func registeredAlgorithms() {
    let algorithms = RegisteredAlgorithms(
      """
      name         : ghash
      driver       : ghash-clmulni
      module       : ghash_clmulni_intel
      priority     : 400

      name         : ghash
      driver       : ghash-generic
      module       : ghash_generic

      name         : sha256
      module       : kernel

      """)
    #expect(algorithms.modules == ["ghash": "ghash_clmulni_intel", "sha256": "kernel"])
  }

  @Test func commandLine() {
    let line = KernelCommandLine(
      "BOOT_IMAGE=/vmlinuz root=\"a b\" quiet module-blacklist=a module_blacklist=esp4,af-key "
        + "modprobe.blacklist=esp6 modprobe.blacklist=gcm,ctr -- module_blacklist=ipv6\n")
    #expect(line.values("root") == ["a b"])
    #expect(line.has("quiet") && !line.has("loud"))
    #expect(line.block(of: "esp4")?.kind == .commandLine)
    #expect(line.block(of: "esp4")?.location == "/proc/cmdline")
    #expect(line.block(of: "esp4")?.text == "module_blacklist=esp4,af-key")
    #expect(line.block(of: "af_key")?.kind == .commandLine)
    // The kernel keeps the last list only, modprobe all.
    #expect(line.block(of: "a") == nil)
    #expect(line.block(of: "esp6")?.kind == .blacklist)
    #expect(line.block(of: "ctr")?.text == "modprobe.blacklist=gcm,ctr")
    #expect(line.block(of: "ipv6") == nil)
  }

  // MARK: /lib/modules

  @Test func aliasesOfAlgorithms() {
    var index = ModuleIndex(directory: "/lib/modules/1", exists: true, otherReleases: [])
    index.addAliases(
      """
      # Aliases extracted from modules themselves.
      alias crypto-ghash ghash_generic
      alias crypto-ghash ghash-clmulni-intel
      alias pci:v00008086d00001E31sv*sd*bc*sc*i* xhci_pci
      alias xfrm-type-2-50 esp4
      """)
    #expect(index.providers == ["crypto-ghash": ["ghash_generic", "ghash_clmulni_intel"]])
  }

  @Test func builtInModulesWithTheirAliases() {
    var index = ModuleIndex(directory: "/lib/modules/1", exists: true, otherReleases: [])
    index.addBuiltIn("md5.license=GPL\0md5.alias=crypto-md5\0md5.alias=md5\0printk.parm=x:y.z\0")
    #expect(index.builtIn == ["md5", "printk"])
    #expect(index.providers == ["crypto-md5": ["md5"]])
  }

  // MARK: modules-load.d

  @Test func modulesOfEachBoot() {
    let root = SyntheticRoot([
      "/etc/modules-load.d/a.conf": "# remark\n; remark\n esp4\naf-key\n",
      "/usr/lib/modules-load.d/a.conf": "esp6\n",
      "/usr/lib/modules-load.d/b.conf": "net-pf-10\nesp4\n",
      "/usr/lib/modules-load.d/readme": "gcm\n",
      "/etc/modules": "# Debian's\nloop max_loop=8\n",
    ])
    var failures: [FileError] = []
    let boot = BootModules(
      root.tree, KernelCommandLine("modules_load=xfrm_user,ctr"), failures: &failures)
    #expect(failures.isEmpty)
    #expect(boot.file(listing: .esp4) == "/etc/modules-load.d/a.conf")
    #expect(boot.file(listing: .afKey) == "/etc/modules-load.d/a.conf")
    // Its alias will do.
    #expect(boot.file(listing: .ipv6) == "/usr/lib/modules-load.d/b.conf")
    #expect(boot.file(listing: .esp6) == nil)
    #expect(boot.file(listing: KernelModule(algorithm: "gcm")) == nil)
    #expect(boot.file(listing: .xfrmUser) == "/proc/cmdline")
    #expect(boot.files["loop"] == "/etc/modules")
    #expect(boot.files["max_loop=8"] == nil)
  }

  // MARK: Signatures and the tool

  private func signing(_ files: [String: String], _ line: String = "") -> ModuleSigning {
    var failures: [FileError] = []
    let signing = ModuleSigning(
      SyntheticRoot(files).tree, KernelCommandLine(line),
      files["/config"].map { KernelConfiguration($0, source: "config") }, failures: &failures)
    #expect(failures.isEmpty)
    return signing
  }

  @Test func signatures() {
    let parameter = "/sys/module/module/parameters/sig_enforce"
    let lockdown = "/sys/kernel/security/lockdown"
    #expect(signing([:]).isEnforced == nil)
    #expect(signing(["/sys/module/": ""]).isEnforced == false)
    #expect(signing([parameter: "N\n"]).isEnforced == false)
    #expect(signing([parameter: "Y\n"]).isEnforced == true)
    #expect(signing([lockdown: "[none] integrity confidentiality\n"]).isEnforced == false)
    #expect(signing([lockdown: "none [integrity] confidentiality\n"]).isEnforced == true)
    #expect(signing(["/config": "CONFIG_MODULE_SIG_FORCE=y\n"]).isEnforced == true)
    #expect(signing(["/config": "CONFIG_MODULE_SIG=y\n", parameter: "N"]).isEnforced == false)
    #expect(signing([parameter: "N"], "quiet module.sig_enforce").isEnforced == true)
  }

  @Test func whatModprobeIs() {
    let root = SyntheticRoot(["/usr/bin/kmod": ""])
    #expect(ModuleTool(root.tree) == nil)
    root.link("/usr/sbin/modprobe", to: "../bin/kmod")
    #expect(ModuleTool(root.tree)?.path == "/usr/sbin/modprobe")
    #expect(ModuleTool(root.tree)?.implementation == "kmod")
    let plain = SyntheticRoot(["/sbin/modprobe": ""])
    #expect(ModuleTool(plain.tree)?.path == "/sbin/modprobe")
    #expect(ModuleTool(plain.tree)?.implementation == nil)
  }

  // MARK: Mitigations

  @Test(arguments: [
    ("/etc/modprobe.d/dirtyfrag.conf", "install esp4 /bin/false"),
    ("/etc/modprobe.d/pop-default-settings-dirty-frag.conf", "install esp4 /bin/false"),
    ("/etc/modprobe.d/a.conf", "# CVE-2026-43284\ninstall esp4 /bin/false"),
    ("/etc/modprobe.d/a.conf", "# Fragnesia\nblacklist esp4"),
    (
      "/etc/modprobe.d/a.conf",
      "install esp4 /bin/false\ninstall esp6 /bin/false\ninstall rxrpc /bin/false"
    ),
  ])
  func whatVendorsShippedAgainstDirtyFrag(file: String, text: String) {
    var policy = ModprobePolicy()
    policy.add(text, file: file)
    #expect(policy.block(of: .esp4)?.isMitigation == true)
  }

  @Test(arguments: [
    "install esp4 /bin/false", "# CVE-2020-1\ninstall esp4 /bin/false",
    "install esp4 /bin/false\ninstall esp6 /bin/false",
    "install esp4 /bin/false\ninstall esp6 /bin/false\ninstall rxrpc /sbin/load rxrpc",
  ])
  func otherBlocksAreNotTakenForIt(text: String) {
    var policy = ModprobePolicy()
    policy.add(text, file: "/etc/modprobe.d/a.conf")
    #expect(policy.block(of: .esp4)?.isMitigation == false)
  }

  @Test func aMitigationInAnotherFileIsAnotherMatter() {
    var policy = ModprobePolicy()
    policy.add("# Dirty Frag\ninstall esp6 /bin/false", file: "/etc/modprobe.d/a.conf")
    policy.add("install esp4 /bin/false", file: "/etc/modprobe.d/b.conf")
    #expect(policy.block(of: .esp6)?.isMitigation == true)
    #expect(policy.block(of: .esp4)?.isMitigation == false)
  }
}
