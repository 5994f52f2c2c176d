/// Whether a kernel has the flaw in ESP that lets users become root: CVE-2026-43284, “Dirty Frag”.
enum DirtyFrag: Hashable, Sendable {
  /// The flaw came later, with 4.11.
  case older
  /// Its makers' own fix is in.
  case fixed(KernelVersion)
  /// The fix is not in.
  case vulnerable(String)
  /// Distributions put fixes into kernels whose numbers do not tell.
  case unknown
}

extension DirtyFrag {
  /// The first versions with the fix, for each line of kernels that got one.
  private static let fixes = [
    KernelVersion(5, 10, 255), KernelVersion(5, 15, 206), KernelVersion(6, 1, 172),
    KernelVersion(6, 6, 138), KernelVersion(6, 12, 87), KernelVersion(6, 18, 28),
    KernelVersion(7, 0, 5),
  ]
  private static let firstAffected = KernelVersion(4, 11)
  private static let firstUnaffected = KernelVersion(7, 1)

  init(_ build: KernelBuild) {
    if let version = build.version {
      if version < Self.firstAffected {
        self = .older
        return
      }
      let fix = Self.fixes.first { ($0.major, $0.minor) == (version.major, version.minor) }
      if version >= Self.firstUnaffected || fix.map({ version >= $0 }) == true {
        self = .fixed(version)
        return
      }
      if build.isPlain {
        self = .vulnerable(
          fix.map { "it is older than \($0)" }
            ?? "the line \(version.major).\(version.minor) got no fix")
        return
      }
    }
    // Nobody had a fix before the flaw was known, in May 2026; a month's doubt for early ones.
    if let date = build.date, (date.year, date.month) < (2026, 4) {
      self = .vulnerable("it was built in \(date.year), before the flaw was known")
    } else {
      self = .unknown
    }
  }
}
