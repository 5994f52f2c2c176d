/// What tells one host from another.
public struct HostFacts: Hashable, Sendable {
  /// `uname -s`
  var system = "Linux"
  public var hostname: String
  /// `uname -r`
  public var kernelRelease: String
  /// `uname -m`
  public var architecture: String
  /// `nil` where there is no `/etc/os-release`.
  public var distribution: Distribution?
  /// The kind of container this is, as far as signs tell: `docker`.
  public var container: String?
}

extension HostFacts {
  init(_ tree: FileTree, release: String?) throws(FileError) {
    let system = SystemIdentity.current
    let running = try tree.line("/proc/sys/kernel/osrelease")
    self.system = try tree.line("/proc/sys/kernel/ostype") ?? system.system
    hostname = try tree.line("/proc/sys/kernel/hostname") ?? system.hostname
    kernelRelease = release ?? running ?? system.release
    architecture = system.architecture
    distribution = try Distribution(tree)
  }
}

extension HostFacts {
  /// What can be said without reading a file.
  init(_ release: String?) {
    let system = SystemIdentity.current
    self.init(
      system: system.system, hostname: system.hostname, kernelRelease: release ?? system.release,
      architecture: system.architecture)
  }
}
