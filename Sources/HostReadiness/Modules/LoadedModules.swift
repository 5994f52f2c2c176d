/// The modules in the running kernel: `/proc/modules`.
struct LoadedModules: Hashable, Sendable {
  var names: Set<String>

  /// `nil` if the kernel does not show a list: one that cannot load modules has none.
  init?(_ tree: FileTree) throws(FileError) {
    guard let text = try tree.text("/proc/modules") else { return nil }
    names = Set(text.lines.compactMap { $0.words.first.map(String.init) })
  }
}
