internal import Subprocess

/// Scripts for sh, which finds the xfrmctl that was built with the tests.
public enum Shell {
  /// Runs a script to its end. `$1` and so on are the arguments, `$0` is its name, `$XFRMCTL` is the
  /// tool.
  public static func run(
    _ script: String, _ arguments: [String] = [], path: [String] = [], input: String = "",
    name: String = "sh"
  ) async throws -> Tool.Outcome {
    let folders = path + ["/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    let ended = try await Subprocess.run(
      .name("sh"), arguments: Arguments(["-c", script, name] + arguments),
      environment: .inherit.updating([
        "PATH": folders.joined(separator: ":"), "XFRMCTL": "\(Tool.folder)/xfrmctl",
      ]),
      input: .string(input), output: .string(limit: 1 << 24), error: .string(limit: 1 << 24))
    return Tool.Outcome(
      status: Tool.number(ended.terminationStatus), output: ended.standardOutput,
      complaint: ended.standardError)
  }

  /// A word as sh reads it.
  public static func quoted(_ word: String) -> String {
    "'\(word.replacing("'", with: #"'\''"#))'"
  }
}
