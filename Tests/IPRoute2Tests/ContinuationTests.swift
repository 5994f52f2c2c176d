import FoundationEssentials
import Testing

@testable import IPRoute2

/// What is offered to those who complete a command line, and what the grammar takes.
@Suite("Continuations of command lines")
struct ContinuationTests {
  /// Whole commands that have every word of the vocabulary in them.
  private static let commands = [
    "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel reqid 1 seq 1 mark 1 mask 1 "
      + "output-mark 1 mask 1 if_id 1 dir in replay-window 32 replay-seq 1 replay-oseq 1 enc a b "
      + "auth-trunc a b 96 flag noecn decap-dscp nopmtudisc wildrecv icmp af-unspec align4 "
      + "extra-flag dont-encap-dscp oseq-may-wrap sel src 10.0.0.0/8 dev none proto tcp sport 1 "
      + "limit time-soft 1 limit time-hard 1 limit time-use-soft 1 limit time-use-hard 1 "
      + "limit byte-soft 1 limit byte-hard 1 limit packet-soft 1 limit packet-hard 1 "
      + "encap espinudp 1 2 any ctx a offload crypto dev eth0 dir in tfcpad 1 pcpu-num 1 "
      + "nat-keepalive 1 mapping-threshold 1 replay-threshold 1 timer-threshold 1",
    "state update proto esp spi 1 aead a b 128 mode iptfs flag esn replay-window 64 "
      + "replay-seq-hi 1 replay-oseq-hi 1 encap espintcp 1 2 all iptfs-drop-time 1 "
      + "iptfs-reorder-window 1 iptfs-dont-frag iptfs-init-delay 1 iptfs-max-queue-size 1 "
      + "iptfs-packet-size 1 sel dst ::/0 uid 1 proto sctp dport 1",
    "state replace proto ah spi 1 auth a b mode transport sel dst 10.0.0.0/8 proto dccp sport 1",
    "state add proto comp spi 1 comp deflate", "state add proto hao mode in_trigger coa 192.0.2.1",
    "state add proto route2 mode ro coa 192.0.2.1", "state add proto esp mode beet enc a b",
    "state allocspi proto esp min 1 max 2", "state delete proto esp spi 1", "state count",
    "state get proto esp spi 1", "state list nokeys proto ipsec-any", "state deleteall reqid 1",
    "state flush proto esp",
    "state migrate src 10.0.0.0/8 dir out from 192.0.2.1 192.0.2.2 to 192.0.2.3 192.0.2.2 "
      + "proto esp mode tunnel reqid 1 kmaddress 192.0.2.1 192.0.2.2 ptype main",
    "state ae get proto esp spi 1 replay-threshold",
    "state ae set proto esp spi 1 bitmap 1 bytes 1 packets 1 add-time 1 use-time 1",
    "policy add src 10.0.0.0/8 proto icmp type 1 code 1 dir fwd ptype sub action allow "
      + "priority 1 flag localok cpu-acquire index 1 share session "
      + "tmpl proto esp level unique reqid 1 enc-mask 1 auth-mask 1 comp-mask 1 "
      + "tmpl proto ah level use share any tmpl proto comp level required share user",
    "policy update dst 10.0.0.0/8 proto gre key 1 dir out action block offload packet dev eth0",
    "policy delete proto ipv6-icmp type 1 dir out", "policy get index 1 dir in",
    "policy list nosock proto mobility-header type 1", "policy deleteall proto udp dir out",
    "policy flush ptype main", "policy count", "policy set hthresh4 1 2 hthresh6 3 4",
    "policy setdefault in block out accept fwd allow", "policy getdefault",
    "monitor acquire expire SA aevent policy report migrate mapping nokeys", "monitor all",
    "monitor file a",
  ]

  private static let package =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  private static let every = Set(
    Vocabulary.objects + Vocabulary.verbs(of: "state") + Vocabulary.verbs(of: "policy")
      + Vocabulary.modes + Vocabulary.words)

  private func offered(_ line: String, _ dialect: Dialect = .xfrmctl) -> [String] {
    Continuation(of: line.split(separator: " ").map(String.init), dialect: dialect).keywords
  }

  @Test("make every command word by word", arguments: commands)
  func typing(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    var context = GrammarContext()
    context.interfaceIndex = { _ in 1 }
    _ = try IPCommand.parse(words, dialect: .xfrmctl, context: context)
    for (index, word) in words.enumerated() where Self.every.contains(word) {
      let before = Array(words[..<index])
      let offered = Continuation(of: before, dialect: .xfrmctl).keywords
      #expect(offered.contains(word), "behind \(before.joined(separator: " "))")
    }
  }

