/// What a host runs in and on, as far as its files tell. Several may be true at once, such as a
/// container in a virtual machine.
///
/// It explains what the kernel answers, and decides nothing.
struct Environment: Hashable, Sendable {
  /// Whether the files are those of a system that runs.
  var isRunning: Bool
  /// Whether it is known which kernel they are judged for.
  var knowsKernel: Bool
  var container: Container?
  /// What would tell more about a container, and could not be read.
  var containerUnknown: FileError?
  /// What stands in for a Linux kernel.
  var imitation: Imitation?
  var machine = Machine.unknown
  /// What points to Firecracker or another micro-VM.
  var microVM: [Evidence] = []
  /// Whose kernel it is, if there is anything special about it.
  var kernel: KernelOrigin?
  var limits = UserNamespaceLimits()
  var memory = Memory()
  var start = SystemStart()
}

extension Environment {
  /// - Parameters:
  ///   - release: The kernel that the caller wants the files judged for, if there is one.
  ///   - failures: Files that are there but cannot be read are added to these.
  init(
    _ tree: FileTree, _ host: HostFacts, asked release: String?, failures: inout [FileError]
  ) {
    isRunning = tree.exists("/proc/version") || tree.exists("/proc/sys/kernel/osrelease")
    knowsKernel = isRunning || release != nil
    let release = host.kernelRelease
    let detector = VirtualizationDetector(isThere: tree.isLive)
    do throws(FileError) {
      container = try Container(tree, release: release, detector)
    } catch {
      // Nobody but root gets to read what the first process was told. The check says so, itself.
      containerUnknown = error
    }
    imitation = failures.collect { () throws(FileError) in try Imitation(tree, release: release) }
    machine =
      failures.collect { () throws(FileError) in try Machine(tree, detector) } ?? .unknown
    microVM =
      failures.collect { () throws(FileError) in try Self.microVM(tree, release: release) } ?? []
    kernel = KernelOrigin(tree, host.distribution, release: release)
    failures.collect { () throws(FileError) in limits = try UserNamespaceLimits(tree) }
    failures.collect { () throws(FileError) in memory = try Memory(tree) }
    failures.collect { () throws(FileError) in start = try SystemStart(tree) }
  }

  /// The signs of a machine that has no more than a micro-VM gives it.
  private static func microVM(
    _ tree: FileTree, release: String
  ) throws(FileError) -> [Evidence] {
    if release.matches(pattern: "-fc$") || release.matches(pattern: "-fc-") {
      return [Evidence("uname -r", release)]
    }
    // Firecracker's own way to boot, on a machine without firmware.
    let words = try tree.line("/proc/cmdline")?.words ?? []
    guard words.contains("reboot=k"), words.contains("panic=1"),
      !tree.exists("/sys/class/dmi/id/sys_vendor")
    else { return [] }
    return [
      Evidence("/proc/cmdline", "reboot=k panic=1"), Evidence("/sys/class/dmi/id", "is not there"),
    ]
  }
}

extension Environment {
  /// What keeps any kernel here from doing IPsec, and what to do then; `nil` if nothing is known to.
  ///
  /// It is the cause of what the kernel refuses, and no more than a warning where it refuses nothing.
  var obstacle: Explanation? {
    if let imitation {
      guard case .wsl2 = imitation else {
        return Explanation(cause: imitation.meaning, remedies: [imitation.remedy])
      }
    }
    guard let container, container.kind.isClosed else { return nil }
    return Explanation(
      cause:
        "an \(container.kind.title) container has its node's kernel, and may load nothing into "
        + "it",
      remedies: [Remedy(container.kind.advice)])
  }
}
