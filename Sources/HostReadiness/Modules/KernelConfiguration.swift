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
    for line in text.lines {
      if line.hasPrefix("# CONFIG_"), line.hasSuffix(" is not set") {
        values[line.dropFirst(9).dropLast(11)] = .notSet
      }
      guard line.hasPrefix("CONFIG_") else { continue }
      let value: Value? =
        if line.hasSuffix("=y") { .builtIn } else if line.hasSuffix("=m") { .module } else { nil }
      if let value { values[line.dropFirst(7).dropLast(2)] = value }
    }
  }

  /// An option whose own conditions are not met is not in the file at all; that is not set, too.
  subscript(option: String) -> Value { values[option[...]] ?? .notSet }

  /// Whether the file says anything of an option, be it that it is not set.
  func mentions(_ option: String) -> Bool { values[option[...]] != nil }

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
  /// Where kernels leave their configuration, the most trustworthy place first. Any may be
  /// compressed.
  static func files(release: String) -> [String] {
    [
      "/boot/config-\(release)", "/lib/modules/\(release)/config",
      "/usr/lib/modules/\(release)/config",
      "/usr/lib/kernel/config-\(release)", "/usr/lib/ostree-boot/config-\(release)",
      "/usr/src/linux-headers-\(release)/.config", "/usr/src/linux-\(release)/.config",
    ]
  }

  /// The program that undoes each kind of compression.
  private static let compressions = [
    ("", nil), (".gz", "gzip"), (".xz", "xz"), (".zst", "zstd"),
  ]

  /// `nil` if the kernel left it nowhere.
  ///
  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init?(_ tree: FileTree, release: String, failures: inout [FileError]) {
    // What the kernel shows itself cannot be another's.
    for file in ["/proc/config"] + Self.files(release: release) {
      for (suffix, program) in Self.compressions where tree.exists(file + suffix) {
        let text = failures.collect { () throws(FileError) in
          try Self.text(tree, file + suffix, program)
        }
        guard let text else { continue }
        self.init(text, source: file + suffix)
        return
      }
    }
    return nil
  }

  private static func text(
    _ tree: FileTree, _ file: String, _ program: String?
  ) throws(FileError) -> String? {
    guard let program else { return try tree.text(file) }
    let result: Command.Result
    do throws(CommandError) {
      result = try Command(program, "-dc", tree.path(file)).run()
    } catch {
      throw FileError(file, because: "\(error)")
    }
    guard result.status == 0 else {
      throw FileError(file, because: "\(result.complaint.trimmed)")
    }
    return result.output
  }
}
