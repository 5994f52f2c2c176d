internal import CInterposition
internal import FoundationEssentials
internal import Glibc
internal import Subprocess
public import XFRMKit

/// xfrmctl in a network namespace of a test. It takes root, and nsenter of util-linux.
public struct PrivateTool: Sendable {
  public let namespace: NetworkNamespace
  /// The thread that lives in it as long as it is there, below `/proc`.
  private let thread: String

  /// - Parameter namespace: One that nobody else is in if `nil`.
  public init(in namespace: NetworkNamespace? = nil) throws {
    self.namespace = try namespace ?? .create()
    let link = try self.namespace.run {
      // Without it every start fails.
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
    }
    thread = "/proc/\(link ?? "")"
  }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - line: Its arguments, with blanks between them.
  ///   - input: What stdin holds. It is never a terminal.
  ///   - user: The number of the user who runs it.
  @discardableResult
  public func run(
    _ line: String, input: String = "", environment: [String: String] = [:], user: UInt32 = 0
  ) async throws -> Tool.Outcome {
    try await outcome(of: ["nsenter"] + arguments(line, user), input, environment)
  }

  /// Runs a script for sh there to its end. `$1` and so on are the arguments.
  public func shell(_ script: String, _ arguments: [String] = []) async throws -> Tool.Outcome {
    try await Shell.run(
      "exec nsenter \"--net=$0/ns/net\" -- sh -c \"$@\"", [script, "sh"] + arguments, name: thread)
  }

  /// Runs it until it ends, or the kernel kills it at the first byte that a file of its would have
  /// beyond so many. It takes prlimit of util-linux.
  public func run(_ line: String, killedBeyond bytes: Int) async throws {
    var words = ["nsenter"] + arguments(line, 0)
    words.insert(contentsOf: ["prlimit", "--fsize=\(bytes)"], at: 3)
    _ = try await outcome(of: words, "", [:])
  }

  /// Runs it until it ends, or is killed, whichever is first.
  public func run(_ line: String, killedAfter time: Duration) async throws {
    _ = try await Subprocess.run(
      .name("nsenter"), arguments: Arguments(arguments(line, 0)), environment: added([:]),
      input: .none, output: .discarded, error: .discarded
    ) { execution in
      try await Task.sleep(for: time)
      // Where it has ended by itself there is nothing to kill.
      try? execution.send(signal: .kill)
    }
  }

  /// Runs it until it ends, or is about to make a call that it is killed instead of.
  ///
  /// - Parameter call: Which one, counted from 0, of those by which files or the kernel's databases
  ///   are changed or asked; `nil` for none.
  /// - Returns: How many it made, and whether it was killed.
  public func run(_ line: String, killedAtCall call: Int?) -> (calls: Int, isKilled: Bool) {
    var made: Int32 = 0
    let words = ["nsenter"] + arguments(line, 0)
    // Sound: words and number outlive the call, and a null pointer stands behind the words.
    var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
    let status = unsafe cni_run_killed(&pointers, Int32(call ?? -1), &made)
    while let pointer = unsafe pointers.popLast() { unsafe free(pointer) }
    // As wait(2) has it: the signal is in the lowest bits, and below 0 it was not even started.
    return (Int(made), status > 0 && status & 0x7f == SIGKILL)
  }

  /// Runs it to its end on a terminal of its own, which shows its stderr, too, and the input.
  public func runOnTerminal(_ line: String, input: String) async throws -> Tool.Outcome {
    let command = "exec nsenter '--net=\(thread)/ns/net' '\(Tool.folder)/xfrmctl' \(line)"
    return try await outcome(
      of: ["script", "--quiet", "--return", "--command", command, "/dev/null"], input, [:])
  }

  /// Starts one that listens, lets `body` do something once it does, and ends it by SIGTERM.
  ///
  /// - Parameters:
  ///   - isEnough: Whether it has printed all that is waited for; it has twenty seconds
  ///     for that once `body` is done.
  public func listen(
    _ line: String, until isEnough: @escaping @Sendable (String) -> Bool,
    during body: @Sendable () async throws -> Void
  ) async throws -> Tool.Outcome {
    let ended = try await Subprocess.run(
      .name("nsenter"), arguments: Arguments(arguments(line, 0)),
      environment: added([:]),
      input: .none, output: .sequence, error: .string(limit: 1 << 20)
    ) { execution in
      // Where it has ended by itself there is nothing to end.
      defer { try? execution.send(signal: .terminate) }
      var tries = 0
      while !isListening, tries < 800 {
        tries += 1
        try await Task.sleep(for: .milliseconds(5))
      }
      try await body()
      let deadline = Task {
        try await Task.sleep(for: .seconds(20))
        try execution.send(signal: .terminate)
      }
      defer { deadline.cancel() }
      var text = ""
      for try await line in execution.standardOutput.strings() {
        text += line + "\n"
        if isEnough(text) { break }
      }
      return text
    }
    return Tool.Outcome(
      status: Tool.number(ended.terminationStatus), output: ended.closureResult,
      complaint: ended.standardError)
  }

  private func outcome(
    of words: [String], _ input: String, _ environment: [String: String]
  ) async throws -> Tool.Outcome {
    // From a file: who writes to a pipe that nobody reads is ended by a signal.
    let file = try TemporaryFile(Array(input.utf8))
    let ended = try await Subprocess.run(
      .name("sh"), arguments: Arguments(["-c", "exec \"$@\" <\"$0\"", file.path] + words),
      environment: added(environment), output: .string(limit: 1 << 22),
      error: .string(limit: 1 << 22))
    return Tool.Outcome(
      status: Tool.number(ended.terminationStatus), output: ended.standardOutput,
      complaint: ended.standardError)
  }

  private func arguments(_ line: String, _ user: UInt32) -> [String] {
    let become =
      user == 0 ? [] : ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
    return ["--net=\(thread)/ns/net", "--"] + become + ["\(Tool.folder)/xfrmctl"]
      + line.split(separator: " ").map(String.init)
  }

  private func added(_ environment: [String: String]) -> Environment {
    var values: [Environment.Key: String] = [
      "COLUMNS": "80", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    return .inherit.updating(values)
  }

  /// Whether a socket in the namespace is in any group of XFRM's.
  private var isListening: Bool {
    // Without the file it is never seen to listen, and what it should hear is not heard.
    let data = (try? Data(contentsOf: URL(filePath: "\(thread)/net/netlink"))) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").contains { line in
      let columns = line.split(separator: " ")
      return columns.count > 3 && columns[1] == "6" && columns[3].contains { $0 != "0" }
    }
  }
}
