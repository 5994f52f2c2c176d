internal import Glibc

/// What the administrator and the distribution tell modprobe: `modprobe.d`.
struct ModprobePolicy: Sendable {
  fileprivate struct Statement: Sendable {
    var kind: ModuleBlock.Kind
    var subject: String
    var argument: String
    var file: String
    var line: Int
    var text: String
    var isMitigation = false
  }

  private var statements: [Statement] = []
  /// What is there and could not be read: it may block any module.
  private(set) var unreadable: [FileError] = []

  /// Adds a file's statements. Lines that a backslash ends go on in the next; `#` starts a comment
  /// at the beginning of a line only.
  mutating func add(_ text: String, file: String) {
    let known = statements.count
    var pending = ""
    var start = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if pending.isEmpty { start = index + 1 }
      if line.hasSuffix("\\") {
        pending += line.dropLast()
      } else {
        add(line: pending + line, file: file, number: start)
        pending = ""
      }
    }
    add(line: pending, file: file, number: start)
    markMitigations(from: known, file: file, text: text)
  }

  private mutating func add(line: String, file: String, number: Int) {
    let words = line.words
    guard words.count > 1, let kind = Self.kind(of: words[0]) else { return }
    guard kind == .blacklist || words.count > 2 else { return }
    statements.append(
      Statement(
        kind: kind, subject: modulePattern(words[1]),
        argument: words.dropFirst(2).joined(separator: " "), file: file, line: number,
        text: words.joined(separator: " ")))
  }

  private static func kind(of keyword: Substring) -> ModuleBlock.Kind? {
    switch keyword {
    case "install": .install
    case "blacklist": .blacklist
    case "alias": .alias
    default: nil
    }
  }

  /// Finds out whether the statements that a file has just brought are there for a flaw's sake.
  private mutating func markMitigations(from first: Int, file: String, text: String) {
    let blocking = statements[first...].filter { $0.kind == .blacklist || $0.loadsNothing }
    guard
      ModuleBlock.isMitigation(
        file: file, text: text, blocking: Set(blocking.map(\.subject)))
    else { return }
    for index in statements[first...].indices { statements[index].isMitigation = true }
  }

  /// What keeps a module from being loaded, the strongest first.
  ///
  /// - Parameter isNamed: Whether it is asked for by its name, and not by one of the kernel's for it.
  func block(of module: KernelModule, isNamed: Bool = false) -> ModuleBlock? {
    // The first statement whose pattern fits is the one that counts.
    if let command = statements.first(where: { $0.kind == .install && $0.fits(module.name) }),
      command.loadsNothing
    {
      return command.block
    }
    let names = [module.name] + (isNamed ? [] : module.aliases.map { moduleName($0) })
    for name in names {
      if let alias = statements.first(where: { $0.kind == .alias && $0.fits(name) }),
        alias.argument == "off"
      {
        return alias.block
      }
    }
    return statements.first { $0.kind == .blacklist && $0.subject == module.name }?.block
  }
}

extension ModprobePolicy.Statement {
  fileprivate var block: ModuleBlock {
    ModuleBlock(kind: kind, file: file, line: line, text: text, isMitigation: isMitigation)
  }

  fileprivate func fits(_ name: String) -> Bool {
    // Sound: both texts outlive the call.
    unsafe fnmatch(subject, name, 0) == 0
  }

  /// Whether it is an install command that only pretends.
  fileprivate var loadsNothing: Bool { kind == .install && InstallCommand.loadsNothing(argument) }
}

extension ModprobePolicy {
  /// Where the files are, the strongest first: it hides files of the same name in the others.
  static let directories = [
    "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
  ]

  /// What cannot be read is left out.
  init(_ tree: FileTree) {
    var paths: [String: String] = [:]
    for directory in Self.directories {
      let names = unreadable.collect { () throws(FileError) in try tree.names(in: directory) }
      for name in names ?? [] where name.hasSuffix(".conf") {
        if paths[name] == nil { paths[name] = "\(directory)/\(name)" }
      }
    }
    for (_, path) in paths.sorted(by: { $0.key < $1.key }) {
      let text = unreadable.collect { () throws(FileError) in try tree.text(path) }
      if let text { add(text, file: path) }
    }
  }
}
