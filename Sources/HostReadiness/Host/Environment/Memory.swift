/// How much memory there is.
struct Memory: Hashable, Sendable {
  /// In MiB: what the machine has, or a smaller limit of the container's.
  var mebibytes: Int?
  var evidence: [Evidence] = []
}

extension Memory {
  init(_ tree: FileTree) throws(FileError) {
    let file = "/proc/meminfo"
    for line in try tree.text(file)?.lines ?? [] {
      let words = line.words
      guard words.count > 1, let kibibytes = Int(words[1]) else { continue }
      if words[0] == "MemTotal:" { mebibytes = kibibytes >> 10 }
      if words[0] == "MemTotal:" || words[0] == "MemAvailable:" {
        evidence.append(Evidence(file, words.joined(separator: " ")))
      }
    }
    // The second version's control groups, then the first's, whose “no limit” is a huge number.
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    for limit in limits {
      guard let bytes = try tree.line(limit).flatMap({ Int($0) }), let total = mebibytes,
        bytes >> 20 < total
      else { continue }
      mebibytes = bytes >> 20
      evidence.append(Evidence(limit, "\(bytes)"))
    }
  }
}
