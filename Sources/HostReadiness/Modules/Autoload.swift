/// How the kernel gets itself a module that it lacks.
struct Autoload: Hashable, Sendable {
  /// The program that it starts, `kernel.modprobe`; empty if it starts none, `nil` if not known.
  var program: String?
  var programExists = true
  /// `kernel.modules_disabled`: until the next boot nothing can be loaded by anybody.
  var isDisabled = false

  /// Whether the program is one that does nothing, which hardening guides put there.
  var isPretence: Bool { program.map(InstallCommand.loadsNothing) ?? false }
}

extension Autoload {
  /// - Parameter isContained: Whether the files are a container's. The kernel starts the program among
  ///   those of the machine, which are not seen there.
  init(_ tree: FileTree, isContained: Bool) throws(FileError) {
    program = try tree.line("/proc/sys/kernel/modprobe")
    if let program, !program.isEmpty { programExists = isContained || tree.exists(program) }
    isDisabled = try tree.line("/proc/sys/kernel/modules_disabled") == "1"
  }

  /// Whether somebody has turned it off, rather than the program being lost.
  var isTurnedOff: Bool { program?.isEmpty == true || isPretence }

  /// Whether nothing is loaded when it is needed, be it that nobody can or that the kernel does not.
  var isStopped: Bool { isDisabled || obstacle != nil }

  /// Why the kernel loads nothing by itself, in half a sentence; `nil` if nothing is known to
  /// prevent it.
  var obstacle: String? {
    guard let program else { return nil }
    if program.isEmpty { return "the kernel loads nothing by itself, as kernel.modprobe is empty" }
    if isPretence {
      return "the kernel would have \(program) load it (kernel.modprobe), which loads nothing"
    }
    return programExists
      ? nil : "the kernel would have \(program) load it, which does not exist"
  }
}
