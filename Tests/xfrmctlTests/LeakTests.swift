import Glibc
import IPRoute2
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// A key that would be seen at once, in every command and in everything that can go wrong.
@Suite("Commands do not tell keys")
struct LeakTests {
  private static let canary = "ca4a51deadc0ffee0badf00d5eedfeedfacec0de"

  /// Lines with the key in its place.
  private static let lines = [
    "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode tunnel reqid 7"
      + " aead rfc4106(gcm(aes)) 0x\(canary) 128 flag esn replay-window 32",
    "state update src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 enc cbc(aes) 0x\(canary)"
      + " auth-trunc hmac(sha256) 0x\(canary) 128 limit byte-hard 9",
    "state replace src 192.0.2.1 dst 192.0.2.2 proto ah spi 0x1001 auth hmac(sha1) 0x\(canary)",
  ]

  /// Where no key belongs.
  private static let strayLines = [
    "state list 0x\(canary)", "state list spi 0x\(canary)", "state get dst 0x\(canary)",
    "state delete dst 192.0.2.2 proto esp spi 0x\(canary)", "state count 0x\(canary)",
    "state deleteall reqid 0x\(canary)", "state flush proto 0x\(canary)",
    "state allocspi dst 192.0.2.2 proto esp min 0x\(canary) max 0x\(canary)",
    "state ae set dst 192.0.2.2 proto esp spi 1 bitmap 0x\(canary)", "state ae 0x\(canary)",
    "state migrate from 0x\(canary)", "state 0x\(canary)", "state list --sort 0x\(canary)",
    "state list --json --fields \(canary)", "state list --fingerprint-salt \(canary)zz",
    "state add --0x\(canary)", "state add dst 192.0.2.2 proto esp enc x env:0x\(canary)",
    "state add dst 192.0.2.2 proto esp enc x @\(canary)", "state list --netns \(canary)",
    "policy add dir out 0x\(canary)", "policy get index 0x\(canary)", "policy set 0x\(canary)",
    "policy add src 0x\(canary) dir out", "policy list dev 0x\(canary)", "policy 0x\(canary)",
    "policy setdefault 0x\(canary)", "policy getdefault 0x\(canary)", "policy flush 0x\(canary)",
    "monitor 0x\(canary)", "monitor --buffer 0x\(canary)", "monitor file \(canary)",
    "check 0x\(canary)", "lab demo --proposal 0x\(canary)", "batch \(canary)", "0x\(canary)",
  ]

  /// Whether four bytes of the key in a row are there.
  private static func tells(_ text: String) -> Bool {
    let text = text.lowercased().filter { !" \t\n:,".contains($0) }
    let digits = Array(canary)
    return stride(from: 0, through: digits.count - 8, by: 2).contains { start in
      text.contains(String(digits[start..<start + 8]))
    }
  }

  /// Each with every word left out, doubled, changed, and as the last.
  private static let mistakes: [[String]] = lines.flatMap { line -> [[String]] in
    let words = line.split(separator: " ").map(String.init)
    return words.indices.dropFirst(2).flatMap { index -> [[String]] in
      var variants = [Array(words[...index])]
      for replacement in [[], [words[index], words[index]], ["bogus"], ["bogus", words[index]]] {
        var variant = words
        variant.replaceSubrange(index...index, with: replacement)
        variants.append(variant)
      }
      return variants
    }
  }

  @Test("not in what is said of words that make no sense, whichever word that is")
  func syntax() {
    var count = 0
    for words in Self.mistakes {
      do throws(SyntaxError) {
        _ = try IPCommand.parse(words, dialect: .xfrmctl, context: GrammarContext())
      } catch {
        count += 1
        let text = Redaction.redacted(Failure(error, words).description)
        #expect(!Self.tells(text), "\(text)")
      }
    }
    #expect(count > 100)
  }

