internal import Glibc
internal import XFRMKit

/// How long this machine's processors have been busy since it was started, all of them together and
/// whatever they did: `/proc/stat`.
///
/// What the kernel does for a packet it does in turns of its sender, of its receiver, of threads of
/// its own and in between, and accounts for that in several ways. Only the whole has all of it, and
/// with it what else the machine did.
public struct ProcessorTime: Hashable, Sendable {
  /// The processors' time.
  public var busy: Duration

  /// Reads it.
  public init() throws(LabError) {
    let text: String
    do throws(SystemErrno) { text = try kernelText(at: "/proc/stat") } catch {
      throw .system("read /proc/stat", error)
    }
    self.init(parsing: text, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Of the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq and others.
  init(parsing text: String, ticksPerSecond: Int) {
    let columns = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().map {
      Int($0) ?? 0
    }
    let ticks = zip(0..., columns).reduce(0) { sum, column in
      [0, 1, 2, 5, 6].contains(column.0) ? sum + column.1 : sum
    }
    busy = .seconds(ticks) / max(1, ticksPerSecond)
  }
}

extension Duration {
  /// As a number, for rates.
  package var inSeconds: Double { self / .seconds(1) }
}
