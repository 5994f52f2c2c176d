internal import Subprocess

/// A program with arguments. No shell is involved.
struct Command: Sendable {
  var name: String
  var arguments: [String]

  /// How a program ended.
  struct Result: Hashable, Sendable {
    /// The exit status, or what a shell makes of a signal: 128 and its number.
    var status: Int32
    var output: String
    /// What it said on standard error.
    var complaint: String
  }

  init(_ name: String, _ arguments: String...) {
    self.name = name
    self.arguments = arguments
  }

  /// Runs the program to its end.
  ///
  /// It is looked for where the system keeps its own, and gets an environment of nothing but that
  /// path: not the caller's, where `MODPROBE_OPTIONS` for one could change what is asked for.
  func run() throws(CommandError) -> Result {
    let answer = waitingFor { await self.collect() }
    switch answer {
    case .success(let result): return result
    case .failure(let error): throw error
    }
  }

  private func collect() async -> Swift.Result<Result, CommandError> {
    do {
      let ended = try await Subprocess.run(
        .name(name), arguments: Arguments(arguments),
        environment: .custom(["PATH": Self.path, "LC_ALL": "C"]),
        output: .string(limit: Self.limit), error: .string(limit: Self.limit))
      let status: Int32 =
        switch ended.terminationStatus {
        case .exited(let code): code
        case .signaled(let number): 128 + number
        }
      return .success(
        Result(
          status: status, output: ended.standardOutput, complaint: ended.standardError))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return .failure(.notFound(name))
    } catch {
      return .failure(.failed(name, "\(error)"))
    }
  }

  private static let path = "/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin"
  private static let limit = 16 << 20
}

extension Command: CustomStringConvertible {
  var description: String { ([name] + arguments).joined(separator: " ") }
}

/// Why a program could not be run.
enum CommandError: Error, Hashable, Sendable {
  /// There is no program of this name.
  case notFound(String)
  case failed(String, String)
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notFound(let name): "there is no \(name) here"
    case .failed(let name, let reason): "could not run \(name): \(reason)"
    }
  }
}
