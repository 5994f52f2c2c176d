import Glibc
import TestSupport
import Testing

@testable import XFRMLab

/// Captured packets in files.
@Suite("A packet file")
struct PacketFileTests {
  @Test("is laid out as pcap with nanoseconds")
  func layout() throws {
    let folder = try TemporaryFolder()
    let frame: [UInt8] = Array(repeating: 0xff, count: 12) + [0x08, 0x00] + [0x45, 0, 0, 2]
    let packet = CapturedPacket(
      frame: frame, linkBytes: 14, length: 20, etherType: 0x0800, seconds: 0x0102_0304,
      nanoseconds: 999_999_999)
    // What was there before does not stay as open as it was.
    try folder.write([1], to: "packets")
    let isOpened = unsafe chmod(folder.file("packets"), 0o644) == 0
    #expect(isOpened)
    do {
      let file = try PacketFile(at: folder.file("packets"))
      try file.append(packet)
    }
    #expect(FileMode.of(folder.file("packets")) == 0o600)
    let bytes = try folder.bytes("packets")
    #expect(
      bytes.prefix(24) == [
        0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
      ])
    // Seconds, nanoseconds, what was kept and how long it was.
    #expect(
      bytes.dropFirst(24).prefix(16) == [
        4, 3, 2, 1, 0xff, 0xc9, 0x9a, 0x3b, 18, 0, 0, 0, 20, 0, 0, 0,
      ])
    #expect(Array(bytes.dropFirst(40)) == frame)
  }

  @Test("that cannot be is told")
  func failure() {
    #expect(throws: LabError.self) { _ = try PacketFile(at: "/nowhere/packets") }
  }
}
