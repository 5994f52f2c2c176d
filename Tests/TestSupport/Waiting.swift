internal import Glibc

/// What a test has waited for in vain.
public struct NotInTime: Error, CustomStringConvertible {
  public var description: String
}

/// Looks every now and then until something is so.
///
/// - Parameters:
///   - complaint: What is told if it is not.
///   - time: How long it has: enough for the slowest machine, as nobody waits once it is so.
///   - isSo: Whether it is.
public func eventually(
  _ complaint: @autoclosure () -> String, within time: Duration = .seconds(60),
  _ isSo: () async throws -> Bool
) async throws {
  let start = ContinuousClock.now
  while try await !isSo() {
    guard ContinuousClock.now - start < time else { throw NotInTime(description: complaint()) }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Looks every now and then whether something is so, without leaving the thread.
///
/// - Parameters:
///   - time: How long it has.
///   - isSo: Whether it is.
/// - Returns: Whether it was in time.
public func eventually(within time: Duration, _ isSo: () throws -> Bool) rethrows -> Bool {
  let start = ContinuousClock.now
  while try !isSo() {
    guard ContinuousClock.now - start < time else { return false }
    usleep(10_000)
  }
  return true
}
