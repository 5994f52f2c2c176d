import Testing

@testable import xfrmctl

/// What `--help` says at length.
@Suite("Help")
struct HelpTests {
  @Test("help is laid out to fit, so that nobody breaks its lines again")
  func layout() {
    #expect(CommandTree.discussions.count > 40)
    for (command, text) in CommandTree.discussions {
      for line in text.split(separator: "\n") { #expect(line.count < 80, "\(command): \(line)") }
    }
  }

  @Test("the list of exit statuses has all that there are")
  func statuses() {
    let text = CommandTree.discussions.first?.text ?? ""
    let listed = text.drop { $0 != "E" }.matches(of: /(\d+) +[a-z]/).compactMap { Int32($0.1) }
    #expect(Set(listed) == Set((0...77).filter { ExitStatus(rawValue: $0) != nil }))
  }
  @Test("wrong usage ends with where to look, in one sentence")
  func wrongUsage() {
    #expect(
      WrongUsage(["explain", "packet", "x"]).text("It is wrong.")
        == "It is wrong; see xfrmctl explain packet --help")
    #expect(
      WrongUsage(["check", "--fats"]).text("Unknown option '--fats'. Did you mean '--fast'?")
        == "Unknown option '--fats'. Did you mean '--fast'? See xfrmctl check --help")
  }
}
