import Testing

@testable import XFRMConfig

/// Files with mistakes, and every word that is said about them: Fixtures/broken.txt.
@Suite("Broken files")
struct BrokenFileTests {
  static let cases = FixtureCase.all(of: "broken.txt")

  @Test("are told of with place, value and what is allowed", arguments: cases)
  func told(_ broken: FixtureCase) {
    let loaded = broken.load()
    let findings =
      loaded.diagnostics + (loaded.configuration?.expanded(PendingBundles()).findings ?? [])
    #expect(text(of: findings, omitted: loaded.omittedErrors) == broken.expected)
  }

  @Test("are many, and almost all have errors")
  func many() {
    #expect(Self.cases.count >= 200)
    #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    let withoutErrors = Self.cases.filter { !$0.expected.contains(": error: ") }
    #expect(
      withoutErrors.map(\.name) == [
        "no encryption", "no encryption, but a check", "a policy that is never reached",
      ])
  }

  @Test("what is right is told nothing of")
  func right() {
    for example in ConfigurationExample.all where example.name != "lab" {
      #expect(load(["main.yaml": example.text]).diagnostics == [], "\(example.name)")
    }
  }

  @Test("the first fifty errors are told of, and how many there are")
  func limit() {
    let lines = (0..<80).map { "key\($0): 1\n" }.joined()
    let loaded = load(["main.yaml": lines])
    #expect(loaded.diagnostics.count == 50)
    #expect(loaded.omittedErrors == 30)
  }

  @Test("places are those of the file, whatever stands before")
  func places() throws {
    let loaded = load(["main.yaml": "# “ä€😀”\r\n\r\nstrict: true # ü\r\nnamespace:   'ü'\r\n"])
    let place = try #require(loaded.diagnostics.first?.span)
    #expect("\(place)" == "main.yaml:4:14")
    #expect(place.width == 3)
  }
}
