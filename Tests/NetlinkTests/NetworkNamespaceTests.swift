import Glibc
import TestSupport
import Testing

@testable import Netlink

@Suite("A network namespace")
struct NetworkNamespaceTests {
  @Test("of the calling thread is told by its inode")
  func current() throws {
    #expect(try NetworkNamespace.current().inode == here())
    #expect(try NetworkNamespace(process: getpid()).inode != 0)
  }

  @Test("that cannot be opened says why")
  func unreadable() {
    #expect(throws: NetlinkError.system(.openNamespace, .noSuchFile)) {
      try NetworkNamespace(path: "/proc/thread-self/ns/none")
    }
    #expect(throws: NetlinkError.system(.openNamespace, .noSuchFile)) {
      try NetworkNamespace(name: "no such name, surely")
    }
    #expect(throws: NetlinkError.system(.openNamespace, .noSuchFile)) {
      try NetworkNamespace(process: -1)
    }
  }

  @Test(
    "is not found by names that lead elsewhere",
    arguments: ["", ".", "..", "a/b", "../../proc/1/ns/net", "a\0b", "\0"])
  func badName(name: String) {
    #expect(throws: NetlinkError.system(.openNamespace, .invalidArgument)) {
      try NetworkNamespace(name: name)
    }
  }

  @Test("is not entered by way of a file that is none")
  func notANamespace() throws {
    let file = try NetworkNamespace(path: "/dev/null")
    #expect(throws: NetlinkError.system(.enterNamespace, .invalidArgument)) {
      try file.run { Issue.record("ran") }
    }
  }

  @Test("that is made is new and empty", .enabled(if: geteuid() == 0, "needs root"))
  func create() throws {
    let before = here()
    let one = try NetworkNamespace.create()
    let other = try NetworkNamespace.create()
    #expect(Set([before, one.inode, other.inode, 0]).count == 4)
    // Where the kernel has none, it has none of either.
    let cookies = try [one.cookie(), other.cookie()]
    #expect(cookies[0] == nil ? cookies[1] == nil : cookies[0] != cookies[1])
    #expect(try one.cookie() == cookies[0])
    #expect(here() == before)
  }

  @Test("has no cookie where the kernel knows none; what else is in the way is an error")
  func cookieErrors() throws {
    let place = try NetworkNamespace.current()
    func cookie(_ errno: Int32) throws(NetlinkError) -> UInt64? {
      let interference = Interference()
      interference.callErrors = [.getsockopt: errno]
      return try interference.during { () throws(NetlinkError) in try place.cookie() }
    }
    #expect(try cookie(ENOPROTOOPT) == nil)
    for errno in [ENOMEM, EPERM, EINVAL] {
      #expect(throws: NetlinkError.system(.configure, SystemErrno(errno))) { try cookie(errno) }
    }
  }

  @Test(
    "runs a body inside and leaves the caller outside", .enabled(if: geteuid() == 0, "needs root"))
  func run() throws {
    let before = here()
    let namespace = try NetworkNamespace.create()
    let inside = try namespace.run { () throws(NetlinkError) in
      try NetworkNamespace.current().inode
    }
    #expect(inside == namespace.inode)
    #expect(inside != before)
    #expect(here() == before)
  }

  @Test(
    "leaves the caller outside when the body throws", .enabled(if: geteuid() == 0, "needs root"))
  func runThrowing() throws {
    let before = here()
    let namespace = try NetworkNamespace.create()
    #expect(throws: NetlinkError.unanswered) {
      try namespace.run { () throws(NetlinkError) in throw .unanswered }
    }
    #expect(here() == before)
  }

  @Test("that the caller is in takes no privilege to use: nobody goes to another thread for it")
  func own() throws {
    let interference = Interference()
    interference.callErrors = [.socket: ENOMEM]
    let place = try NetworkNamespace.current()
    // The interference is with this thread only.
    #expect(throws: NetlinkError.system(.open, .noMemory)) {
      try interference.during { () throws(NetlinkError) in
        _ = try RouteConnection(in: place)
      }
    }
  }

  @Test(
    "that the caller is not in is used on another thread",
    .enabled(if: geteuid() == 0, "needs root"))
  func another() throws {
    let interference = Interference()
    interference.callErrors = [.socket: ENOMEM]
    let place = try NetworkNamespace.create()
    #expect(!place.isCurrent)
    try interference.during { () throws(NetlinkError) in _ = try RouteConnection(in: place) }
    #expect(try place.run { () throws(NetlinkError) in place.isCurrent })
  }

  /// The calling thread's namespace, not by way of the code under test.
  private func here() -> UInt64 {
    var status = stat()
    // Sound: stat fills in the struct it is given.
    return unsafe stat("/proc/thread-self/ns/net", &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
