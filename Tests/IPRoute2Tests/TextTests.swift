import Glibc
import IPRoute2
import Netlink
import Testing

@testable import XFRMKit

@Suite("Text")
struct TextTests {
  private func text(
    _ command: String = "", _ body: (inout IPText) throws -> Void
  ) rethrows -> String {
    var text = IPText(IPText.Options(words: command), names: .capturing())
    try body(&text)
    return text.string
  }

  // What counts print was captured without the kernel's messages; these are its numbers.

  @Test("of how many SAs there are")
  func associations() {
    var info = SADInfo()
    info.count = 4
    info.buckets = 8
    info.maximumBuckets = 1_048_576
    #expect(text { $0.append(info) } == "\t SAD count 4\n")
    let told = "\t SAD count 4 (buckets count 8 Max 1048576)\n"
    #expect(text("-s") { $0.append(info) } == told)
    #expect(text("-s -s") { $0.append(info) } == told)
  }

  @Test("of how many policies there are")
  func policies() {
    var info = SPDInfo()
    (info.incoming, info.outgoing, info.forwarded) = (1, 4, 1)
    info.bucketMask = 7
    info.maximumBuckets = 1_048_576
    info.thresholdIPv4 = .init(local: 32, remote: 32)
    info.thresholdIPv6 = .init(local: 128, remote: 128)
    #expect(text { $0.append(info) } == "\t SPD IN  1 OUT 4 FWD 1\n")
    let sockets = "\t SPD IN  1 OUT 4 FWD 1 (Sock: IN 0 OUT 0 FWD 0)"
    #expect(text("-s") { $0.append(info) } == sockets + "\n")
    #expect(
      text("-o -s -s") { $0.append(info) }
        == sockets + #"\"# + "\t SPD buckets: count 7 Max 1048576" + #"\"#
        + "\t SPD IPv4 thresholds: local 32 remote 32" + #"\"#
        + "\t SPD IPv6 thresholds: local 128 remote 128" + #"\"# + "\n")
    info.thresholdIPv4 = nil
    info.thresholdIPv6 = nil
    #expect(text("-s -s") { $0.append(info) }.hasSuffix("\t SPD buckets: count 7 Max 1048576\n"))
  }

  @Test("of default actions, the same with -o", arguments: ["", "-o"])
  func defaults(_ options: String) {
    let actions = DefaultActions(
      incoming: .block, forwarded: .accept, outgoing: .init(rawValue: 9))
    #expect(
      text(options) { $0.append(actions) }
        == "Default policies:\n in:  block\n fwd: accept\n out: unknown\n")
  }

  @Test("of a migration is what ip makes of it")
  func migration() throws {
    let move = Migration(
      .any(.ipv4), direction: .outgoing,
      entries: [
        .init(
          from: .init(from: .v4(1), to: .v4(2)), to: .init(from: .v4(3), to: .v4(4)),
          mode: .tunnel)
      ])
    var message = MessageBuilder()
    message.append(.migrate, flags: .multipart) { Operation.migrate(move).encode(into: &$0) }
    let event = try event(message.bytes.indices.map { message.bytes[$0] })
    let length = String(event.header.length)
    #expect(
      text { $0.append(event) } == "Unknown message: "
        + String(repeating: "0", count: 8 - length.count) + length + " 0x00000021 0x00000002\n")
  }

  @Test("of an SA's direction, CPU and offload, which older programs ignore")
  func recent() {
    var association = SecurityAssociation(
      from: .v4(0x0a00_0001), to: .v4(0x0a00_0002), spi: 0x100, mode: .iptfs)
    association.direction = .incoming
    association.cpu = 3
    association.offload = .init(interfaceIndex: 0, flags: [.packet, .incoming])
    #expect(
      text { $0.append(association) } == """
        src 10.0.0.1 dst 10.0.0.2
        \tproto esp spi 0x00000100 reqid 0 mode 5
        \treplay-window 0\u{20}
        \tcrypto offload parameters: dev * dir in mode packet
        \tdir in
        \tpcpu-num 3

        """)
  }

  @Test("of a policy's offload, which has no direction")
  func policyOffload() {
    var policy = Policy(.any(.ipv6), direction: .outgoing)
    policy.offload = .init(interfaceIndex: 7, flags: .packet)
    #expect(
      text { $0.append(policy) } == """
        src ::/0 dst ::/0\u{20}
        \tdir out priority 0\u{20}
        \tcrypto offload parameters: dev if7 mode packet

        """)
  }

  @Test("goes to where it is written, and is gone then")
  func writing() throws {
    var text = IPText(names: .capturing())
    #expect(text.isPageful == false)
    for _ in 0..<1000 { text.append(Policy(.any(.ipv4), direction: .outgoing)) }
    #expect(text.isPageful == true)
    let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    #expect(throws: SystemErrno.noSpace) { try text.write(to: full) }
    #expect(text.output.count == 0)
  }
}

@Suite("Names of the running system")
struct SystemNamesTests {
  @Test("are those that C programs get")
  func live() throws {
    let names = SystemNames.live
    #expect(names.interface(1) == "lo")
    #expect(names.interface(.max) == nil)
    #expect(names.proto(254) == nil)
    let time = try #require(names.localTime(86_400 * 365))
    // Wherever that is.
    #expect(time.year == 1971 || time.year == 1970)
    #expect(names.localTime(.max) == nil)
    #expect(names.now().seconds > 1_700_000_000)
    #expect(names.now().microseconds < 1_000_000)
  }

  @Test("are asked for once")
  func cache() {
    nonisolated(unsafe) var questions = 0
    var names = SystemNames.capturing()
    names.interface = { index in
      unsafe questions += 1
      return "eth\(index)"
    }
    var text = IPText(names: names)
    var policy = Policy(.any(.ipv4), direction: .outgoing)
    for index: Int32 in [3, 4, 3, 4, 3] {
      policy.selector.interfaceIndex = index
      text.append(policy)
    }
    #expect(unsafe questions == 2)
    #expect(text.string.components(of: "dev eth3 ") == 3)
  }
}

extension String {
  /// How often a text is in it.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
