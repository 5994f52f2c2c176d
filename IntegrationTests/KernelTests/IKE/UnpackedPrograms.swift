import Glibc
import Synchronization
import TestSupport
import Testing

/// Programs of a daemon that were unpacked and not installed, in a namespace of a test: they lie
/// over /usr, and /run is empty, which nobody else sees.
struct UnpackedPrograms: Sendable {
  let tool: PrivateTool
  private let tree: String

  /// - Parameters:
  ///   - tree: Where they were unpacked.
  ///   - tool: Of the namespace that they are to be in.
  init(_ tree: String?, in tool: PrivateTool) throws {
    self.tool = tool
    self.tree = try #require(tree)
  }

  /// Where the programs of a daemon were unpacked; `nil` if they were not.
  ///
  /// - Parameter variable: What IntegrationTests/run calls that.
  static func tree(_ variable: String) -> String? {
    // Sound: nothing changes the environment of this process.
    unsafe getenv(variable).map { unsafe String(cString: $0) }
  }

  /// Runs one to its end, which has to be a good one, and tells what it printed.
  ///
  /// - Parameter words: The program and its arguments, behind variables for it as `env` takes them.
  @discardableResult
  func output(_ words: [String]) async throws -> String {
    try await tool.shell("exec \(Self.inside)", [tree] + words).successful(words)
  }

  /// Starts one that goes on.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments, behind variables for it as `env` takes them.
  ///   - output: The file that it prints to.
  func start(_ words: [String], output: String) async throws -> DaemonProcess {
    let started = try await tool.shell(
      "output=$1; shift; \(Self.inside) >\"$output\" 2>&1 </dev/null & echo $!",
      [output, tree] + words)
    let number = try #require(pid_t(started.output.split(separator: "\n").first ?? ""))
    return DaemonProcess(number, tool)
  }

  private static let inside = """
    unshare --mount sh -c 'mount -t overlay overlay -o "lowerdir=$0/usr:/usr" /usr \
    && mount -t tmpfs run /run && exec env "$@"' "$@"
    """
}

/// A daemon that a test has started. It ends when nobody needs it any more.
final class DaemonProcess: Sendable {
  let number: pid_t
  private let tool: PrivateTool
  /// Then its number may be another's.
  private let isGone = Atomic(false)

  /// - Parameters:
  ///   - number: What the kernel calls it.
  ///   - tool: Of the namespace that it is in.
  init(_ number: pid_t, _ tool: PrivateTool) {
    self.number = number
    self.tool = tool
  }

  deinit {
    if !isGone.load(ordering: .relaxed) { Glibc.kill(number, SIGTERM) }
  }

  /// Runs a program that sees the files that it sees, to its end, which has to be a good one, and
  /// tells what it printed.
  ///
  /// - Parameter words: The program and its arguments, behind variables for it as `env` takes them.
  @discardableResult
  func output(_ words: [String]) async throws -> String {
    try await tool.shell(
      "mount=/proc/$1/ns/mnt; shift; exec nsenter --mount=$mount env \"$@\"", ["\(number)"] + words
    ).successful(words)
  }

  /// Waits until a command for sh succeeds, a minute at most.
  func wait(until command: String) async throws {
    let outcome = try await tool.shell(
      "for try in $(seq 600); do \(command) && exit; kill -0 \(number) || exit; sleep 0.1; done; exit 1"
    )
    try #require(outcome.status == 0, "not ready: \(command): \(outcome.complaint)")
  }

  /// Ends it at once, so that it tells nobody.
  func kill() async throws {
    Glibc.kill(number, SIGKILL)
    isGone.store(true, ordering: .relaxed)
    try await eventually("it does not end") { Glibc.kill(number, 0) != 0 }
  }
}

extension TestSupport.Tool.Outcome {
  /// What was printed, if all went well.
  fileprivate func successful(_ words: [String]) throws -> String {
    try #require(status == 0, "\(words): \(output)\(complaint)")
    return output
  }
}
