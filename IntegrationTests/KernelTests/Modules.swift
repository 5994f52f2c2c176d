import Subprocess

@testable import HostReadiness

/// The modules of a guest's kernel. The machine's own are left alone.
enum Modules {
  static func loaded() throws -> Set<Substring> {
    // In one piece: the list of a kernel with many is longer than what a read of it gives.
    let modules = try LoadedModules(FileTree(root: "/"))
    return Set(modules?.names.map { $0[...] } ?? [])
  }

  /// IPv6, which nothing loads that only asks about it.
  static func loadIPv6() async throws {
    guard Bed.name != "host" else { return }
    try await modprobe("ipv6")
  }

  /// The kernel takes namespaces away, and SAs with them, a little after nobody needs them.
  static func unload(_ name: String) async throws {
    for _ in 0..<20 {
      do { return try await modprobe("--remove", name) } catch let error as Failed
        where error.words.contains("in use")
      {
        try await Task.sleep(for: .milliseconds(500))
      }
    }
    try await modprobe("--remove", name)
  }

  private static func modprobe(_ arguments: String...) async throws {
    let ended = try await Subprocess.run(
      .name("modprobe"), arguments: Arguments(arguments), output: .discarded,
      error: .string(limit: 4096))
    guard ended.terminationStatus.isSuccess else {
      throw Failed(words: ended.standardError)
    }
  }

  private struct Failed: Error {
    var words: String
  }
}
