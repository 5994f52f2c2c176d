/// Which kernel runs, more exactly than its release tells.
struct KernelBuild: Hashable, Sendable {
  /// The version of the kernel's makers that it was last brought up to; `nil` if nothing tells.
  ///
  /// A distribution's own fixes are not counted in it.
  var version: KernelVersion?
  /// Whether `version` is all there is to it: nobody has added fixes of his own.
  var isPlain = false
  /// The year and month in which it was built.
  var date: (year: Int, month: Int)? {
    get { builtIn.map { ($0 / 12, $0 % 12 + 1) } }
    set { builtIn = newValue.map { $0.year * 12 + $0.month - 1 } }
  }
  /// In months.
  private var builtIn: Int?
  var evidence: [Evidence] = []
}

extension KernelBuild {
  init(_ tree: FileTree, release: String) throws(FileError) {
    evidence = [Evidence("uname -r", release)]
    let numbers = release.prefix { $0 == "." || $0.isASCII && $0.isNumber }
    isPlain = numbers.count == release.count
    // 6.1.0-18-amd64 is some 6.1, while 6.12.90-0-lts is what it says.
    if let version = KernelVersion(release: release), version.patch > 0 || isPlain {
      self.version = version
    }
    // Ubuntu: “Ubuntu 5.15.0-105.115-generic 5.15.148”
    let signature = "/proc/version_signature"
    if let text = try tree.line(signature), let last = text.words.last {
      version = KernelVersion(release: String(last))
      evidence.append(Evidence(signature, text))
    }
    guard let text = try tree.line("/proc/version") else { return }
    evidence.append(Evidence("/proc/version", text))
    let build = text.split(separator: "#").last.map { $0.words } ?? []
    // Debian: “#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-06-12)”
    if let index = build.firstIndex(of: "Debian"), index + 1 < build.count {
      version = KernelVersion(release: String(build[index + 1]))
    }
    date = Self.date(in: build)
  }

  /// `(2026-06-12)`, or a month and a year among the words.
  private static func date(in words: [Substring]) -> (year: Int, month: Int)? {
    for word in words where word.hasPrefix("(") {
      let parts = word.dropFirst().split(separator: "-").map { Int($0) }
      if parts.count == 3, let year = parts[0], let month = parts[1], year > 2000 {
        return (year, month)
      }
    }
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let years = words.compactMap { Int($0) }.filter { 2000..<2100 ~= $0 }
    guard let year = years.last, let month = words.firstIndex(where: { names.contains("\($0)") }),
      let number = names.firstIndex(of: "\(words[month])")
    else { return nil }
    return (year, number + 1)
  }
}
