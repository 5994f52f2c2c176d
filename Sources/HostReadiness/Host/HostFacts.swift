/// What tells one host from another.
public struct HostFacts: Hashable, Sendable {
  public var hostname: String
  /// `uname -r`
  public var kernelRelease: String
  /// `uname -m`
  public var architecture: String
  /// `nil` where there is no `/etc/os-release`.
  public var distribution: Distribution?
  /// The kind of container this is, as far as the commonest signs tell: `docker`.
  public var container: String?
}

extension HostFacts {
  init(_ tree: FileTree, release: String?) throws(FileError) {
    let system = SystemIdentity.current
    let running = try tree.line("/proc/sys/kernel/osrelease")
    hostname = try tree.line("/proc/sys/kernel/hostname") ?? system.hostname
    kernelRelease = release ?? running ?? system.release
    architecture = system.architecture
    distribution = try Distribution(tree)
    container = try Self.container(tree)
  }

  private static func container(_ tree: FileTree) throws(FileError) -> String? {
    if let name = try tree.line("/run/systemd/container") { return name }
    if tree.exists("/.dockerenv") { return "docker" }
    if tree.exists("/run/.containerenv") { return "podman" }
    return nil
  }
}

extension HostFacts {
  /// What can be said without reading a file.
  init(_ release: String?) {
    let system = SystemIdentity.current
    self.init(
      hostname: system.hostname, kernelRelease: release ?? system.release,
      architecture: system.architecture)
  }
}
