internal import Glibc
public import Subprocess

/// The xfrmctl that was built with the tests.
public enum Tool {
  public struct Outcome: Sendable {
    /// The exit status; 128 and its number for a signal.
    public var status: Int32
    public var output: String
    /// What it said on standard error.
    public var complaint: String
  }

  /// Runs it to its end, with a terminal's width of 80.
  public static func run(_ arguments: [String]) async throws -> Outcome {
    let ended = try await Subprocess.run(
      .name("xfrmctl"), arguments: Arguments(arguments), environment: environment,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    let status: Int32 =
      switch ended.terminationStatus {
      case .exited(let code): code
      case .signaled(let number): 128 + number
      }
    return Outcome(
      status: status, output: ended.standardOutput, complaint: ended.standardError)
  }

  /// Starts it, sends it a signal after a while, and waits for its end.
  public static func run(
    _ arguments: [String], signal: Signal, after delay: Duration
  ) async throws {
    _ = try await Subprocess.run(
      .name("xfrmctl"), arguments: Arguments(arguments), environment: environment,
      input: .none, output: .discarded, error: .discarded
    ) { execution in
      try await Task.sleep(for: delay)
      try execution.send(signal: signal)
    }
  }

  /// It lies beside the bundle of the tests.
  private static let environment: Environment = {
    // Sound: without a buffer of ours, realpath makes one, which is this one string's.
    let bundle = unsafe realpath(CommandLine.arguments[0], nil)
    let path = unsafe bundle.map { unsafe String(cString: $0) } ?? ""
    unsafe free(bundle)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return .inherit.updating(["PATH": folder, "COLUMNS": "80"])
  }()
}
