/// What tells one host from another.
public struct HostFacts: Hashable, Sendable {
  /// `uname -s`
  var system = "Linux"
  public var hostname: String
  /// `uname -r`
  public var kernelRelease: String
  /// How that kernel was chosen among those of an image, in a few words: `the newest of 3`; `nil`
  /// if there was nothing to choose.
  public var kernelChoice: String?
  /// `uname -m`; of an image what its programs are made for, or `unknown`.
  public var architecture: String
  /// `nil` where there is no `/etc/os-release`.
  public var distribution: Distribution?
  /// The kind of container this is, as far as signs tell: `docker`.
  public var container: String?
  /// Whose virtual machine it is, as far as signs tell: `KVM`.
  public var virtualMachine: String?
}

extension HostFacts {
  init(_ tree: FileTree, release: String?) throws(FileError) {
    let system = SystemIdentity.current
    let running = try tree.line("/proc/sys/kernel/osrelease")
    if tree.isLive || running != nil {
      self.system = try tree.line("/proc/sys/kernel/ostype") ?? system.system
      hostname = try tree.line("/proc/sys/kernel/hostname") ?? system.hostname
      kernelRelease = release ?? running ?? system.release
      architecture = system.architecture
    } else {
      // This system's own names would be false of it.
      let own = try tree.line("/etc/hostname")
      self.system = "Linux"
      hostname = own.flatMap { $0.isEmpty ? nil : $0 } ?? "image"
      let installed = try InstalledKernels(tree)
      kernelRelease = release ?? installed.preferred ?? "unknown"
      kernelChoice = release == nil ? installed.reason : nil
      architecture = try Architecture.find(in: tree) ?? "unknown"
    }
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
