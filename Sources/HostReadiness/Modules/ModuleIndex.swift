/// The modules that a kernel brought with it: `/lib/modules/RELEASE`.
struct ModuleIndex: Sendable {
  /// Where the modules of this kernel are, or would be.
  var directory: String
  /// Whether there is such a directory.
  var exists: Bool
  /// Paths of the files by module; `nil` without `modules.dep`.
  var files: [String: String]?
  /// Modules that are part of the kernel itself; `nil` without `modules.builtin` and
  /// `modules.builtin.modinfo`.
  var builtIn: Set<String>?
  /// The modules that an algorithm's alias leads to, in files or built in: `crypto-ghash`.
  var providers: [String: Set<String>] = [:]
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
    var others: [String] = []
    for home in Self.homes where others.isEmpty {
      others = (try tree.names(in: home) ?? []).filter { $0 != release }
    }
    otherReleases = others
    if let text = try tree.text("\(directory)/modules.alias") { addAliases(text) }
    if let text = try tree.text("\(directory)/modules.builtin.modinfo") { addBuiltIn(text) }
  }

  var dependencies: String { "\(directory)/modules.dep" }

  /// Reads `modules.dep`: `kernel/net/ipv4/esp4.ko: kernel/net/xfrm/xfrm_algo.ko`.
  static func files(inDependencies text: String, directory: String) -> [String: String] {
    var files: [String: String] = [:]
    for line in text.fastLines {
      guard let end = line.firstIndex(of: Self.colon) else { continue }
      let path = String(line[..<end]) ?? ""
      guard let name = moduleName(ofFile: path) else { continue }
      files[name] = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
    return files
  }

  /// Reads `modules.builtin`: a path that no file has for each module.
  static func builtIn(_ text: String) -> Set<String> {
    Set(text.lines.compactMap { moduleName(ofFile: $0.trimmed) })
  }

  /// Reads those lines of `modules.alias` that are about algorithms: `alias crypto-ghash
  /// ghash_generic`. Nearly all others are about hardware.
  mutating func addAliases(_ text: String) {
    for line in text.fastLines where line.starts(with: "alias crypto-".utf8) {
      let words = Substring(line).words
      if words.count == 3 { providers["\(words[1])", default: []].insert(moduleName(words[2])) }
    }
  }

  /// Reads `modules.builtin.modinfo`: `md5.alias=crypto-md5`, each with a zero byte behind it.
  mutating func addBuiltIn(_ text: String) {
    var names = builtIn ?? []
    for item in text.utf8.split(separator: 0) {
      guard let dot = item.firstIndex(of: Self.dot) else { continue }
      let name = moduleName(Substring(item[..<dot]))
      names.insert(name)
      let rest = item[item.index(after: dot)...]
      guard rest.starts(with: "alias=crypto-".utf8) else { continue }
      providers["\(Substring(rest.dropFirst(6)))", default: []].insert(name)
    }
    builtIn = names
  }

  private static let colon = UInt8(ascii: ":")
  private static let dot = UInt8(ascii: ".")
}

extension String {
  /// The lines as bytes: these files have tens of thousands of them.
  fileprivate var fastLines: [Substring.UTF8View] { utf8.split(separator: UInt8(ascii: "\n")) }
}
