import TestSupport
import Testing

/// What the process that waits for a deadline leaves in the system's log.
extension Kernel.ManagerTests {
  private var logPath: String { "\(temporary.path)/log" }

  /// A program whose log is ours.
  private static let logged = #"""
    mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && ln -s "$0" /dev/log &&
      exec "$XFRMCTL" "$@"
    """#

  private func apply(_ line: String) async throws {
    let outcome = try await tool.shell(
      "exec unshare -m sh -c \"$@\"", [Self.logged, logPath] + "\(line) \(folders)".words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test(
    "the system's log has what is in the way, once, and that it went back", Bed.isAboutProcesses)
  func log() async throws {
    let log = try SystemLogSocket(at: logPath)
    let (old, next) = try await applied()
    try await apply("\(next) --confirm \(Bed.soon)s")
    #expect(log.lines() == [])
    _ = try await Shell.run(
      "cd \"$1\"/run/*/* && cp journal new && chmod 640 new && mv new journal", [temporary.path])
    try await Task.sleep(for: .seconds(Bed.soon + 3))
    let failures = log.lines()
    #expect(failures.count == 1 && failures.allSatisfy { $0.contains("the way back fails: ") })
    _ = try await Shell.run("chmod 600 \"$1\"/run/*/*/journal", [temporary.path])
    try await eventually("it does not go back") { try keys() == old }
    try await waitForNoGuard()
    let told = log.lines()
    #expect(told.count == 1, "\(told)")
    #expect(
      told.allSatisfy {
        $0.contains("xfrmctl[")
          && $0.contains(" was not confirmed in time: went back to configuration #")
      }, "\(told)")
  }

  @Test("nobody waits for ever for a journal that was taken away", Bed.isAboutProcesses)
  func journalTaken() async throws {
    let log = try SystemLogSocket(at: logPath)
    let (_, next) = try await applied()
    try await apply("\(next) --confirm \(2 * Bed.soon)s")
    let process = try #require(try await watchers().first)
    // Another one in its place, which has no patience; the control is one that has.
    let taken = try await Shell.run(
      #"""
      exec nsenter -t "$1" -m -n sh -c '
        set -- "$1" $(tr "\0" " " <"/proc/$0/cmdline") && kill -9 "$0" && cd "$1"/run/*/* && shift 2
        : >lines
        timeout 60 "$XFRMCTL" "$@" --patience 0s 3>&- >>lines &
        while [ "$(wc -l <lines)" -lt 2 ]; do sleep 0.02; done
        mv journal gone && wait' "$1" "$2"
      """#, ["\(process)", temporary.path])
    #expect(taken.status == 0, "\(taken.complaint)")
    let told = log.lines()
    #expect(told.count == 1 && told.allSatisfy { $0.contains("nobody leads back") }, "\(told)")
    #expect(try await watchers().isEmpty)
  }
}
