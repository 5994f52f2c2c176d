/// The list of modules that this tool has loaded at each boot: `/etc/modules-load.d/xfrmctl.conf`.
struct BootList {
  static let directory = "/etc/modules-load.d"
  static let name = "xfrmctl.conf"

  /// Without it in its first line, a file is somebody else's.
  private static let mark = "# Written by xfrmctl check --load --persist:"

  private let tree: FileTree

  init(_ tree: FileTree) { self.tree = tree }

  private var path: String { "\(Self.directory)/\(Self.name)" }

  /// Lists modules, and no others any more.
  func write(_ modules: [String]) -> FileChange {
    change(modules) { directory throws(FileChangeError) in
      let found = try directory.text(Self.name)
      guard found?.hasPrefix(Self.mark) ?? true else { throw notOurs }
      guard !modules.isEmpty else { return .unchanged }
      let text = """
        \(Self.mark) what kernel IPsec needs here, loaded at each boot.
        # xfrmctl check --undo removes this file.
        \(modules.joined(separator: "\n"))

        """
      guard found != text else { return .unchanged }
      try directory.replace(Self.name, with: text, mode: 0o644)
      return .written
    }
  }

  /// Takes the file away if it is this tool's.
  func remove() -> FileChange {
    guard tree.exists(Self.directory) else { return FileChange(path: path, outcome: .unchanged) }
    return change([]) { directory throws(FileChangeError) in
      guard let found = try directory.text(Self.name) else { return .unchanged }
      guard found.hasPrefix(Self.mark) else { throw notOurs }
      try directory.remove(Self.name)
      return .removed
    }
  }

  private var notOurs: FileChangeError {
    FileChangeError(path: path, reason: "somebody else has written it")
  }

  private func change(
    _ modules: [String],
    _ body: (borrowing OwnDirectory) throws(FileChangeError) -> FileChange.Outcome
  ) -> FileChange {
    var change = FileChange(path: path, outcome: .refused, modules: modules)
    do throws(FileChangeError) {
      let directory = try OwnDirectory(tree.pathOfLink(Self.directory), isPrivate: false)
      change.outcome = try body(directory)
    } catch {
      change.cause = error.reason
    }
    return change
  }
}
