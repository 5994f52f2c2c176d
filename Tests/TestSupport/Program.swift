internal import Glibc
internal import Subprocess

/// Another program of the host, to compare with.
public struct Program: Sendable {
  private let name: String
  private static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

  /// `ip` of iproute2.
  public static let ip = Program("ip")

  /// Finds it where administrators' programs are, `nil` if it is nowhere.
  public init?(_ name: String) {
    // Sound: the text outlives the call.
    let isThere = Self.folders.contains { unsafe access("\($0)/\(name)", X_OK) == 0 }
    guard isThere else { return nil }
    self.name = name
  }

  /// Runs it to its end, which has to be a good one, and tells what it printed.
  public func output(_ arguments: [String]) async throws -> [UInt8] {
    let ended = try await Subprocess.run(
      .name(name), arguments: Arguments(arguments),
      environment: .inherit.updating(["PATH": Self.folders.joined(separator: ":")]),
      output: .bytes(limit: 1 << 26), error: .string(limit: 1 << 16))
    guard ended.terminationStatus.isSuccess else {
      throw Failure(arguments: arguments, complaint: ended.standardError)
    }
    return ended.standardOutput
  }

  /// It complained.
  public struct Failure: Error {
    public var arguments: [String]
    public var complaint: String
  }
}