  @Test("know no word that makes no command")
  func noDeadWords() {
    let used = Set(Self.commands.flatMap { $0.split(separator: " ").map(String.init) })
    #expect(Self.every.subtracting(used) == [])
  }

  @Test("know every word that the grammar has in its sources")
  func noForgottenWords() throws {
    let folder = Self.package + "/Sources/IPRoute2/Grammar"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasPrefix("CommandParser") }
    var words: Set<String> = []
    for file in files {
      let text = String(
        decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(file)")), as: UTF8.self)
      words.formUnion(text.matches(of: /"([a-z][a-z0-9_-]+|SA)"/).map { String($0.1) })
    }
    // Of messages.
    let prose: Set = ["unknown", "address", "prefix", "flags", "inet", "inet6"]
    #expect(words.count > 100)
    #expect(
      words.subtracting(Self.every).subtracting(Vocabulary.otherNames).subtracting(prose) == [])
  }

  @Test("know no word that the manual leaves out")
  func manual() throws {
    let page = URL(filePath: Self.package + "/Extras/man/xfrmctl.man")
    let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
      .replacing(#/\\f[BIR]/#, with: " ").replacing("\\-", with: "-")
    let words = Set(
      text.split { !$0.isLetter && !$0.isNumber && !"-_".contains($0) }.map(String.init))
    #expect(Self.every.subtracting(words) == [])
  }

  @Test(
    "are what fits there, and nothing else",
    arguments: [
      ("", "state policy monitor"), ("state add proto", "esp ah comp route2 hao ipsec-any"),
      ("state add proto esp mode", "transport tunnel ro in_trigger beet iptfs"),
      ("state add src 192.0.2.1", "dst proto spi"), ("state flush", "proto"),
      ("state add proto esp offload", "crypto packet dev"),
      ("state add proto esp dir in offload dev eth0", "dir"), ("state add proto esp spi", ""),
      ("state add proto esp dir", "in out"), ("policy add dir", "in out fwd"),
      ("policy add dir out action", "allow block"), ("policy setdefault in block", "out fwd"),
      (
        "policy add dir out tmpl",
        "src dst proto spi mode reqid level share enc-mask auth-mask "
          + "comp-mask"
      ),
      ("policy set hthresh4 1 2", "hthresh6"), ("state ae", "get set"), ("policy count", ""),
      ("state add nonsense", ""), ("state add proto esp ctx", ""),
    ])
  func places(line: String, expected: String) {
    #expect(Set(offered(line)) == Set(expected.split(separator: " ").map(String.init)))
  }

  @Test(
    "leave out what was said",
    arguments: [
      ("state add proto esp mode tunnel reqid 1", "mode"), ("policy add dir out", "dir"),
      ("state add proto esp flag esn noecn", "esn"), ("state add proto esp enc a b", "aead"),
      ("policy add dir out tmpl proto esp mode tunnel", "mode"), ("monitor SA", "SA"),
      ("policy add priority 1 dir out tmpl proto esp", "priority"),
    ])
  func once(line: String, word: String) {
    #expect(!offered(line).contains(word))
  }

  @Test(
    "offer again what is said of something else, or may be said again",
    arguments: [
      ("state add proto comp", "comp"), ("state add src 192.0.2.1 proto esp sel", "src"),
      ("policy add src 10.0.0.0/8 dir out tmpl proto esp mode tunnel tmpl", "mode"),
      ("policy add dir out tmpl proto esp", "tmpl"),
      ("policy add dir out limit byte-soft 1", "limit"),
      ("policy add proto icmp dir out flag localok", "icmp"),
      (
        "state migrate src 10.0.0.0/8 dir out from 1.1 1.2 to 1.3 1.4 proto esp mode tunnel", "from"
      ),
    ])
  func again(line: String, word: String) {
    #expect(offered(line).contains(word))
  }

  @Test("of ip lack what it has no word for, and what it misunderstands")
  func dialects() {
    #expect(!offered("state add proto esp mode", .iproute2).contains("iptfs"))
    #expect(!offered("state", .iproute2).contains("replace"))
    #expect(!offered("state add proto esp flag", .iproute2).contains("mode"))
    #expect(offered("state add proto esp", .iproute2).contains("flag"))
  }

  @Test("fetch no key, and look for no interface")
  func sources() {
    let words = "state add proto esp enc a - auth b @/nowhere sel dev nowhere0"
    #expect(offered(words).contains("limit"))
  }
}
