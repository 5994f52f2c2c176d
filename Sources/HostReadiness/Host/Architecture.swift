/// What processor a root file system is for, by its dynamic loader's name.
enum Architecture {
  private static let loaders = [
    "ld-linux-x86-64.so.2": "x86_64", "ld-linux.so.2": "i686",
    "ld-linux-aarch64.so.1": "aarch64", "ld-linux-armhf.so.3": "armv7l",
    "ld64.so.2": "ppc64le", "ld64.so.1": "s390x", "ld-linux-riscv64-lp64d.so.1": "riscv64",
  ]

  /// `nil` if no loader is known there.
  static func find(in tree: FileTree) throws(FileError) -> String? {
    // What can run 64-bit programs may have a loader for 32-bit ones as well.
    for directory in ["/lib64", "/usr/lib64", "/lib", "/usr/lib"] {
      let names = try tree.names(in: directory) ?? []
      if let known = names.lazy.compactMap({ loaders[$0] }).first(where: { $0 != "i686" }) {
        return known
      }
      // musl's has the name of the processor in it.
      if let musl = names.first(where: { $0.hasPrefix("ld-musl-") }) {
        return String(musl.dropFirst(8).prefix { $0 != "." })
      }
    }
    return try tree.names(in: "/lib")?.contains("ld-linux.so.2") == true ? "i686" : nil
  }
}
