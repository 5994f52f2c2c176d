extension ModuleLoader {
  /// Takes out the modules that ``load(_:options:persisting:)`` has brought in since the last boot,
  /// as far as nothing uses them, and removes the list of those to be loaded at each boot.
  ///
  /// Each is taken out alone, by `rmmod`: `modprobe -r` would take others with it that were there
  /// before.
  ///
  /// Not to be called from a Swift task, like ``check(options:)``.
  public static func undo() -> UndoReport {
    let tree = FileTree(root: "/")
    let record = LoadRecord(tree)
    var report = UndoReport(attempts: [], bootList: BootList(tree).remove())
    do throws(FileChangeError) {
      let names = try record.modules()
      report.attempts = names.reversed().map { undo($0, in: tree) }
      let left = Set(report.attempts.filter(\.isThere).map(\.module))
      try record.write(names.filter(left.contains))
    } catch {
      report.recordProblem = "\(error)"
    }
    return report
  }

  private static func undo(_ name: String, in tree: FileTree) -> UndoAttempt {
    var attempt = UndoAttempt(module: name, outcome: .alreadyGone)
    guard let module = module(name, in: tree) else { return attempt }
    if let reason = module.reasonToStay {
      attempt.outcome = .inUse
      attempt.cause = reason
      return attempt
    }
    let command = Command("rmmod", name)
    attempt.command = "\(command)"
    do throws(CommandError) {
      let result = try command.run()
      attempt.said = (result.output.lines + result.complaint.lines).map { String($0.trimmed) }
    } catch {
      attempt.said = ["\(error)"]
    }
    attempt.outcome = self.module(name, in: tree) == nil ? .removed : .failed
    if attempt.outcome == .failed { attempt.cause = attempt.said.last ?? "it is still there" }
    return attempt
  }

  private static func module(_ name: String, in tree: FileTree) -> LoadedModules.Module? {
    // A list that cannot be read has nothing that could be taken out.
    do { return try LoadedModules(tree)?[name] } catch { return nil }
  }
}

extension UndoAttempt {
  fileprivate var isThere: Bool { outcome == .inUse || outcome == .failed }
}

extension LoadedModules.Module {
  /// Modules with a kind of interface, whose interfaces do not count as users: with the module the
  /// kernel deletes those of every network namespace, and what was routed through them goes on in
  /// clear. Those of tun do count.
  private static let ofInterfaces: Set<String> = Set(
    KernelModule.all.filter { $0.aliases.contains { $0.hasPrefix("rtnl-link-") } }.map(\.name)
      // This one comes along with ip6_vti.
      + ["ip6_tunnel"])

  /// Why it cannot be taken out; `nil` if nothing is known to use it.
  var reasonToStay: String? {
    if users.contains("[permanent]") { return "it cannot be taken out before the next boot" }
    if !users.isEmpty { return "\(users.asList) \(users.count == 1 ? "needs" : "need") it" }
    if Self.ofInterfaces.contains(name) {
      return "its interfaces would go with it, in every network namespace"
    }
    guard let references, references > 0 else { return nil }
    return "it is in use"
  }
}
