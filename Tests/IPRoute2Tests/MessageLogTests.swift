import Glibc
import IPRoute2
import Netlink
import TestSupport
import Testing
import XFRMKit

@Suite("Messages kept in a file")
struct MessageLogTests {
  private static let messages = Golden.messages["monitor"] ?? []

  @Test("are read as they were announced")
  func reading() throws {
    let file = try TemporaryFile(Self.messages.flatMap { $0 })
    let events = try Self.read(file.path)
    #expect(events == (try Self.messages.map { try event($0) }))
    #expect(events.count > 30)
  }

  @Test("may be more than are read at a time")
  func long() throws {
    let many = (0..<40).flatMap { _ in Self.messages }
    let file = try TemporaryFile(many.flatMap { $0 })
    #expect(many.joined().count > 3 << 16)
    #expect(try Self.read(file.path).count == many.count)
  }

  @Test("are written as they came")
  func writing() throws {
    let file = try TemporaryFile([1, 2, 3])
    var datagram = Self.messages.flatMap { $0 }
    // A length that is not aligned, and the padding behind it.
    datagram += [18, 0, 0, 0, 77, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 9, 0, 0]
    var count = 0
    do {
      var log = try MessageLogWriter(path: file.path)
      var messages = MessageReader(datagram.span)
      while let message = try messages.next() {
        try log.append(message)
        count += 1
      }
    }
    #expect(try Self.read(file.path).count == count)
    let replayed = try TemporaryFile(datagram)
    #expect(try Self.bytes(of: file.path) == Self.bytes(of: replayed.path))
  }

  @Test("that are cut off are an error, wherever that is")
  func truncation() throws {
    let whole = Array(Self.messages.prefix(2).flatMap { $0 })
    let ends = [0, Self.messages[0].count, whole.count]
    for length in 0...whole.count {
      let file = try TemporaryFile(Array(whole.prefix(length)))
      if let events = ends.firstIndex(of: length) {
        #expect(try Self.read(file.path).count == events)
      } else {
        #expect(throws: MessageLogError.self, "\(length) bytes") { try Self.read(file.path) }
      }
    }
  }

  @Test("that make no sense are an error that tells where")
  func damage() throws {
    let first = Self.messages[0]
    for (length, problem) in [
      (UInt32(15), MalformedMessage.messageTooShort(at: first.count, length: 15)),
      (0x2000_0000, .unexpectedValue(at: first.count, field: "a length of 536870912 bytes")),
      (16, .truncated(at: first.count + 16, needed: 24, available: 0)),
    ] {
      var header = [UInt8](repeating: 0, count: 16)
      for byte in 0..<4 { header[byte] = UInt8(truncatingIfNeeded: length >> (8 * byte)) }
      header[4] = 0x11  // XFRM_MSG_DELSA
      let file = try TemporaryFile(first + header)
      #expect(throws: MessageLogError.malformed(problem)) { try Self.read(file.path) }
    }
  }

  @Test("that are not there are an error of the system")
  func absence() throws {
    #expect(throws: MessageLogError.system(.noSuchFile)) {
      _ = try MessageLogReader(path: "/nonexistent/file")
    }
    #expect(throws: MessageLogError.system(.noSuchFile)) {
      _ = try MessageLogWriter(path: "/nonexistent/file")
    }
    #expect(throws: MessageLogError.system(.invalidArgument)) {
      _ = try MessageLogReader(path: "/dev/null\0")
    }
  }

  @Test("only their owner may read")
  func mode() throws {
    let path = "\(try TemporaryFile([]).path)-new"
    do { _ = try MessageLogWriter(path: path) }
    var status = stat()
    // Sound: both outlive the calls.
    #expect(unsafe stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    _ = unsafe unlink(path)
  }

  private static func read(_ path: String) throws(MessageLogError) -> [XFRMEvent] {
    var reader = try MessageLogReader(path: path)
    var events: [XFRMEvent] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var buffer = ByteBuffer()
    while try buffer.read(from: descriptor, atMost: 4096) {}
    return buffer.bytes.indices.map { buffer.bytes[$0] }
  }
}
