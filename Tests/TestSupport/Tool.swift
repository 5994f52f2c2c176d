internal import FoundationEssentials
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

    public init(status: Int32, output: String, complaint: String) {
      self.status = status
      self.output = output
      self.complaint = complaint
    }
  }

  /// Runs it to its end, with a terminal's width of 80.
  public static func run(_ arguments: [String]) async throws -> Outcome {
    let ended = try await Subprocess.run(
      .name("xfrmctl"), arguments: Arguments(arguments), environment: environment,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return Outcome(
      status: number(ended.terminationStatus), output: ended.standardOutput,
      complaint: ended.standardError)
  }

  /// Runs it with a stdout on which nothing can be written.
  public static func runIntoFullDevice(_ arguments: [String]) async throws -> Outcome {
    let ended = try await Subprocess.run(
      .name("sh"),
      arguments: Arguments(
        ["-c", "exec \"$0\" \"$@\" >/dev/full", "\(folder)/xfrmctl"] + arguments),
      output: .discarded, error: .string(limit: 1 << 20))
    return Outcome(
      status: number(ended.terminationStatus), output: "", complaint: ended.standardError)
  }

  /// Starts it, sends it a signal once it holds that many network namespaces, and tells how it
  /// ended.
  public static func run(
    _ arguments: [String], signal: Signal, onceNamespacesAreOpen count: Int
  ) async throws -> TerminationStatus {
    try await run(arguments, signal: signal) { process in
      // Seldom, as looking costs the one processor of a guest more than the lab itself does.
      for _ in 0..<200 where openNamespaces(of: process) < count {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Starts it, sends it a signal as soon as `wait`, which is given the number of the process,
  /// returns, and tells how it ended.
  public static func run(
    _ arguments: [String], signal: Signal, after wait: (Int32) async throws -> Void
  ) async throws -> TerminationStatus {
    try await Subprocess.run(
      .name("xfrmctl"), arguments: Arguments(arguments), environment: environment,
      input: .none, output: .discarded, error: .discarded
    ) { execution in
      try await wait(execution.processIdentifier.value)
      try execution.send(signal: signal)
    }.terminationStatus
  }

  private static func openNamespaces(of process: Int32) -> Int {
    let folder = "/proc/\(process)/fd"
    let files = FileManager.default
    // A process that has ended has none open.
    let descriptors = (try? files.contentsOfDirectory(atPath: folder)) ?? []
    return descriptors.count { descriptor in
      let target = try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)")
      return target?.hasPrefix("net:[") == true
    }
  }

  static func number(_ ending: TerminationStatus) -> Int32 {
    switch ending {
    case .exited(let code): code
    case .signaled(let number): 128 + number
    }
  }

  /// It lies beside the bundle of the tests.
  public static let folder: String = {
    // Sound: without a buffer of ours, realpath makes one, which is this one string's.
    let bundle = unsafe realpath(CommandLine.arguments[0], nil)
    let path = unsafe bundle.map { unsafe String(cString: $0) } ?? ""
    unsafe free(bundle)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }()

  private static let environment = Environment.inherit.updating([
    "PATH": folder, "COLUMNS": "80",
  ])
}
