/// Whether the kernel takes only modules that are signed by a key it trusts.
struct ModuleSigning: Sendable {
  /// `nil` if no file tells.
  var isEnforced: Bool?
  var evidence: [Evidence] = []

  init() {}

  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(
    _ tree: FileTree, _ commandLine: KernelCommandLine, _ configuration: KernelConfiguration?,
    failures: inout [FileError]
  ) {
    // A kernel that checks no signatures has no such parameter.
    if tree.exists("/sys/module") { isEnforced = false }
    let parameter = "/sys/module/module/parameters/sig_enforce"
    add(parameter, failures.collect { () throws(FileError) in try tree.line(parameter) }) {
      $0 == "Y" || $0 == "1"
    }
    let lockdown = "/sys/kernel/security/lockdown"
    add(lockdown, failures.collect { () throws(FileError) in try tree.line(lockdown) }) {
      !$0.contains("[none]") && $0.contains("[")
    }
    if commandLine.has("module.sig_enforce") {
      add(KernelCommandLine.file, "module.sig_enforce") { _ in true }
    }
    if let configuration, configuration["MODULE_SIG_FORCE"] == .builtIn {
      add(configuration.source, configuration.line("MODULE_SIG_FORCE")) { _ in true }
    }
  }

  private mutating func add(_ source: String, _ text: String?, _ enforces: (String) -> Bool) {
    guard let text else { return }
    evidence.append(Evidence(source, text))
    isEnforced = isEnforced == true || enforces(text)
  }
}
