/// The kernels that a root file system brings with it.
struct InstalledKernels: Hashable, Sendable {
  /// Releases with a directory of modules, in the order of their numbers.
  var releases: [String]
  /// Those of them that are more than headers, to build modules with.
  var whole: [String]
}

extension InstalledKernels {
  init(_ tree: FileTree) throws(FileError) {
    var names: Set<String> = []
    for home in ModuleIndex.homes { names.formUnion(try tree.names(in: home) ?? []) }
    releases = names.filter { $0.first?.isNumber == true }
      .sorted { Self.parts($0).lexicographicallyPrecedes(Self.parts($1), by: Self.isLess) }
    whole = releases.filter { release in
      Self.signs(of: release).contains { tree.exists($0) }
    }
  }

  private static func signs(of release: String) -> [String] {
    ["vmlinuz", "vmlinux", "config"].map { "/boot/\($0)-\(release)" }
      + ModuleIndex.homes.flatMap { home in
        ["vmlinuz", "modules.dep"].map { "\(home)/\(release)/\($0)" }
      }
  }

  /// The one to judge, where nobody has said which.
  var preferred: String? { whole.last ?? releases.last }

  /// Why that one.
  var reason: String? {
    switch releases.count {
    case 0: "no kernel found"
    case 1: nil
    case whole.count: "the newest of \(releases.count)"
    default:
      whole.isEmpty
        ? "the newest of \(releases.count)"
        : "the newest of \(releases.count) with more than headers"
    }
  }

  /// `6.1.0-18-amd64` as numbers and words, so that 18 comes behind 9.
  private static func parts(_ release: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = release[...]
    while let first = rest.first {
      let part = rest.prefix { $0.isNumber == first.isNumber }
      parts.append(part)
      rest = rest.dropFirst(part.count)
    }
    return parts
  }

  private static func isLess(_ left: Substring, _ right: Substring) -> Bool {
    if let left = Int(left), let right = Int(right) { return left < right }
    return left < right
  }
}
