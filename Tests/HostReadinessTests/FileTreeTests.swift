import Glibc
import Testing
import XFRMKit

@testable import HostReadiness

@Suite struct FileTreeTests {
  @Test func readsAFile() throws {
    let root = SyntheticRoot(["/etc/a": "one\ntwo\n"])
    #expect(try root.tree.text("/etc/a") == "one\ntwo\n")
    #expect(try root.tree.line("/etc/a") == "one")
  }

  @Test func readsMoreThanOneBufferful() throws {
    let text = String(repeating: "0123456789", count: 20_000)
    #expect(try SyntheticRoot(["/big": text]).tree.text("/big") == text)
  }

  @Test func readsFilesWithoutALength() throws {
    let release = try #require(try FileTree(root: "/").line("/proc/sys/kernel/osrelease"))
    #expect(release == SystemIdentity.current.release)
  }

  @Test func whatIsNotThereIsNil() throws {
    let root = SyntheticRoot(["/file": "text"])
    #expect(try root.tree.text("/nothing") == nil)
    #expect(try root.tree.text("/file/below") == nil)
    #expect(try root.tree.names(in: "/nothing") == nil)
    #expect(root.tree.exists("/nothing") == false)
    #expect(root.tree.exists("/file"))
  }

  @Test func emptyFileIsNotAbsent() throws {
    #expect(try SyntheticRoot(["/empty": ""]).tree.line("/empty") == "")
  }

  @Test func listsNamesInOrder() throws {
    let root = SyntheticRoot(["/d/b": "", "/d/a": "", "/d/c/": ""])
    #expect(try root.tree.names(in: "/d") == ["a", "b", "c"])
  }

  @Test func whatCannotBeReadIsAnError() {
    let root = SyntheticRoot(["/directory/": ""])
    #expect(throws: FileError("/directory", .init(EISDIR))) { try root.tree.text("/directory") }
  }

  @Test func doesNotWaitForAPipe() throws {
    let root = SyntheticRoot()
    #expect(unsafe mkfifo(root.path + "/pipe", 0o600) == 0)
    #expect(try root.tree.text("/pipe") == "")
  }

  @Test func onlySlashIsTheLiveSystem() {
    #expect(FileTree(root: "/").isLive)
    #expect(FileTree(root: "/mnt/").isLive == false)
    #expect(FileTree(root: "/mnt/").path("/etc/a") == "/mnt/etc/a")
  }
}
