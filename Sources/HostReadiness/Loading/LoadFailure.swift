extension Findings {
  /// Why modprobe did not bring a module into the kernel.
  func explain(_ attempt: LoadAttempt) -> Explanation {
    let name = attempt.module.name
    guard attempt.exitStatus != 0 else {
      return Explanation(cause: "modprobe reports success, but \(name) is not in the kernel")
    }
    let words = attempt.said.last ?? "modprobe ended with status \(attempt.exitStatus ?? 0)"
    if words.contains("Operation not permitted") {
      return explainNotPermitted(attempt, words)
    }
    for (sign, meaning) in Self.meanings where words.contains(sign) {
      return Explanation(
        cause: "\(words): \(meaning)", remedies: [host.reinstallingModules])
    }
    return Explanation(cause: words)
  }

  private static let meanings = [
    ("Key was rejected by service", "this kernel takes only modules signed by a key it trusts"),
    ("Required key not available", "this kernel takes only modules signed by a key it trusts"),
    ("Exec format error", "the file was built for another kernel"),
    ("Unknown symbol", "the file does not fit this kernel, or a module that it needs does not"),
    ("Invalid module format", "the file was built for another kernel"),
  ]

  private func explainNotPermitted(_ attempt: LoadAttempt, _ words: String) -> Explanation {
    if modules.autoload.isDisabled { return explain([attempt.module]) }
    if privilege?.holds(.sysModule) == false {
      return Explanation(
        cause: "loading takes CAP_SYS_MODULE, which this process does not have",
        remedies: [Remedy("load it as root", command: attempt.command)])
    }
    if privilege?.isInitialUserNamespace == false {
      return Explanation(
        cause: "loading takes CAP_SYS_MODULE in the system's first user namespace",
        remedies: [Remedy("load it as root, outside of any container")])
    }
    return Explanation(cause: words)
  }
}
