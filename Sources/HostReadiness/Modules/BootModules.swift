/// What is loaded at each boot because somebody lists it: `modules-load.d`.
struct BootModules: Sendable {
  /// Where each is listed: `/etc/modules-load.d/xfrmctl.conf`.
  private(set) var files: [String: String] = [:]

  /// Where the files are, the strongest first: it hides files of the same name in the others.
  static let directories = [
    "/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d",
    "/usr/lib/modules-load.d", "/lib/modules-load.d",
  ]

  init() {}

  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, _ commandLine: KernelCommandLine, failures: inout [FileError]) {
    var paths = ["modules": "/etc/modules"]
    for directory in Self.directories {
      let names = failures.collect { () throws(FileError) in try tree.names(in: directory) }
      for name in names ?? [] where name.hasSuffix(".conf") && paths[name] == nil {
        paths[name] = "\(directory)/\(name)"
      }
    }
    for path in paths.values.sorted() {
      let text = failures.collect { () throws(FileError) in try tree.text(path) }
      if let text { add(text, file: path) }
    }
    for list in commandLine.values("modules_load") {
      for name in list.split(separator: ",") { add("\(name)", file: KernelCommandLine.file) }
    }
  }

  /// Reads one name for each line; behind `#` or `;` stand remarks, behind the name what only
  /// Debian's `/etc/modules` has: parameters.
  mutating func add(_ text: String, file: String) {
    for line in text.lines {
      guard let name = line.words.first, name.first != "#", name.first != ";" else { continue }
      files[moduleName(name)] = files[moduleName(name)] ?? file
    }
  }

  /// Where a module is listed, by its name or by one of its aliases.
  func file(listing module: KernelModule) -> String? {
    ([module.name] + module.aliases).lazy.compactMap { files[moduleName($0)] }.first
  }
}
