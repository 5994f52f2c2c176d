import TestSupport
import Testing

@testable import xfrmctl

/// What is offered for a command line as a shell hands it over; nothing here looks at the kernel.
@Suite("Words that complete a line")
struct WordCompletionTests {
  /// Completes what stands behind the last blank.
  private func completed(_ line: String) -> Set<String> {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return Set(
      WordCompletion.candidates(words, at: words.count - 1, prefix: words.last ?? ""))
  }

  @Test(
    "fit the grammar, and begin as the word does",
    arguments: [
      ("xfrmctl state add src 192.0.2.1 dst 192.0.2.2 proto ", "esp ah comp route2 hao ipsec-any"),
      ("xfrmctl state add proto e", "esp"), ("xfrmctl policy add dir ", "in out fwd"),
      ("xfrmctl policy add dir out action bl", "block"), ("xfrmctl monitor S", "SA"),
      ("xfrmctl state add proto esp mode t", "transport tunnel"),
      (
        "xfrmctl state add proto esp spi 1 aead rfc4",
        "rfc4106(gcm(aes)) rfc4309(ccm(aes)) "
          + "rfc4543(gcm(aes))"
      ),
      ("xfrmctl state add proto esp spi 1 enc cbc(a", "cbc(aes)"),
      ("xfrmctl state add proto esp spi 1 auth hmac(sha5", "hmac(sha512)"),
      ("xfrmctl state add proto comp comp def", "deflate"),
      ("xfrmctl nonsense ", ""), ("xfrmctl state add proto esp ctx ", ""),
    ])
  func grammar(line: String, expected: String) {
    #expect(completed(line) == words(expected))
  }

  @Test(
    "heed what a key and a check value are for",
    arguments: [
      ("xfrmctl state add proto esp aead 'rfc4106(gcm(aes))' ", "generate"),
      ("xfrmctl state add proto esp aead 'rfc4106(gcm(aes))' generate ", "64 96 128"),
      (#"xfrmctl state add proto esp aead rfc4106\(gcm\(aes\)\) generate "#, "64 96 128"),
      ("xfrmctl state add proto ah auth-trunc \"hmac(sha256)\" generate ", "96 128 256"),
      ("xfrmctl ip xfrm state add proto esp aead 'rfc4106(gcm(aes))' ", ""),
    ])
  func keys(line: String, expected: String) {
    #expect(completed(line) == words(expected))
  }

  @Test(
    "are found past options, and not in their values",
    arguments: [
      ("xfrmctl state add --dry-run -n no-such proto -q ", "esp ah comp route2 hao ipsec-any"),
      ("xfrmctl policy list --sort -priority --tsv action ", "allow block"),
      ("xfrmctl policy list --netns=no-such action ", "allow block"),
      ("xfrmctl policy list --fields ", ""),
    ])
  func options(line: String, expected: String) {
    #expect(completed(line) == words(expected))
  }

  @Test(
    "of ip come behind its options and xfrm",
    arguments: [
      ("xfrmctl ip ", "xfrm"), ("xfrmctl ip -s -o x", "xfrm"),
      ("xfrmctl ip xfrm ", "state policy monitor"), ("xfrmctl ip -4 xfrm policy f", "flush"),
      ("xfrmctl ip xfrm state add proto esp mode i", "in_trigger"),
    ])
  func ip(line: String, expected: String) {
    #expect(completed(line) == words(expected))
  }

  @Test("come behind addresses that bash breaks at colons")
  func colons() {
    let line = "xfrmctl state delete src 2001 : db8 :: 1 dst fe80 :: 1 pro"
    #expect(completed(line) == ["proto"])
  }

  @Test("end where the cursor is, whatever stands behind it")
  func cursor() {
    let words = ["xfrmctl", "state", "add", "proto", "", "spi", "1"]
    #expect(WordCompletion.candidates(words, at: 4, prefix: "a") == ["ah"])
  }

  @Test("know which options have values")
  func optionsWithValues() async throws {
    let script = try await Tool.run(["--generate-completion-script", "bash"]).output
    var options: Set<String> = []
    for list in script.matches(of: /non_repeating_options=\((.*)\)/) {
      options.formUnion(list.1.split(separator: " ").map(String.init))
    }
    // Of commands without such words, and of ip, where they stand in front.
    options.subtract([
      "--proposal", "--datagrams", "--stream", "--host", "--or", "--config", "--directory",
      "--peer-directory", "--out", "--namespace", "--run-dir", "--state-dir",
      "--phase", "--grace", "--peer-state-dir", "--to", "--from", "--keys-to", "--keys-in",
      "--spokes", "--name", "--lab", "--mode", "--size", "--sas", "--family", "--seconds", "--svg",
    ])
    #expect(options == UnfinishedLine.optionsWithValue)
  }

  private func words(_ text: String) -> Set<String> {
    Set(text.split(separator: " ").map(String.init))
  }
}