  @Test("not even those that look like other words", arguments: ["PlainCanary", "0xcaca07"])
  func inconspicuous(_ key: String) throws {
    let line = "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 257 enc cbc(aes) \(key)"
    for rest in [key, "\(key) \(key)", "mode \(key)", "reqid \(key) aead x", "auth x", "enc"] {
      let words = "\(line) \(rest)".split(separator: " ").map(String.init)
      let error = #expect(throws: SyntaxError.self) {
        try IPCommand.parse(words, dialect: .xfrmctl, context: GrammarContext())
      }
      let text = Failure(try #require(error), words).description
      #expect(!text.contains(key), "\(text)")
    }
    #expect(Redaction.redacted("a \(key)", keysOf: ["enc", "x", key]) == "a KEY")
    #expect(Redaction.redacted("to generate", keysOf: ["enc", "x", "generate"]) == "to generate")
    #expect(Redaction.redacted("a-b", keysOf: ["enc", "x", "-"]) == "a-b")
  }

  @Test(
    "not by a batch with such a key",
    arguments: ["0xcaca07zz", "0xcaca07 0xcaca07", "Pcaca07 Pcaca07"])
  func inconspicuousInBatch(_ keys: String) async throws {
    let line = "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 257 enc cbc(aes) \(keys)\n"
    let file = try TemporaryFile(Array(line.utf8))
    let outcome = try await Tool.run(["batch", file.path, "--dry-run"])
    #expect(outcome.status == 65)
    #expect(outcome.complaint.contains(":1: "))
    #expect(!outcome.complaint.contains("caca"), "\(outcome.complaint)")
  }

  @Test(
    "what is left out is numbers that are too long for anything else",
    arguments: [
      ("no key: 0xca4a51deadc0ffee00 is", "no key: 0x… is"), ("ca4a51deadc0ffee00123", "…"),
      ("0xffffffffffffffff", "0xffffffffffffffff"),
      ("18446744073709551615", "18446744073709551615"),
      ("--0Xffffffffffffffff0", "--0X…"), ("2001:db8:1111:2222:3333:4444:5555:6666 → ::", nil),
      ("", nil),
    ])
  func redacted(_ text: String, _ result: String?) {
    #expect(Redaction.redacted(text) == result ?? text)
  }

  @Test(
    "not by a command that is done, refused or only told of, nor one with a key in a wrong place",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"))
  func commands() async throws {
    let tool = try PrivateTool()
    let options = ["", "--dry-run", "--explain", "--show-request", "--dry-run --explain --quiet"]
    let all = Self.lines.flatMap { line in options.map { "\(line) \($0)" } } + Self.strayLines
    for line in all {
      let outcome = try await tool.run(line)
      #expect(!Self.tells(outcome.output + outcome.complaint), "\(line)")
      #expect(!outcome.output.isEmpty || !outcome.complaint.isEmpty, "\(line)")
    }
    for line in Self.lines {
      #expect(Self.tells(try await tool.run("\(line) --show-request --show-keys").output))
    }
  }

  @Test(
    "not by a batch", .enabled(if: geteuid() == 0, "needs root for network namespaces"),
    arguments: ["--keep-going", "--dry-run", ""])
  func batches(_ option: String) async throws {
    let tool = try PrivateTool()
    let lines =
      (Self.mistakes.map { $0.joined(separator: " ") } + Self.lines + Self.strayLines)
      .filter { !$0.hasPrefix("monitor") } + ["state add 'enc x 0x\(Self.canary)"]
    let outcome = try await tool.run("batch - \(option)", input: lines.joined(separator: "\n"))
    #expect(outcome.status != 0)
    #expect(!Self.tells(outcome.output + outcome.complaint))
    let least = option.isEmpty ? 2 : 100
    #expect(outcome.complaint.split(separator: "\n").count >= least)
  }

  @Test(
    "not by what a monitor hears, in text and in JSON, unless asked for",
    .enabled(if: geteuid() == 0, "needs root for network namespaces"), arguments: ["", "--json"])
  func monitor(_ form: String) async throws {
    let tool = try PrivateTool()
    // What is announced has the form of the request.
    let request = try await tool.run("\(Self.lines[0]) --show-request --show-keys --quiet").output
    let file = try TemporaryFile(hex(request))
    let hidden = try await tool.run("monitor file \(file.path) \(form)")
    #expect(hidden.status == 0, "\(hidden.complaint)")
    #expect(hidden.output.contains("rfc4106"))
    #expect(!Self.tells(hidden.output + hidden.complaint))
    #expect(Self.tells(try await tool.run("monitor file \(file.path) \(form) --show-keys").output))
  }
}
