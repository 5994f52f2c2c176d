/// The algorithms that the running kernel offers just now, and the modules they come from:
/// `/proc/crypto`. What is composed is there only once something has used it.
struct RegisteredAlgorithms: Hashable, Sendable {
  /// The module of each algorithm, `kernel` if it is built in.
  private(set) var modules: [String: String] = [:]

  init(_ tree: FileTree) throws(FileError) {
    self.init(try tree.text("/proc/crypto") ?? "")
  }

  /// Reads `name : sha256`, below which stands `module : sha256_generic`. The first of several
  /// for the same algorithm is kept.
  init(_ text: String) {
    var name: String?
    for line in text.lines {
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0.trimmed) }
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "name": name = parts[1]
      case "module": if let name, modules[name] == nil { modules[name] = parts[1] }
      default: break
      }
    }
  }
}
