import Testing

@testable import xfrmctl

@Suite("Text")
struct TextTests {
  @Test(
    "counts have their thousands apart",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
      (-100, "-100"),
    ])
  func counts(_ number: Int, _ text: String) { #expect(Text.count(number) == text) }

  @Test(
    "bytes have a unit a person can read",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (16 << 20, "16.0 MiB"), (1_048_575, "1.0 MiB"), (UInt64.max, "16384.0 PiB"),
    ] as [(UInt64, String)])
  func bytes(_ number: UInt64, _ text: String) { #expect(Text.bytes(number) == text) }

  @Test("times are ISO 8601")
  func times() {
    #expect(Text.time(0) == "1970-01-01T00:00:00Z")
    #expect(Text.time(1_795_329_840) == "2026-11-22T06:44:00Z")
  }

  @Test(
    "durations have the two units that matter",
    arguments: [
      (0, "0 s"), (59, "59 s"), (60, "1 min"), (90, "1 min 30 s"), (3600, "1 h"),
      (5400, "1 h 30 min"), (86_400, "1 d"), (90_061, "1 d 1 h"), (86_460, "1 d"),
      (UInt64.max, "213,503,982,334,601 d 7 h"),
    ] as [(UInt64, String)])
  func durations(_ seconds: UInt64, _ text: String) { #expect(Text.duration(seconds) == text) }

  @Test("a moment in the future has no age")
  func ages() {
    #expect(Text.time(60, now: 120) == "1970-01-01T00:01:00Z (1 min ago)")
    #expect(Text.time(60, now: 30) == "1970-01-01T00:01:00Z")
    #expect(Text.time(60, now: nil) == "1970-01-01T00:01:00Z")
  }

  @Test("lines break at spaces")
  func wrapping() {
    #expect(Text.wrap("one two three", width: 7) == ["one two", "three"])
    #expect(Text.wrap("extraordinary", width: 4) == ["extraordinary"])
    #expect(Text.wrap("", width: 4) == [])
  }

  @Test("is centred")
  func centring() {
    #expect(Text.center("ab", 5, filledWith: "-") == "-ab--")
    #expect(Text.center("abcdef", 3) == "abcdef")
  }
}
