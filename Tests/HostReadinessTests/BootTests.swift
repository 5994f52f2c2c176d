import Testing

@testable import HostReadiness

/// What is loaded at each boot, and what is not although it is listed.
@Suite struct BootTests {
  private let lists: [String: String?] = ["/etc/modules-load.d/a.conf": "esp4\naf_key\n"]

  @Test(arguments: [
    "blacklist esp4", "# Dirty Frag\nblacklist esp4", "install esp4 /bin/false",
  ])
  func whatIsBlockedIsNotLoadedFromAList(line: String) {
    var changes = lists.merging(["/proc/sys/kernel/modprobe": ""]) { $1 }
    changes["/etc/modules-load.d/b.conf"] = KernelModule.all.map(\.name).joined(separator: "\n")
    #expect(judge("mod.persist", for: .algo, changes)?.summary == "all that needs to be")
    changes["/etc/modprobe.d/b.conf"] = line
    #expect(judge("mod.persist", for: .algo, changes)?.summary == "blocked: esp4")
  }

  @Test func aBlacklistedModuleTakesMoreThanAList() throws {
    var changes = lists
    #expect(judge("mod.persist", for: .algo, changes)?.summary == "all that needs to be")
    changes["/etc/modprobe.d/b.conf"] = "blacklist esp4\n"
    let check = try #require(judge("mod.persist", for: .algo, changes))
    #expect(check.status == .absent)
    #expect(check.summary == "blocked: esp4")
    #expect(
      check.cause == "the kernel will not load esp4 by itself after the next boot; no list in "
        + "modules-load.d helps esp4: /etc/modprobe.d/b.conf:1 says “blacklist esp4”")
    #expect(check.remedies.map(\.command) == ["modprobe esp4"])
    #expect(
      check.remedies.first?.text.contains("a unit of your own run modprobe esp4 at each boot")
        == true)
    changes["/etc/modules-load.d/a.conf"] = nil
    let unlisted = try #require(judge("mod.persist", for: .algo, changes))
    #expect(unlisted.summary == "not listed: af_key")
    #expect(
      unlisted.remedies.map(\.command) == ["xfrmctl check --load --persist", "modprobe esp4"])
  }

  @Test func anotherNameThatLeadsNowhereKeepsNothingOffAList() throws {
    // The kernel asks by that name, and who reads lists by the module's own.
    let alias = ["/etc/modprobe.d/b.conf": "alias xfrm-type-2-50 off\n"]
    let check = judge("mod.persist", for: .algo, lists.merging(alias) { $1 })
    #expect(check?.summary == "all that needs to be")
    let own = ["/etc/modprobe.d/b.conf": "alias af-key off\n"]
    #expect(
      judge("mod.persist", for: .algo, lists.merging(own) { $1 })?.summary
        == "blocked: af_key")
    let root = Sample.host(alias.merging(["/proc/modules": "esp4 1 0\n"]) { $1 })
    let change = ModuleLoader.load([.esp4], options: root.options, persisting: true).persisted
    #expect(change?.modules == ["esp4"])
    #expect(change?.cause == nil)
  }

  @Test func persistingLeavesOutWhatIsBlacklisted() throws {
    let root = Sample.host([
      "/proc/modules": "xfrm_user 1 0\nesp4 1 0\n", "/etc/modprobe.d/b.conf": "blacklist esp4\n",
    ])
    let report = ModuleLoader.load(
      [.xfrmUser, .esp4], options: root.options, persisting: true)
    let change = try #require(report.persisted)
    #expect(change.outcome == .written)
    #expect(change.modules == ["xfrm_user"])
    #expect(
      change.cause == "without esp4, which a list does not load at boot: /etc/modprobe.d/b.conf:1 "
        + "says “blacklist esp4”")
    #expect(try root.tree.text("/etc/modules-load.d/xfrmctl.conf")?.contains("esp4") == false)
  }
}
