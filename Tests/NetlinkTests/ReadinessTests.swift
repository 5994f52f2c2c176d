import Glibc
import Testing

@testable import Netlink

@Suite("Waiting for a descriptor", .timeLimit(.minutes(1)))
struct ReadinessTests {
  /// Both ends of a pipe: a file that is read, and one that is written.
  private static func pipe() throws -> (output: Int32, input: Int32) {
    var ends: (Int32, Int32) = (0, 0)
    // Sound: the tuple is two integers in a row, and outlives the call.
    let result = unsafe withUnsafeMutablePointer(to: &ends) {
      unsafe $0.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe Glibc.pipe($0) }
    }
    try #require(result == 0)
    return ends
  }

  @Test("ends when there is something to read, and not before")
  func reading() async throws {
    let (output, input) = try Self.pipe()
    defer {
      close(output)
      close(input)
    }
    let readiness = try Readiness(output)
    let began = ContinuousClock.now
    async let waited: Void = readiness.wait()
    try await Task.sleep(for: .milliseconds(50))
    var byte: UInt8 = 0
    unsafe #expect(write(input, &byte, 1) == 1)
    await waited
    #expect(ContinuousClock.now - began >= .milliseconds(50))
    // It is still there.
    await readiness.wait()
  }

  @Test("ends when there is an error to tell and nothing to read")
  func error() async throws {
    let (output, input) = try Self.pipe()
    defer { close(input) }
    let readiness = try Readiness(input)
    close(output)
    await readiness.wait()
    // It is still there.
    await readiness.wait()
  }
}
