/// The modules that a kernel brought with it: `/lib/modules/RELEASE`.
struct ModuleIndex: Sendable {
  /// Where the modules of this kernel are, or would be.
  var directory: String
  /// Whether there is such a directory.
  var exists: Bool
  /// Paths of the files by module; `nil` without `modules.dep`.
  var files: [String: String]?
  /// Modules that are part of the kernel itself; `nil` without `modules.builtin`.
  var builtIn: Set<String>?
  /// Other kernels that have modules here.
  var otherReleases: [String]
}

extension ModuleIndex {
  /// Where kernels keep their modules; on most hosts the one is a link to the other.
  static let homes = ["/lib/modules", "/usr/lib/modules"]

  init(_ tree: FileTree, release: String) throws(FileError) {
    let home = Self.homes.first { tree.exists("\($0)/\(release)") } ?? Self.homes[0]
    directory = "\(home)/\(release)"
    exists = tree.exists(directory)
    files = try tree.text("\(directory)/modules.dep").map {
      Self.files(inDependencies: $0, directory: "\(home)/\(release)")
    }
    builtIn = try tree.text("\(directory)/modules.builtin").map(Self.builtIn)
    otherReleases = []
    for home in Self.homes where otherReleases.isEmpty {
      otherReleases = (try tree.names(in: home) ?? []).filter { $0 != release }
    }
  }

  /// Reads `modules.dep`: `kernel/net/ipv4/esp4.ko: kernel/net/xfrm/xfrm_algo.ko`.
  static func files(inDependencies text: String, directory: String) -> [String: String] {
    var files: [String: String] = [:]
    for line in text.lines {
      let path = line.prefix { $0 != ":" }
      guard path.endIndex < line.endIndex, let name = moduleName(ofFile: path) else { continue }
      files[name] = path.hasPrefix("/") ? String(path) : "\(directory)/\(path)"
    }
    return files
  }

  /// Reads `modules.builtin`: a path that no file has for each module.
  static func builtIn(_ text: String) -> Set<String> {
    Set(text.lines.compactMap { moduleName(ofFile: $0.trimmed) })
  }
}
