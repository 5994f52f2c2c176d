import TestSupport
import Testing

/// The tool as a user meets it: wrong first.
@Suite("The tool")
struct ToolTests {
  @Test("bad input is one clear line and a documented exit status", arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    let outcome = try await Tool.run(mistake.arguments)
    #expect(outcome.status == mistake.status)
    #expect(outcome.output == "")
    // Words of the grammar are shown, with a mark under the one at fault.
    let count = outcome.complaint.split(separator: "\n").count
    let isMarked = outcome.complaint.contains("^")
    #expect(isMarked ? (3...6).contains(count) : count == 1, "\(outcome.complaint)")
    #expect(outcome.complaint.hasPrefix("xfrmctl: "))
    #expect(outcome.complaint.contains(mistake.words), "\(outcome.complaint)")
    #expect(!outcome.complaint.contains("Fatal error"))
    #expect(!outcome.complaint.contains("Stack dump"))
  }

  @Test("the version is one line")
  func version() async throws {
    let outcome = try await Tool.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "xfrmctl 0.1.0\n")
  }

  @Test(
    "output that cannot be written is no success",
    arguments: [
      ["check"], ["state", "list"], ["policy", "list", "--json"],
    ])
  func full(_ command: [String]) async throws {
    let outcome = try await Tool.runIntoFullDevice(command)
    #expect(outcome.status == 1)
    #expect(outcome.complaint.contains("cannot write the output: No space left on device"))
  }

  @Test("help for every command has an example and fits a terminal", arguments: commands)
  func help(_ command: [String]) async throws {
    let outcome = try await Tool.run(command + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("xfrmctl \(command.joined(separator: " "))"))
    #expect(outcome.output.contains("Example"))
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  static let commands =
    [
      [], ["check"], ["check", "report"], ["lab"], ["lab", "demo"], ["bench"], ["monitor"],
      ["batch"], ["ip"], ["state"], ["policy"], ["config"], ["doctor"], ["explain"], ["statistics"],
      ["explain", "packet"],
    ]
    + ["up", "down", "list", "exec", "graph"].map { ["lab", $0] }
    + ["add", "update", "delete", "deleteall", "flush", "list", "get", "count"].flatMap { verb in
      [["state", verb], ["policy", verb]]
    }
    + ["check", "format", "schema", "example", "show"].map { ["config", $0] }
    + ["replace", "allocspi", "migrate", "ae"].map { ["state", $0] }
    + ["set", "setdefault", "getdefault"].map { ["policy", $0] }

  static let mistakes = [
    Mistake(["frobnicate"], 64, "Unexpected argument 'frobnicate'; see xfrmctl --help"),
    Mistake(["chek"], 64, "Unexpected argument 'chek'; did you mean “check”? See xfrmctl --help"),
    Mistake(["config", "shwo"], 64, "did you mean “show”? See xfrmctl config --help"),
    Mistake(["explain", "packet", "--frob"], 64, "see xfrmctl explain packet --help"),
    Mistake(["check", "--json=yes"], 64, "; see xfrmctl check --help"),
    Mistake(["check", "--fast"], 64, "Unknown option '--fast'"),
    Mistake(["check", "--explain"], 64, "Missing value for '--explain"),
    Mistake(["check", "--explain", "EPERM", "--load"], 64, "--explain goes with --json"),
    Mistake(["check", "--explain", "EPERM", "--format", "html"], 64, "--explain goes with"),
    Mistake(["check", "--quiet", "--verbose"], 64, "--quiet and --verbose cannot be used"),
    Mistake(["check", "--json", "--format", "html"], 64, "--json and --format html cannot"),
    Mistake(["check", "--format", "tap"], 64, "there is no format “tap”; formats are text"),
    Mistake(["check", "--list", "--format", "junit"], 64, "--list takes the formats text, json"),
    Mistake(["check", "--list", "--load"], 64, "--list goes with --profile and a format"),
    Mistake(["check", "--root", "/tmp", "--load"], 64, "--root and --load cannot be used"),
    Mistake(["check", "--kernel", "6.1"], 64, "--kernel takes --root with it"),
    Mistake(["check", "--root", "/no/such"], 65, "/no/such is no folder"),
    Mistake(["check", "--profile", "algp"], 65, "did you mean algo?"),
    Mistake(["check", "--profile", "/no/such"], 65, "profiles are minimal, gateway, strongswan"),
    Mistake(["check", "report"], 64, "Missing expected argument '<file> ...'"),
    Mistake(["check", "report", "x", "--format", "junit"], 64, "takes the formats html, markdown"),
    Mistake(["check", "report", "x", "--strict"], 64, "report goes with --format and --json"),
    Mistake(["check", "report", "/no/such"], 65, "No such file or directory"),
    Mistake(["check", "--explain", "xfrm.esp4.gmc"], 65, "did you mean xfrm.esp4.gcm"),
    Mistake(["check", "--explain", "PSK open sesame"], 65, "nothing is known of “PSK …”"),
    Mistake(["state", "list", "extra"], 64, "\"extra\" is no keyword"),
    Mistake(["policy", "frob"], 64, "Command \"frob\" is unknown"),
    Mistake(["state", "count", "extra"], 64, "Unexpected argument 'extra'"),
    Mistake(["state", "list", "--netns"], 64, "Missing value for '--netns"),
    Mistake(["state", "list", "--netns", "no-such-ns"], 65, "there is none of that name"),
    Mistake(["policy", "list", "--netns", "../../proc"], 65, "that is no network namespace"),
    Mistake(["policy", "list", "-n", ""], 65, "“”: that is no network namespace"),
    Mistake(["lab", "demo", "--proposal", "rot13"], 64, "there is no proposal “rot13”"),
    Mistake(["lab", "demo", "--datagrams", "0"], 64, "--datagrams takes 2 to 1000000"),
    Mistake(["lab", "demo", "--stream", "many"], 64, "'many' is invalid"),
  ]
}

struct Mistake: CustomTestStringConvertible {
  var arguments: [String]
  var status: Int32
  /// What the first line must say.
  var words: String

  init(_ arguments: [String], _ status: Int32, _ words: String) {
    self.arguments = arguments
    self.status = status
    self.words = words
  }

  var testDescription: String { arguments.joined(separator: " ") }
}
