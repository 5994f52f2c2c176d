/// What the running kernel was booted with: `/proc/cmdline`.
struct KernelCommandLine: Sendable {
  static let file = "/proc/cmdline"

  private(set) var parameters: [(name: String, value: String?)] = []

  init(_ tree: FileTree) throws(FileError) {
    self.init(try tree.text(Self.file) ?? "")
  }

  /// Reads parameters that spaces separate, unless they stand in quotes.
  init(_ text: String) {
    var isQuoted = false
    let words = text.split { character in
      if character == "\"" { isQuoted.toggle() }
      return !isQuoted && character.isWhitespace
    }
    for word in words {
      // What stands behind this is for process 1.
      if word == "--" { break }
      let parts = word.filter { $0 != "\"" }.split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first, !name.isEmpty else { continue }
      parameters.append((moduleName(name), parts.count > 1 ? String(parts[1]) : nil))
    }
  }

  /// The values of a parameter, the last of which counts for the kernel.
  func values(_ name: String) -> [String] {
    parameters.filter { $0.name == name }.compactMap(\.value)
  }

  func has(_ name: String) -> Bool { parameters.contains { $0.name == name } }
}

extension KernelCommandLine {
  /// What keeps a module out: the kernel itself, or modprobe, which reads this, too.
  func block(of module: String) -> ModuleBlock? {
    // Of several the kernel knows only the last; modprobe heeds them all.
    if let list = values("module_blacklist").last, Self.names(list).contains(module) {
      return ModuleBlock(
        kind: .commandLine, file: Self.file, text: "module_blacklist=\(list)")
    }
    return values("modprobe.blacklist").first { Self.names($0).contains(module) }.map {
      ModuleBlock(kind: .blacklist, file: Self.file, text: "modprobe.blacklist=\($0)")
    }
  }

  private static func names(_ list: String) -> [String] {
    list.split(separator: ",").map { moduleName($0) }
  }
}
