/// How to check a host.
public struct CheckOptions: Hashable, Sendable {
  /// The directory whose files are the host's. Any other than `/` is somebody else's image: then
  /// files are read, and the running kernel is asked nothing.
  public var root = "/"
  /// The kernel the files are judged for, the running one if `nil`.
  public var kernelRelease: String?
  /// Whether to ask the kernel, which may make it load modules. Without, nothing can be found
  /// ready.
  public var probes = true
  /// Whether the kernel may be asked what it might load modules for.
  public var loadsModules = true
  /// Whether to send packets through tunnels between private network namespaces, too, which takes
  /// seconds. Modules are loaded for that; where none are to be, nothing is sent.
  public var sendsTraffic = false
  /// Whether to measure then what ciphers get through, which takes some more.
  public var measuresThroughput = false
  /// What the host is held against.
  public var profile = Profile(.minimal)
  /// Who has it checked, if the process had to change that to be able to: see
  /// ``Caller/readyToProbe()``.
  public var caller: Caller?

  public init() {}
}

/// Finds out whether a host can do kernel IPsec, and if not, why.
///
/// The kernel is asked to do it, in a network namespace made for that; files only serve to explain
/// its answers. Nothing is changed, but a kernel that is asked for IPsec may load its modules: see
/// ``ReadinessReport/sideEffects``.
///
/// It waits for a program that it runs (`gzip`) and so must not be called from a Swift task, whose
/// threads are too few to wait on.
///
/// - Parameters:
///   - options: What host, and against what it is held.
///   - progress: Told what is being done, before it is.
public func check(
  options: CheckOptions = CheckOptions(), progress: CheckProgress.Observer? = nil
) -> ReadinessReport {
  let clock = ContinuousClock()
  let start = clock.now
  var report = ReadinessReport(Findings(options, progress: progress))
  report.duration = clock.now - start
  return report
}
