internal import XFRMKit

/// What the host's files tell about its kernel's IPsec. This explains what probes found.
struct IPsecFacts: Sendable {
  /// `/proc/net/xfrm_stat`; `nil` where there is none.
  var counters: ErrorCounters?
  /// `net.core.xfrm_acq_expires`; `nil` where it does not show.
  var acquireSeconds: UInt32?
  /// Whether the settings below `/proc/sys` can be changed; `nil` if that is not known.
  var settingsAreWritable: Bool?
  /// Whether PF_KEY is there now: `/proc/net/pfkey`.
  var hasPFKey = false
  /// Whether only approved algorithms are allowed: `crypto.fips_enabled`.
  var isFIPS = false
  /// What does the work of the kernel's algorithms.
  var drivers = CipherDrivers()
}

extension IPsecFacts {
  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, failures: inout [FileError]) {
    let counters = failures.collect { () throws(FileError) in try tree.text(Self.counterFile) }
    self.counters = counters.map { ErrorCounters(parsing: $0) }
    let seconds = failures.collect { () throws(FileError) in try tree.line(Self.acquireFile) }
    acquireSeconds = seconds.flatMap { UInt32($0) }
    let mounts = failures.collect { () throws(FileError) in try tree.text("/proc/self/mounts") }
    settingsAreWritable = mounts.flatMap { Self.settingsAreWritable(mounts: $0) }
    hasPFKey = tree.exists("/proc/net/pfkey")
    let fips = failures.collect { () throws(FileError) in
      try tree.line("/proc/sys/crypto/fips_enabled")
    }
    isFIPS = fips.map { $0 != "0" } ?? false
    drivers = CipherDrivers(tree, failures: &failures)
  }

  static let counterFile = "/proc/net/xfrm_stat"
  static let acquireFile = "/proc/sys/net/core/xfrm_acq_expires"

  /// Whether the kernel was built with IPsec at all, as far as files show.
  var hasXFRM: Bool { counters != nil || acquireSeconds != nil }

  /// Reads `/proc/self/mounts`: of the mounts that the settings are in, the last one counts.
  static func settingsAreWritable(mounts: String) -> Bool? {
    var isWritable: Bool?
    for line in mounts.lines {
      let words = line.words
      guard words.count > 3, ["/", "/proc", "/proc/sys", "/proc/sys/net"].contains(words[1]) else {
        continue
      }
      isWritable = words[3].split(separator: ",").first != "ro"
    }
    return isWritable
  }
}
