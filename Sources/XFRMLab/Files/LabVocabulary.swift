internal import StructuredText
internal import XFRMKit

/// The keys of a lab file.
enum LabVocabulary {
  static let file = Section(
    "lab",
    [
      Field("name", .lexeme(.name), "What the lab is called; the file's name if it is missing."),
      Field("nodes", .list(.section(node)), required: true, "The machines."),
      Field("links", .list(.section(link)), "The cables between them."),
      Field("tunnels", .list(.section(tunnel)), "What is protected."),
    ])

  private static let node = Section(
    "node",
    [
      Field("name", .lexeme(.name), required: true, "What it is called; unique."),
      Field("forward", .flag, "Whether it passes on what is for others; false if it is missing."),
      Field("addresses", .oneOrMore(.lexeme(.prefix)), "Those of its loopback interface."),
      Field("nat", .oneOrMore(.lexeme(.interface)), "Interfaces whose address senders get."),
      Field("routes", .list(.section(route)), "Where what is not on its links goes."),
      Field("vrfs", .list(.section(virtualRouter)), "Routing tables for some interfaces."),
      Field("xfrm-interfaces", .list(.section(xfrmInterface)), "Interfaces for tunnels."),
    ])

  private static let route = Section(
    "route",
    [
      Field("to", .lexeme(.prefix), required: true, "Where it leads; 0.0.0.0/0 is everywhere."),
      Field("via", .lexeme(.address), "The next hop."),
      Field("interface", .lexeme(.interface), "The interface that it leaves by."),
      Field("table", .lexeme(table), "The table of a VRF; the main one if it is missing."),
    ])

  private static let virtualRouter = Section(
    "vrf",
    [
      Field("name", .lexeme(.interface), required: true, "What it is called."),
      Field("table", .lexeme(table), required: true, "The number of its routing table."),
      Field("interfaces", .oneOrMore(.lexeme(.interface)), required: true, "Those under it."),
    ])

  private static let xfrmInterface = Section(
    "xfrm-interface",
    [
      Field("name", .lexeme(.interface), required: true, "What it is called."),
      Field("if-id", .lexeme(id), required: true, "Its ID, which tunnels name."),
      Field("addresses", .oneOrMore(.lexeme(.prefix)), "Those that it has."),
    ])

  private static let link = Section(
    "link",
    [
      Field("ends", .list(.section(linkEnd)), required: true, "Two of them."),
      Field("delay", .lexeme(time), "How long packets are under way: 10ms."),
      Field("jitter", .lexeme(time), "How much longer or shorter, at most."),
      Field("loss", .lexeme(share), "Which part of the packets is lost: 0.5%."),
      Field("rate", .lexeme(rate), "How fast it is: 10Mbit."),
      Field("mtu", .lexeme(.number(68...65_535)), "The longest packet; 1500 if it is missing."),
    ])

  private static let linkEnd = Section(
    "link-end",
    [
      Field("node", .lexeme(.name), required: true, "Whose it is."),
      Field("interface", .lexeme(.interface), required: true, "What it is called there."),
      Field("addresses", .oneOrMore(.lexeme(.prefix)), "Those that it has: 192.0.2.1/24."),
    ])

  private static let tunnel = Section(
    "tunnel",
    [
      Field("name", .lexeme(.name), required: true, "What it is called; unique."),
      Field("ends", .list(.section(tunnelEnd)), required: true, "Two of them."),
      Field("mode", .choice(["transport", "tunnel", "beet"]), "tunnel if it is missing."),
      Field("proposal", .lexeme(.proposal), "The algorithms; aes256gcm16 if it is missing."),
      Field("udp", .flag, "Whether ESP goes in UDP, as through a NAT; false if it is missing."),
      Field("if-id", .lexeme(id), "The ID of an xfrm interface at both ends."),
    ])

  private static let tunnelEnd = Section(
    "tunnel-end",
    [
      Field("node", .lexeme(.name), required: true, "Which machine it is."),
      Field("address", .lexeme(.address), required: true, "Where ESP comes from and goes to."),
      Field("seen-as", .lexeme(.address), "What the other end takes that for, behind a NAT."),
      Field("networks", .oneOrMore(.lexeme(.prefix)), "What is protected; address if missing."),
    ])

  // MARK: Values

  private static let id = Lexeme.number(1...0xffff_ffff)
  private static let table = Lexeme.number(1...0xffff_ffff)

  private static let time = Lexeme(
    noun: "a time", allowed: "a number with us, ms or s: 10ms", pattern: "^[0-9]+ ?(us|ms|s)$",
    accepts: { microseconds($0) != nil })

  private static let rate = Lexeme(
    noun: "a rate", allowed: "a number with kbit, Mbit or Gbit: 10Mbit",
    pattern: "^[0-9]+ ?(kbit|Mbit|Gbit)$", accepts: { bits($0) != nil })

  private static let share = Lexeme(
    noun: "a share", allowed: "0% to 100%, with up to four decimals: 0.5%",
    pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%$", accepts: { millionths($0) != nil })

  static func microseconds(_ text: String) -> UInt64? {
    inRange(Numbers.parse(text, units: [("us", 1), ("ms", 1000), ("s", 1_000_000)]), 60_000_000)
  }

  static func bits(_ text: String) -> UInt64? {
    inRange(
      Numbers.parse(
        text, units: [("kbit", 1000), ("Mbit", 1_000_000), ("Gbit", 1_000_000_000)]), 1 << 40
    )
    .flatMap { $0 < 8 ? nil : $0 }
  }

  static func millionths(_ text: String) -> UInt32? {
    guard text.last == "%" else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ Numbers.parse($0) }), parts.count < 3 else {
      return nil
    }
    let decimals = parts.count == 2 ? String(parts[1]) : "0"
    guard (1...4).contains(decimals.utf8.count),
      decimals.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let padded = decimals + String(repeating: "0", count: 4 - decimals.utf8.count)
    guard whole <= 100, let part = UInt32(padded) else { return nil }
    let sum = UInt32(whole) * 10_000 + part
    return sum <= 1_000_000 ? sum : nil
  }

  private static func inRange(_ number: UInt64?, _ most: UInt64) -> UInt64? {
    number.flatMap { $0 <= most ? $0 : nil }
  }
}
