import Testing

@testable import XFRMConfig

/// Keys that somebody has put where none belong.
@Suite("Keys in files are not shown")
struct SecrecyTests {
  /// One of each kind that people have: hexadecimal, base64, a password.
  static let canaries = [
    "0x5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e", "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e",
    "XKh3v9Qz+Lw7/0cR2mYt5A==",
    "CanaryPassphraseWithoutABreak",
  ]

  /// Where somebody may put one: `KEY` stands for it.
  static let places = [
    "key: KEY", "KEY: 1", "namespace: KEY", "KEY", "- KEY", "strict: KEY", "a: [KEY", "a: \"KEY",
    "variables: {KEY: x}", "variables: {KEY: [1]}", "variables: {KEY: }", "include: KEY",
    "crypto-policy: KEY", "namespace: ${KEY}",
    "settings: {net.KEY: 1}", "a: !KEY b", "a: &KEY b", "a: *KEY", "connections: [KEY]",
    "hosts: {KEY: {x: 1}}",
    "connections:\n- name: KEY\n  kind: KEY\n  keys: KEY\n  local: {address: KEY}\n  remote: {address: KEY, subnets: [KEY]}",
    "connections:\n- name: a\n  keys:\n    in: KEY\n    out: {spi: KEY, key: KEY}\n  proposal: KEY\n  mark: KEY",
    "connections:\n- name: a\n  keys: [KEY]\n  inner-protocol: KEY\n  local-ports: KEY\n  sa-lifetime-hard: {time: KEY}",
    "sad:\n- name: a\n  esp-sa: KEY\n  spi: KEY",
    "sad:\n- name: a\n  esp-sa: {key: KEY, encryption: {encryption-algorithm: 12, key: KEY}, integrity: {key: KEY}}",
    "sad:\n- name: a\n  esp-sa:\n    key:\n      KEY",
    "waivers: {no-anti-replay: KEY}",
  ]

  @Test("in any message or help", arguments: canaries)
  func messages(_ key: String) {
    var count = 0
    for place in Self.places {
      let loaded = load(["main.yaml": place.replacing("KEY", with: key) + "\n"])
      count += loaded.diagnostics.count
      for finding in loaded.diagnostics {
        let said = finding.message + (finding.help ?? "")
        #expect(!tells(said, of: key), "\(place): \(said)")
      }
    }
    #expect(count > 50)
  }

  @Test("in the lines below them", arguments: canaries + ["hunter2"])
  func lines(_ key: String) {
    for line in [
      "key: KEY", "  key:   \"KEY\"", "{spi: 1, key: KEY, x: y}", "'key': 'KEY'", "keys: KEY",
      "KEY = KEY",
      "esp-sa: {proposal: aes256-sha256, key: KEY}", "key:KEY", "integrity-key: KEY # x",
    ] {
      let shown = Discretion.maskedLine(line.replacing("KEY", with: key))
      #expect(!tells(shown, of: key) || line.hasPrefix("KEY") && key == "hunter2", "\(shown)")
      #expect(shown.count == line.replacing("KEY", with: key).count)
    }
  }

  /// Whether four characters of the key in a row are there, but for what hexadecimal numbers begin with.
  private func tells(_ text: String, of key: String) -> Bool {
    let characters = Array(key)
    return (0...characters.count - 6).contains { text.contains(String(characters[$0..<$0 + 6])) }
  }

  @Test(
    "with blanks between their digits, too",
    arguments: [
      "secret: 00112233 44556677 8899aabb ccddeeff", "secret: 0011 2233  4455\t6677 # x",
      "a: '0x00112233 0x44556677'", "[0011223344556677]",
    ])
  func blanks(_ line: String) {
    let shown = Discretion.maskedLine(line)
    #expect(shown.count == line.count)
    #expect(!shown.contains("2233") && !shown.contains("6677"), "\(shown)")
    let said = load(["main.yaml": "namespace: \"\(line.drop { $0 != " " && $0 != "0" })\"\n"])
    for finding in said.diagnostics { #expect(!finding.message.contains("2233")) }
  }

  @Test("and would be found if they were")
  func control() {
    for key in Self.canaries {
      #expect(tells("x\(key)y", of: key))
      let loaded = load(["main.yaml": "namespace: a/b-\(key.prefix(8))\n"])
      #expect(loaded.diagnostics.contains { tells($0.message, of: String(key.prefix(8))) })
    }
  }

  @Test(
    "what is no key is shown",
    arguments: [
      "key: file:/etc/xfrmctl/keys/berlin-paris-out", "key: env:KEY_OF_BERLIN", "keys: generated",
      "key: credential:berlin-paris",
      "{local: 192.0.2.1, remote: 2001:db8:1234:5678:9abc:def0:1234:5678}",
      "anti-replay-window-size: 64", "spi: 0x1234abcd", "proposal: chacha20poly1305",
      "keys: {in: {spi: 1}}", "remote-ports: [1024, 2048, 4096, 8192, 16384]",
      "# a bad face is dead", "name: berlin-deadbeef-cafe",
      "subnets: [10.1.0.0/16, 2001:db8:1234:5678:9abc:def0:1234:5678/128]",
    ])
  func harmless(_ line: String) { #expect(Discretion.maskedLine(line) == line) }

  @Test("and nothing of a file is a command to a terminal")
  func terminal() {
    let loaded = load(["main.yaml": "namespace: \"a\\e[31m\\u202eb\"\n"])
    #expect(loaded.diagnostics.map(\.message) == ["“a·[31m·b” is not a name"])
    #expect(Discretion.maskedLine("a\u{1b}[31m\u{202e}b\tc") == "a·[31m·b c")
  }
}
