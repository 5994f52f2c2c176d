import Glibc
import XFRMKit

/// What was measured on.
struct BenchMachine {
  var kernel: String
  var processor: String
  var processors: Int

  static var current: BenchMachine {
    BenchMachine(
      kernel: text("/proc/sys/kernel/osrelease").split(separator: "\n").first.map(String.init)
        ?? "unknown",
      processor: text("/proc/cpuinfo").split(separator: "\n")
        .first { $0.hasPrefix("model name") || $0.hasPrefix("host\t") }
        .flatMap { $0.split(separator: ":").last }
        .map { String($0.drop { $0 == " " }) } ?? "unknown",
      processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  // What cannot be read is not known.
  private static func text(_ path: String) -> String { (try? kernelText(at: path)) ?? "" }
}
