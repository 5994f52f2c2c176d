/// The modules in the running kernel: `/proc/modules`.
struct LoadedModules: Hashable, Sendable {
  /// A module and who keeps it there.
  struct Module: Hashable, Sendable {
    var name: String
    /// How many things use it; `nil` if the kernel does not count.
    var references: Int?
    /// Modules that need it, and `[permanent]` if it can never be taken out.
    var users: [String]
  }

  /// Those loaded last come first.
  var modules: [Module]
  var names: Set<String>

  /// `nil` if the kernel does not show a list: one that cannot load modules has none.
  init?(_ tree: FileTree) throws(FileError) {
    guard let text = try tree.text("/proc/modules") else { return nil }
    self.init(text)
  }

  /// Reads `esp4 24576 0 - Live 0x0` and `xfrm_algo 16384 2 esp4,xfrm_user, Live 0x0`.
  init(_ text: String) {
    modules = text.lines.compactMap { line in
      let words = line.words
      guard let name = words.first else { return nil }
      let users = words.count > 3 && words[3] != "-" ? words[3].split(separator: ",") : []
      return Module(
        name: String(name), references: words.count > 2 ? Int(words[2]) : nil,
        users: users.map(String.init))
    }
    names = Set(modules.map(\.name))
  }

  subscript(name: String) -> Module? { modules.first { $0.name == name } }
}
