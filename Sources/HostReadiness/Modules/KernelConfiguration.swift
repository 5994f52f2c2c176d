/// How the kernel was configured. This explains what a probe found; it never stands in for one.
struct KernelConfiguration: Sendable {
  enum Value: Hashable, Sendable {
    case builtIn
    case module
    case notSet
  }

  /// The file it was read from.
  var source: String
  private var values: [Substring: Value] = [:]

  /// Reads `CONFIG_INET_ESP=m` and `# CONFIG_INET_ESP is not set`.
  init(_ text: String, source: String) {
    self.source = source
    for line in text.lines where line.hasPrefix("CONFIG_") {
      let value: Value? =
        if line.hasSuffix("=y") { .builtIn } else if line.hasSuffix("=m") { .module } else { nil }
      if let value { values[line.dropFirst(7).dropLast(2)] = value }
    }
  }

  /// An option whose own conditions are not met is not in the file at all; that is not set, too.
  subscript(option: String) -> Value { values[option[...]] ?? .notSet }

  /// An option's line.
  func line(_ option: String) -> String {
    switch self[option] {
    case .builtIn: "CONFIG_\(option)=y"
    case .module: "CONFIG_\(option)=m"
    case .notSet: "CONFIG_\(option) is not set"
    }
  }
}

extension KernelConfiguration {
  /// Where kernels leave their configuration, the most trustworthy place first.
  static func files(release: String) -> [String] {
    [
      "/boot/config-\(release)", "/lib/modules/\(release)/config",
      "/usr/lib/modules/\(release)/config", "/usr/lib/kernel/config-\(release)",
    ]
  }

  /// `nil` if the kernel left it nowhere.
  init?(_ tree: FileTree, release: String) throws(FileError) {
    // The one that the kernel itself shows; it cannot be another kernel's.
    let live = "/proc/config.gz"
    if tree.exists(live), let text = Self.decompressed(tree.path(live)) {
      self.init(text, source: live)
      return
    }
    for file in Self.files(release: release) {
      guard let text = try tree.text(file) else { continue }
      self.init(text, source: file)
      return
    }
    return nil
  }

  private static func decompressed(_ path: String) -> String? {
    // Without gzip the other files are as good, and without those the configuration is unknown.
    guard let result = try? Command("gzip", "-dc", path).run(), result.status == 0 else {
      return nil
    }
    return result.output
  }
}
