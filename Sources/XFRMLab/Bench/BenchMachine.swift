internal import Glibc
internal import XFRMKit

/// What was measured on.
public struct BenchMachine: Hashable, Sendable {
  /// The kernel's release.
  public var kernel: String
  /// What the kernel calls the processor.
  public var processor: String
  /// How many there are.
  public var processors: Int

  /// A machine.
  ///
  /// - Parameters:
  ///   - kernel: The kernel's release.
  ///   - processor: What the kernel calls the processor.
  ///   - processors: How many there are.
  public init(kernel: String, processor: String, processors: Int) {
    self.kernel = kernel
    self.processor = processor
    self.processors = processors
  }

  /// This one; what cannot be read of it is `unknown`.
  public static var current: BenchMachine {
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
