import Glibc
import TestSupport
import Testing

@testable import xfrmctl

/// Files that commands were told to write.
@Suite("Files of --out and --svg")
struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String = "out") throws(Failure) {
    try OutputFile.write(Array(text.utf8), to: folder.file(name), permissions: 0o600)
  }

  @Test("one that is there is replaced, with who may use it")
  func replaced() throws {
    try folder.write(Array("old and long".utf8), to: "out")
    FileMode.set(0o666, of: folder.file("out"))
    try folder.write([], to: ".out.new")
    try write("new")
    #expect(try folder.bytes("out") == Array("new".utf8))
    #expect(FileMode.of(folder.file("out")) == 0o600)
    #expect(folder.names == ["out"])
  }

  @Test("what is no file is not replaced, and nobody is waited for")
  func noFile() throws {
    FileMode.makePipe(folder.file("pipe"))
    #expect(unsafe symlink("elsewhere", folder.file("link")) == 0)
    for name in ["pipe", "link", ".", "none/out"] {
      let failure = #expect(throws: Failure.self) { try write("new", to: name) }
      #expect(failure?.status == .cannotWrite)
    }
    #expect(folder.names == ["link", "pipe"])
  }

  @Test("where there is no room the old one stays, whole")
  func noRoom() throws {
    try write("old")
    // Its bytes, their way to the disk, its name.
    for count in 0..<3 {
      #expect(throws: Failure.self) {
        try Disk.failing(after: count, ENOSPC) { try write("new") }
      }
      #expect(try folder.bytes("out") == Array("old".utf8))
      #expect(folder.names == ["out"])
    }
    try Disk.failing(after: 3, ENOSPC) { try write("new") }
    #expect(try folder.bytes("out") == Array("new".utf8))
  }
}
