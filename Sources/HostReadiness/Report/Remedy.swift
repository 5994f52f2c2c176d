/// What to do about a check that did not pass.
public struct Remedy: Hashable, Sendable {
  /// What is done, to whatever modules.
  enum Action: Hashable, Sendable {
    case load
    case loadDespiteBlacklist
    case loadAtBoot
    case loadOutside(container: String, directory: String)
    case bootAnotherKernel
    case installKernel(command: String?)
    /// Something that is the same for all modules.
    case other(String, command: String?)
  }

  let action: Action
  private(set) var modules: [KernelModule]

  init(_ action: Action, _ modules: [KernelModule]) {
    self.action = action
    self.modules = modules
  }

  public init(_ text: String, command: String? = nil) {
    self.init(.other(text, command: command), [])
  }

  /// Whether it is to load modules that nothing is known to keep out.
  public var isLoading: Bool { action == .load }

  public var text: String {
    switch action {
    case .load:
      "load \(names.asList)"
    case .loadDespiteBlacklist:
      "remove the line if nobody wants it, or have a unit of your own run \(modprobe) at each "
        + "boot: modules-load.d heeds such a line, modprobe does not when it is given the name"
    case .loadAtBoot:
      "list \(names.asList) in /etc/modules-load.d, to be loaded before that is set, and reboot"
    case .loadOutside(let container, let directory):
      "load \(names.asList) on the host of this \(container) container, or show it the host's "
        + directory
    case .bootAnotherKernel:
      "boot a kernel with \(options.asList), as distributions' kernels are; this one does not come "
        + "from the system's packages, so whoever runs this machine has to provide it"
    case .installKernel:
      "install the distribution's kernel, built with \(options.asList), and boot it"
    case .other(let text, _):
      text
    }
  }

  /// A command for this very host, to be run as root; `nil` where no command does it.
  public var command: String? {
    switch action {
    case .load, .loadDespiteBlacklist:
      modprobe
    case .installKernel(let command), .other(_, let command):
      command
    case .loadAtBoot, .loadOutside, .bootAnotherKernel:
      nil
    }
  }

  private var modprobe: String {
    (["modprobe"] + (names.count == 1 ? [] : ["-a"]) + names).joined(separator: " ")
  }

  private var names: [String] { modules.map(\.name) }
  private var options: [String] { modules.map { "CONFIG_\($0.option)" } }
}

extension [Remedy] {
  /// Each once, in order; those that do the same to different modules are one that does it to all.
  public var merged: [Remedy] {
    var merged: [Remedy] = []
    for remedy in self {
      if let index = merged.firstIndex(where: { $0.action == remedy.action }) {
        merged[index].add(remedy.modules)
      } else {
        merged.append(remedy)
      }
    }
    return merged
  }
}

extension Remedy {
  fileprivate mutating func add(_ others: [KernelModule]) {
    modules += others.filter { !modules.contains($0) }
  }
}
