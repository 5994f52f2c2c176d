/// Where a module stands.
public enum ModuleState: Hashable, Sendable {
  case builtIn
  case loaded
  /// It is in a file and nothing stands in its way.
  case loadable(path: String)
  /// It is in a file; what might keep it from being loaded could not all be read.
  case onDisk(path: String)
  /// It is in a file, but something keeps it from being loaded.
  case blocked(path: String)
  /// It is neither in the kernel nor in a file.
  case missing
  /// The files do not tell.
  case unknown
}

extension ModuleState {
  /// A word for it, for scripts.
  public var name: String {
    switch self {
    case .builtIn: "built-in"
    case .loaded: "loaded"
    case .loadable: "loadable"
    case .onDisk: "on-disk"
    case .blocked: "blocked"
    case .missing: "missing"
    case .unknown: "unknown"
    }
  }

  /// Whether it is in the running kernel.
  public var isPresent: Bool { self == .builtIn || self == .loaded }

  /// Whether it is in a file and nothing is known to stand in its way.
  var mayBeLoaded: Bool {
    switch self {
    case .loadable, .onDisk: true
    case .builtIn, .loaded, .blocked, .missing, .unknown: false
    }
  }
}

/// What the host's files say about a module.
public struct ModuleCondition: Hashable, Sendable {
  public var module: KernelModule
  public var state: ModuleState
  /// Another module that is there in its place, or could be: `ghash_clmulni_intel`.
  public var provider: String?
  /// What keeps it from being loaded, or will the next time.
  public var block: ModuleBlock?
  /// What the kernel's configuration says: `CONFIG_INET_ESP=m`; `nil` if none was found.
  public var configuration: String?
  /// What each fact was read from.
  public var evidence: [Evidence]
  /// What keeps it from being loaded by whoever has nothing but its name.
  var blockByName: ModuleBlock?
}

extension ModuleCondition {
  /// What keeps it out although it is listed in modules-load.d: whoever reads that heeds blacklists,
  /// as modprobe does not when it is given a name. Another module in its place is another matter.
  var blockAtBoot: ModuleBlock? { provider == nil ? blockByName : nil }
}
