import Glibc
import XFRMKit

/// Copies of this process's memory that the kernel makes when it crashes.
enum CoreDumps {
  /// What was so when the process began.
  private struct Setting {
    var limit: rlimit?
    /// As the kernel prints it; a kernel may have none.
    var filter: String?

    init() {
      var limit = rlimit()
      // Sound, as below: what is pointed to outlives the call.
      if unsafe getrlimit(CoreDumps.resource, &limit) == 0 { self.limit = limit }
      // Without it there is nothing to be put back.
      filter = (try? kernelText(at: CoreDumps.path)).map { "0x\($0)" }
    }
  }

  private static let atStart = Setting()
  private static let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
  private static let path = "/proc/self/coredump_filter"

  /// The process may hold keys, and a core dump would write them to disk.
  static func forbid() {
    // The upper limit stays: it says what could be had, and once lowered not even root has it back in
    // every container.
    if var limit = atStart.limit {
      limit.rlim_cur = 0
      unsafe setrlimit(resource, &limit)
    }
    // A program that the kernel hands cores to heeds no limit; it gets none of the memory.
    setFilter("0")
  }

  /// As it was at the start, for another program that this process becomes: it would have it so for
  /// ever, as would all that it starts.
  static func allow() {
    if var limit = atStart.limit { unsafe setrlimit(resource, &limit) }
    if let filter = atStart.filter { setFilter(filter) }
  }

  private static func setFilter(_ value: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = unsafe Glibc.write(descriptor, value, value.utf8.count)
    close(descriptor)
  }
}
