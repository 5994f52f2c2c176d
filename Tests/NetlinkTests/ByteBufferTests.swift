import Glibc
import TestSupport
import Testing

@testable import Netlink

@Suite("A buffer of text")
struct ByteBufferTests {
  private func text(_ body: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer(capacity: 1)
    body(&buffer)
    return String(decoding: buffer.bytes.array, as: UTF8.self)
  }

  @Test("writes addresses as the C library does")
  func addresses() {
    var dice = Dice(seed: 1)
    var addresses = [
      "::", "::1", "1::", "::ffff:1.2.3.4", "::1.2.3.4", "::1:0:0:1", "1:0:0:2::",
      "1:0:2:3:4:5:6:7",
      "0:0:0:1::", "1:0:0:2:0:0:0:3", "::ffff:0:1.2.3.4", "0.0.0.0", "255.255.255.255",
    ].compactMap { IPAddress($0) }
    for _ in 0..<3000 {
      addresses.append(.v4(dice.number()))
      // Groups of zeros in every place.
      var groups: UInt128 = 0
      for _ in 0..<8 {
        groups = groups << 16 | (dice.chance(60) ? 0 : UInt128(dice.number() as UInt16))
      }
      addresses.append(
        .v6(UInt64(truncatingIfNeeded: groups >> 64), UInt64(truncatingIfNeeded: groups)))
    }
    for address in addresses { #expect(text { $0.append(address) } == address.description) }
    #expect(addresses.count == 6013)
  }

  @Test("writes numbers")
  func numbers() {
    #expect(text { $0.append(decimal: UInt64(0), digits: 1) } == "0")
    #expect(text { $0.append(decimal: UInt64.max, digits: 1) } == "18446744073709551615")
    #expect(text { $0.append(decimal: 7, digits: 8) } == "00000007")
    #expect(text { $0.append(decimal: 123_456_789, digits: 8) } == "123456789")
    #expect(text { $0.append(decimal: Int64.min) } == "-9223372036854775808")
    #expect(text { $0.append(hex: 0) } == "0")
    #expect(text { $0.append(hex: 0xfa0) } == "fa0")
    #expect(text { $0.append(hex: .max) } == "ffffffff")
    #expect(text { $0.append(hex: 0x1c9, digits: 8) } == "000001c9")
    let every = (0...255).map { UInt8($0) }
    #expect(
      text { $0.append(hexOf: every.span) }
        == every.map { byte in
          String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined())
  }

  @Test("drops what is no longer needed")
  func removal() {
    #expect(
      text {
        $0.append("abc")
        $0.append(name: "déf")
        $0.removeFirst(2)
        $0.removeFirst(0)
      } == "cdéf")
    #expect(
      text {
        $0.append("abc")
        $0.removeAll()
        $0.append(UInt8(ascii: "d"))
      } == "d")
  }

  @Test("goes through a pipe in pieces")
  func pipe() throws {
    var ends: [Int32] = [0, 0]
    // Sound: there is room for both.
    try #require(unsafe Glibc.pipe(&ends) == 0)
    var sent = ByteBuffer()
    sent.append("abcdefg")
    try sent.write(to: ends[1])
    #expect(sent.count == 0)
    close(ends[1])
    var received = ByteBuffer(capacity: 1)
    #expect(try received.read(from: ends[0], atMost: 4))
    #expect(received.count == 4)
    #expect(try received.read(from: ends[0], atMost: 4))
    #expect(try !received.read(from: ends[0], atMost: 4))
    #expect(String(decoding: received.bytes.array, as: UTF8.self) == "abcdefg")
    close(ends[0])
    #expect(throws: SystemErrno.self) { _ = try received.read(from: -1, atMost: 1) }
    #expect(throws: SystemErrno.self) { try received.write(to: -1) }
  }
}
