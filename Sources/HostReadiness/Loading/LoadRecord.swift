/// What `--load` has loaded since the last boot: `/run/xfrmctl/loaded-modules`.
///
/// `/run` does not outlive a boot; where it does, the boot's number tells.
struct LoadRecord {
  static let directory = "/run/xfrmctl"
  static let name = "loaded-modules"

  private let tree: FileTree

  init(_ tree: FileTree) { self.tree = tree }

  /// The modules in the order in which they were loaded, none if nothing is known of them.
  func modules() throws(FileChangeError) -> [String] {
    guard tree.exists(Self.directory) else { return [] }
    let directory = try OwnDirectory(tree.pathOfLink(Self.directory), isPrivate: true)
    guard let text = try directory.text(Self.name) else { return [] }
    let lines = text.lines.filter { !$0.hasPrefix("#") }
    // Those of another boot are gone, whatever has their names now.
    guard let first = lines.first, try first == "boot \(boot())" else { return [] }
    return lines.dropFirst().map(String.init)
  }

  /// Adds modules behind those that are known.
  func add(_ names: [String]) throws(FileChangeError) {
    let known = try modules()
    try write(known.filter { !names.contains($0) } + names)
  }

  /// Keeps only these modules, or nothing at all.
  func write(_ names: [String]) throws(FileChangeError) {
    if names.isEmpty, !tree.exists(Self.directory) { return }
    let directory = try OwnDirectory(tree.pathOfLink(Self.directory), isPrivate: true)
    guard !names.isEmpty else { return try directory.remove(Self.name) }
    let text = """
      # What xfrmctl check --load has loaded; xfrmctl check --undo takes it out again.
      boot \(try boot())
      \(names.joined(separator: "\n"))

      """
    try directory.replace(Self.name, with: text, mode: 0o600)
  }

  private func boot() throws(FileChangeError) -> String {
    let file = "/proc/sys/kernel/random/boot_id"
    do throws(FileError) {
      return try tree.line(file) ?? "unknown"
    } catch {
      throw FileChangeError(path: file, reason: "\(error)")
    }
  }
}
