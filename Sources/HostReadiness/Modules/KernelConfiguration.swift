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
  /// Where kernels leave their configuration, the most trustworthy place first.
  static func files(release: String) -> [String] {
    [
      "/boot/config-\(release)", "/lib/modules/\(release)/config",
      "/usr/lib/modules/\(release)/config", "/usr/lib/kernel/config-\(release)",
    ]
  }

  /// `nil` if the kernel left it nowhere.
  ///
  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init?(_ tree: FileTree, release: String, failures: inout [FileError]) {
    let shown = failures.collect { () throws(FileError) in try Self.shownByKernel(tree) }
    if let shown {
      self = shown
      return
    }
    for file in Self.files(release: release) {
      let text = failures.collect { () throws(FileError) in try tree.text(file) }
      guard let text else { continue }
      self.init(text, source: file)
      return
    }
    return nil
  }

  /// The one that cannot be another kernel's.
  private static func shownByKernel(_ tree: FileTree) throws(FileError) -> KernelConfiguration? {
    let file = "/proc/config.gz"
    guard tree.exists(file) else { return nil }
    let result: Command.Result
    do throws(CommandError) {
      result = try Command("gzip", "-dc", tree.path(file)).run()
    } catch {
      throw FileError(file, because: "\(error)")
    }
    guard result.status == 0 else {
      throw FileError(file, because: "\(result.complaint.trimmed)")
    }
    return KernelConfiguration(result.output, source: file)
  }
}
