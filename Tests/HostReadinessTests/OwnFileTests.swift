import Glibc
import Testing

@testable import HostReadiness

/// What this tool writes: where, with which rights, and through no links.
@Suite struct OwnFileTests {
  private let boot = ["/proc/sys/kernel/random/boot_id": "1234\n", "/etc/": "", "/run/": ""]

  private func mode(_ root: SyntheticRoot, _ path: String) -> mode_t {
    var status = stat()
    guard unsafe stat(root.path + path, &status) == 0 else { return 0 }
    return status.st_mode & 0o7777
  }

  // MARK: The record

  @Test func remembersWhatWasLoadedInOrder() throws {
    let root = SyntheticRoot(boot)
    let record = LoadRecord(root.tree)
    #expect(try record.modules() == [])
    try record.add(["xfrm_algo", "esp4"])
    try record.add(["gcm"])
    #expect(try record.modules() == ["xfrm_algo", "esp4", "gcm"])
    // Taken out by somebody and loaded again.
    try record.add(["xfrm_algo"])
    #expect(try record.modules() == ["esp4", "gcm", "xfrm_algo"])
    #expect(mode(root, LoadRecord.directory) == 0o700)
    #expect(mode(root, "/run/xfrmctl/loaded-modules") == 0o600)
    try record.write([])
    #expect(!root.tree.exists("/run/xfrmctl/loaded-modules"))
  }

  @Test func anotherBootIsForgotten() throws {
    let root = SyntheticRoot(boot)
    try LoadRecord(root.tree).add(["esp4"])
    root.write("/proc/sys/kernel/random/boot_id", "5678\n")
    #expect(try LoadRecord(root.tree).modules() == [])
    try LoadRecord(root.tree).add(["gcm"])
    #expect(try LoadRecord(root.tree).modules() == ["gcm"])
  }

  @Test func linksAreRefused() throws {
    let root = SyntheticRoot(boot)
    root.write("/tmp/elsewhere/", "")
    root.link("/run/xfrmctl", to: root.path + "/tmp/elsewhere")
    #expect(throws: FileChangeError.self) { try LoadRecord(root.tree).add(["esp4"]) }
    #expect(try root.tree.names(in: "/tmp/elsewhere") == [])
  }

  @Test func aDirectoryOfOthersIsRefused() throws {
    let root = SyntheticRoot(boot)
    root.write("/run/xfrmctl/", "")
    #expect(throws: FileChangeError.self) { try LoadRecord(root.tree).add(["esp4"]) }
    unsafe chmod(root.path + "/run/xfrmctl", 0o700)
    try LoadRecord(root.tree).add(["esp4"])
    #expect(try LoadRecord(root.tree).modules() == ["esp4"])
  }

  // MARK: The list of each boot

  private let list = "/etc/modules-load.d/xfrmctl.conf"

  @Test func theListIsWrittenOnceAndRemoved() throws {
    let root = SyntheticRoot(boot)
    #expect(BootList(root.tree).write(["ipv6", "esp4"]).outcome == .written)
    let text = try #require(try root.tree.text(list))
    #expect(text.hasPrefix("# Written by xfrmctl check --load --persist:"))
    #expect(text.hasSuffix("\nipv6\nesp4\n"))
    #expect(mode(root, list) == 0o644)
    #expect(try root.tree.names(in: "/etc/modules-load.d") == ["xfrmctl.conf"])
    #expect(BootList(root.tree).write(["ipv6", "esp4"]).outcome == .unchanged)
    #expect(BootList(root.tree).write(["esp4"]).outcome == .written)
    #expect(try root.tree.text(list)?.hasSuffix(".\nesp4\n") == true)
    #expect(BootList(root.tree).remove().outcome == .removed)
    #expect(!root.tree.exists(list))
    #expect(BootList(root.tree).remove().outcome == .unchanged)
  }

  @Test func nothingIsWrittenWhereNothingIsNeeded() {
    let root = SyntheticRoot(boot)
    #expect(BootList(root.tree).write([]).outcome == .unchanged)
    #expect(!root.tree.exists(list))
  }

  @Test func somebodyElsesFileIsLeft() throws {
    let root = SyntheticRoot(boot.merging([list: "esp4\n"]) { $1 })
    #expect(BootList(root.tree).write(["gcm"]).outcome == .refused)
    #expect(BootList(root.tree).remove().outcome == .refused)
    #expect(BootList(root.tree).remove().cause == "somebody else has written it")
    #expect(try root.tree.text(list) == "esp4\n")
  }

  @Test func aLinkInItsPlaceIsLeft() throws {
    let root = SyntheticRoot(boot)
    root.write("/etc/shadow", "secret\n")
    root.link(list, to: root.path + "/etc/shadow")
    let change = BootList(root.tree).write(["gcm"])
    #expect(change.outcome == .refused)
    #expect(change.cause == "it is a symbolic link or no directory")
    #expect(BootList(root.tree).remove().outcome == .refused)
    #expect(try root.tree.text("/etc/shadow") == "secret\n")
  }
}
