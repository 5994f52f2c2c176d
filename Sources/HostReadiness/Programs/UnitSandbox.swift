/// What systemd keeps a service of strongSwan's from, by its unit file and the drop-ins to it.
struct UnitSandbox: Hashable, Sendable {
  /// A setting that matters, and where it is made.
  struct Line: Hashable, Sendable {
    var key: String
    var value: String
    var file: String
    var number: Int

    var evidence: Evidence { Evidence("\(file):\(number)", "\(key)=\(value)") }
  }

  /// `strongswan-starter.service`
  var name: String
  /// In the order in which they count.
  var lines: [Line] = []
}

extension UnitSandbox {
  private static let names = [
    "strongswan.service", "strongswan-starter.service", "strongswan-swanctl.service",
    "ipsec.service",
  ]
  /// What administrators say counts before what packages do.
  private static let directories = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
  ]

  /// Those that there are.
  static func all(_ tree: FileTree) throws(FileError) -> [UnitSandbox] {
    var units: [UnitSandbox] = []
    for name in names {
      var unit = UnitSandbox(name: name)
      let file = directories.map { "\($0)/\(name)" }.first(where: tree.exists)
      let dropIns = try unit.dropIns(tree)
      for file in [file].compactMap({ $0 }) + dropIns { try unit.read(file, tree) }
      if file != nil || !dropIns.isEmpty { units.append(unit) }
    }
    return units
  }

  /// In the order of their names, wherever they lie; a name counts once.
  private func dropIns(_ tree: FileTree) throws(FileError) -> [String] {
    var files: [String: String] = [:]
    for directory in Self.directories.reversed() {
      for file in try tree.names(in: "\(directory)/\(name).d") ?? [] where file.hasSuffix(".conf") {
        files[file] = "\(directory)/\(name).d/\(file)"
      }
    }
    return files.sorted { $0.key < $1.key }.map(\.value)
  }

  private mutating func read(_ file: String, _ tree: FileTree) throws(FileError) {
    let text = try tree.text(file) ?? ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let parts = line.trimmed.split(separator: "=", maxSplits: 1)
      guard let key = parts.first, !key.hasPrefix("#"), line.contains("=") else { continue }
      let value = parts.count > 1 ? String(parts[1].trimmed) : ""
      lines.append(Line(key: String(key.trimmed), value: value, file: file, number: index + 1))
    }
  }
}

extension UnitSandbox {
  /// What of it stands in charon's way.
  struct Problem: Hashable, Sendable {
    var line: Line
    var cause: String
    var advice: String
  }

  /// - Parameter hasPFKey: Whether /proc/net/pfkey is there.
  func problems(hasPFKey: Bool) -> [Problem] {
    (hasPFKey ? [] : pathProblems) + familyProblems + memoryProblems
  }

  /// systemd starts nothing if a path is not there, unless a `-` stands before it.
  private var pathProblems: [Problem] {
    let keys: Set = ["ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "BindReadOnlyPaths"]
    return lines.filter { keys.contains($0.key) && $0.value.words.contains("/proc/net/pfkey") }
      .map { line in
        Problem(
          line: line,
          cause: "/proc/net/pfkey is not there without af_key, and the unit fails with "
            + "226/NAMESPACE", advice: "write -/proc/net/pfkey in \(line.file), or load af_key")
      }
  }

  /// An empty value forgets what came before; one with `~` forbids instead of allowing.
  private var familyProblems: [Problem] {
    let settings = lines.filter { $0.key == "RestrictAddressFamilies" }
    let start = settings.lastIndex { $0.value.isEmpty }.map { $0 + 1 } ?? 0
    let counting = settings[start...]
    guard let last = counting.last, !counting.contains(where: { $0.value.hasPrefix("~") }) else {
      return []
    }
    let allowed = Set(counting.flatMap { $0.value.words })
    let missing = ["AF_NETLINK", "AF_UNIX", "AF_INET"].filter { !allowed.contains($0[...]) }
    return missing.isEmpty
      ? []
      : [
        Problem(
          line: last, cause: "charon needs \(missing.asList)",
          advice: "add \(missing.joined(separator: " ")) to RestrictAddressFamilies in \(last.file)"
        )
      ]
  }

  private var memoryProblems: [Problem] {
    let limit = lines.last { $0.key == "MemoryMax" || $0.key == "MemoryLimit" }
    guard let limit, let bytes = limit.value.asBytes, bytes < 64 << 20 else { return [] }
    return [
      Problem(
        line: limit, cause: "charon may not use more than \(limit.value) of memory",
        advice: "raise it in \(limit.file)")
    ]
  }
}

extension String {
  /// A number of bytes as systemd writes it: `16M`.
  fileprivate var asBytes: Int? {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    guard let last, let shift = shifts[last] else { return Int(self) }
    return Int(dropLast()).map { $0 << shift }
  }
}
