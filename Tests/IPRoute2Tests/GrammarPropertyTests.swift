import Netlink
import TestSupport
import Testing

@testable import IPRoute2

/// Random words of the grammar, and some that are not: whatever they are, they are read or refused.
@Suite("Words at random")
struct GrammarPropertyTests {
  @Test("are read or refused, in both dialects", arguments: 0..<8)
  func anything(seed: Int) {
    var dice = Dice(seed: UInt64(seed) + 0x1b)
    var counts: [Bool: Int] = [:]
    for _ in 0..<4000 {
      let words = line(&dice)
      let family: AddressFamily = dice.chance(10) ? .ipv6 : .unspecified
      for dialect in Dialect.all {
        func parse() throws(SyntaxError) -> IPCommand.Parsed {
          try IPCommand.parse(words, dialect: dialect, family: family, context: .test)
        }
        do throws(SyntaxError) {
          let parsed = try parse()
          counts[true, default: 0] += 1
          #expect(try parse() == parsed)
        } catch {
          counts[false, default: 0] += 1
          #expect(error.exitStatus == 1 || error.exitStatus == 255)
          #expect(!error.text.isEmpty)
          #expect((error.word ?? 0) <= words.count)
          #expect(!error.rendered(under: words).isEmpty)
        }
      }
    }
    // Both happen, else little was tried.
    #expect(counts[true, default: 0] > 300)
    #expect(counts[false, default: 0] > 300)
  }

  private func line(_ dice: inout Dice) -> [String] {
    let isState = dice.chance(50)
    var words = [dice.chance(98) ? (isState ? "state" : "policy") : "monitor"]
    let verbs = isState ? Self.stateVerbs : Self.policyVerbs
    words.append(verbs[dice.below(verbs.count)])
    if dice.chance(70) { words += isState ? Self.state : Self.policy }
    for _ in 0..<dice.below(10) {
      let phrase = Self.phrases[dice.below(Self.phrases.count)]
      words.append(phrase)
      for _ in 0..<dice.below(3) { words.append(Self.values[dice.below(Self.values.count)]) }
    }
    if dice.chance(20) { words.removeLast(dice.below(words.count)) }
    return dice.chance(5) ? words.map { $0 + noise(&dice) } : words
  }

  private func noise(_ dice: inout Dice) -> String {
    dice.chance(80) ? "" : String(decoding: dice.bytes(upTo: 6), as: UTF8.self)
  }

  private static let stateVerbs = [
    "add", "update", "allocspi", "delete", "deleteall", "list", "get", "flush", "count", "replace",
    "migrate", "ae",
  ]
  private static let policyVerbs = [
    "add", "update", "delete", "deleteall", "list", "get", "flush", "set", "setdefault",
  ]
  private static let state = split("src 10.0.0.1 dst 10.0.0.2 proto esp spi 1 aead a 0x01 128")
  private static let policy = split("src 10.0.0.0/8 dst 10.0.0.0/8 dir out")
  private static let phrases = split(
    """
    src dst proto spi sport dport type code key dev uid mode reqid seq dir flag extra-flag sel limit \
    encap coa ctx offload output-mark mark mask if_id tfcpad pcpu-num enc auth auth-trunc aead comp \
    replay-window replay-seq replay-oseq replay-seq-hi replay-oseq-hi min max index ptype action \
    priority tmpl level share enc-mask nosock nokeys hthresh4 hthresh6 in out fwd from to kmaddress \
    get set bitmap bytes replay-threshold nat-keepalive iptfs-dont-frag iptfs-drop-time
    """)
  private static let values =
    split(
      """
      0 1 32 010 0x10 -1 255 256 4096 65535 65536 4294967295 18446744073709551615 1h x 10.0.0.1 fd00::1 \
      10.0.0.0/8 fd00::/64 10.0.0.0/33 any all esp ah comp hao tcp icmp gre 47 transport tunnel ro beet \
      iptfs in out fwd esn icmp 0x80 time-hard byte-soft espinudp lo none nosuch main sub allow block \
      required use unique main packet crypto dev dir mask 1024-1031 1/2 0x0102 0x 0XAA - generate @f \
      accept block
      """) + ["", " ", "é", "0x" + String(repeating: "ab", count: 600)]

  private static func split(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }
}
