import TestSupport
import Testing

@testable import HostReadiness

@Suite struct CommandTests {
  private func run(_ command: Command) async throws -> Command.Result {
    try await onOrdinaryThread { try command.run() }
  }

  @Test func collectsOutputAndStatus() async throws {
    let result = try await run(Command("sh", "-c", "echo out; echo err >&2; exit 3"))
    #expect(result == Command.Result(status: 3, output: "out\n", complaint: "err\n"))
  }

  @Test func tellsOfASignal() async throws {
    #expect(try await run(Command("sh", "-c", "kill -9 $$")).status == 128 + 9)
  }

  @Test func argumentsAreNotASentence() async throws {
    #expect(try await run(Command("echo", "a  b", "$HOME", ";")).output == "a  b $HOME ;\n")
  }

  @Test func aProgramThatIsNotThere() async {
    await #expect(throws: CommandError.notFound("xfrmctl-no-such-program")) {
      try await run(Command("xfrmctl-no-such-program"))
    }
  }

  @Test func theCallersEnvironmentStaysOut() async throws {
    let environment = try await run(Command("env")).output.lines.map { $0.prefix { $0 != "=" } }
    #expect(Set(environment) == ["PATH", "LC_ALL"])
  }

  @Test func collectsMoreThanAPipeHolds() async throws {
    let result = try await run(Command("sh", "-c", "seq 100000; seq 100000 >&2"))
    #expect(result.output.utf8.count == 588_895)
    #expect(result.complaint == result.output)
  }

  @Test func describesItself() {
    #expect("\(Command("modprobe", "-b", "esp4"))" == "modprobe -b esp4")
  }
}
