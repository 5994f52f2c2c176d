import Testing

@testable import HostReadiness

@Suite struct ModprobePolicyTests {
  private func block(
    _ text: String, of module: KernelModule = .esp4
  ) -> ModuleBlock? {
    var policy = ModprobePolicy()
    policy.add(text, file: "/etc/modprobe.d/a.conf")
    return policy.block(of: module)
  }

  @Test(arguments: ["/bin/false", "/bin/true", "/usr/bin/false", "false", ":", "exit 1"])
  func installThatLoadsNothingBlocks(command: String) {
    let block = block("# why\n\ninstall esp4 \(command)\n")
    #expect(block?.kind == .install)
    #expect(block?.location == "/etc/modprobe.d/a.conf:3")
    #expect(block?.text == "install esp4 \(command)")
  }

  @Test(arguments: [
    "install esp4 /sbin/modprobe --ignore-install esp4 && /usr/local/bin/tell",
    "install esp6 /bin/false",
    "install xesp4 /bin/false",
    "install esp4",
    "# install esp4 /bin/false",
    " #install esp4 /bin/false",
    "options esp4 install=/bin/false",
    "remove esp4 /bin/false",
    "softdep esp4 pre: false",
    "alias xfrm-type-2-50 esp4",
    "blacklist",
    "",
  ])
  func otherLinesDoNot(line: String) {
    #expect(block(line) == nil)
  }

  @Test func blacklist() {
    let block = block("blacklist  esp4\n")
    #expect(block?.kind == .blacklist)
    #expect(block?.text == "blacklist esp4")
    // Not a pattern, unlike the others.
    #expect(self.block("blacklist esp*\n") == nil)
  }

  @Test(arguments: ["esp4", "xfrm-type-2-50", "xfrm_type_2_50", "xfrm-type-2-*"])
  func aliasThatLeadsNowhere(name: String) {
    #expect(block("alias \(name) off")?.kind == .alias)
  }

  @Test func installIsStrongerThanBlacklist() {
    #expect(block("blacklist esp4\ninstall esp4 /bin/false")?.kind == .install)
  }

  @Test func theFirstPatternThatFitsCounts() {
    #expect(block("install esp* /bin/false")?.text == "install esp* /bin/false")
    #expect(block("install esp4 /sbin/load esp4\ninstall esp* /bin/false") == nil)
    #expect(block("install esp? /bin/false\ninstall esp4 /sbin/load esp4")?.kind == .install)
  }

  @Test func hyphensAreUnderscores() {
    #expect(block("install af-key /bin/false", of: .afKey)?.kind == .install)
    #expect(block("blacklist xfrm-user", of: .xfrmUser)?.kind == .blacklist)
  }

  @Test func linesGoOnBehindABackslash() {
    let block = block("blacklist nothing\ninstall \\\n  esp4 \\\n  /bin/false\nblacklist esp4")
    #expect(block?.kind == .install)
    #expect(block?.line == 2)
    #expect(block?.text == "install esp4 /bin/false")
  }

  @Test func aLastLineMayEndWithABackslash() {
    #expect(block("blacklist esp4\\")?.kind == .blacklist)
  }

  @Test func tabsSeparateToo() {
    #expect(block("install\tesp4\t/bin/false")?.kind == .install)
  }

  @Test func readsEveryDirectoryAndHidesFilesOfTheSameName() {
    let root = SyntheticRoot([
      "/etc/modprobe.d/vendor.conf": "# nothing any more\n",
      "/usr/lib/modprobe.d/vendor.conf": "install esp4 /bin/false\n",
      "/usr/lib/modprobe.d/b.conf": "install esp6 /bin/false\n",
      "/lib/modprobe.d/c.conf": "blacklist af_key\n",
      "/run/modprobe.d/readme.txt": "install xfrm_user /bin/false\n",
    ])
    let policy = ModprobePolicy(root.tree)
    #expect(policy.unreadable.isEmpty)
    #expect(policy.block(of: .esp4) == nil)
    #expect(policy.block(of: .esp6)?.location == "/usr/lib/modprobe.d/b.conf:1")
    #expect(policy.block(of: .afKey)?.location == "/lib/modprobe.d/c.conf:1")
    #expect(policy.block(of: .xfrmUser) == nil)
  }

  /// A directory in a file's place cannot be read by root either.
  @Test func whatCannotBeReadHidesNothingElse() {
    let root = SyntheticRoot([
      "/etc/modprobe.d/a.conf": "install esp4 /bin/false\n",
      "/etc/modprobe.d/b.conf/": "",
      "/etc/modprobe.d/c.conf": "blacklist esp6\n",
      // This file's namesake counts, whatever is in it.
      "/usr/lib/modprobe.d/b.conf": "blacklist af_key\n",
    ])
    let policy = ModprobePolicy(root.tree)
    #expect(policy.unreadable.map(\.path) == ["/etc/modprobe.d/b.conf"])
    #expect(policy.unreadable.map(\.errno) == ["EISDIR"])
    #expect(policy.block(of: .esp4)?.kind == .install)
    #expect(policy.block(of: .esp6)?.kind == .blacklist)
    #expect(policy.block(of: .afKey) == nil)
  }
}
