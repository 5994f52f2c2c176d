import ArgumentParser
import XFRMConfig
import XFRMKit

/// Where the manager works, and where it keeps what it has to know.
struct ManagerOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .long, .customLong("netns")],
    help: ArgumentHelp(
      "Work in a named network namespace, whatever the configuration says.", valueName: "name"),
    completion: .custom { _, _, _ in NamespaceOption.names })
  var namespace: String?

  @Option(
    help: ArgumentHelp("Where histories and keys are.", valueName: "folder"),
    completion: .directory)
  var stateDir = Manager.usualStateFolder

  @Option(
    help: ArgumentHelp("Where journals and locks are.", valueName: "folder"),
    completion: .directory)
  var runDir = Manager.usualRunFolder

  /// Where the bundles of generated keys are.
  var keys: KeyDirectory { KeyDirectory("\(stateDir)/keys") }

  /// - Parameter configured: The namespace that the configuration is for.
  func manager(_ configured: String? = nil) throws(Failure) -> Manager {
    var space: NetworkNamespace?
    if let name = namespace ?? configured {
      do { space = try NetworkNamespace(name: name) } catch {
        throw Failure(namespace: name, error)
      }
    }
    do throws(ManagerFailure) {
      return try Manager(in: space, runFolder: runDir, stateFolder: stateDir)
    } catch {
      throw Failure(error)
    }
  }
}

extension Manager {
  /// The configuration in force, with a failure as commands have it.
  func configurationInForce() throws(Failure) -> InForce? {
    do throws(ManagerFailure) { return try inForce() } catch { throw Failure(error) }
  }
}

extension KeyDirectory {
  /// Its bundles, with a failure as commands have it.
  func bundles(using uses: [String: KeyGenerations] = [:]) throws(Failure) -> StoredBundles {
    do throws(StoreProblem) { return try StoredBundles(self, using: uses) } catch {
      throw Failure(error)
    }
  }
}

extension Text {
  /// A command of ours as it is to be typed.
  ///
  /// - Parameters:
  ///   - words: Its name, and what else it takes.
  ///   - namespace: The named network namespace that it is about.
  static func command(_ words: String, in namespace: String?) -> String {
    "`xfrmctl \(words)\(namespace.map { " -n \($0)" } ?? "")`"
  }
}

extension Failure {
  /// Whatever went wrong on the way, for somebody who is told of it and of more.
  ///
  /// - Parameters:
  ///   - error: What did.
  ///   - namespace: The named network namespace that it is about.
  static func words(_ error: any Error, in namespace: String?) -> String {
    if error is ExitCode {
      // What was told on a terminal that may not be there.
      let recover = Text.command("recover", in: namespace)
      return "the configuration it leads to cannot be used: \(recover) says why"
    }
    return (error as? ManagerFailure).map { Failure($0, in: namespace).description } ?? "\(error)"
  }

  /// - Parameter namespace: The named network namespace that it is about, so that advice is, too.
  init(_ failure: ManagerFailure, in namespace: String? = nil) {
    func command(_ words: String) -> String { Text.command(words, in: namespace) }
    switch failure {
    case .store(let problem): self.init(problem)
    case .kernel(let error): self.init(error)
    case .host(let problem): self.init("\(problem)", .failed)
    case .noPlan(let problems):
      let lines = problems.problems.map { "\($0)" }
      self.init(lines.joined(separator: "\nxfrmctl: "), .failed)
    case .moved:
      self.init(
        "the kernel, the journal or the keys have changed since the plan was made; nothing was "
          + "done: make a new plan", .busy)
    case .stopped(let cause, let done, let count):
      let status: ExitStatus =
        switch cause {
        case .journal(let problem): Failure(problem).status
        case .refused(_, let error), .unreachable(let error): ExitStatus(error)
        default: .failed
        }
      // Nothing that is tried again gets any further on this kernel.
      let remedy =
        status == .notInThisKernel
        ? "`xfrmctl check` tells why, and the way back is \(command("recover"))"
        : "go on with \(command("apply")), or \(command("recover"))"
      self.init(
        "\(cause); stopped after \(done) of \(count) steps: every packet is treated as before, as "
          + "it is to be, or dropped; \(remedy)", status)
    case .doneBut(let recovery, let prepared, let problem):
      self.init("\(recovery.outcome(prepared)), but \(problem)", .cannotWrite)
    case .unrecorded(let prepared, let problem):
      self.init(
        "done in \(Text.count(prepared.plan.steps.count)) steps, but the history lacks it: "
          + "\(problem)", .cannotWrite)
    case .keys(let problem): self.init("\(problem); nothing was done", .failed)
    case .unknownConfiguration(""):
      self.init(
        "guards that the history lacks were on their way: finish them with "
          + "\(command("apply --guards")), or apply what you want", .failed)
    case .unknownConfiguration(let id):
      self.init(
        "configuration #\(id) is not in the history any more: put that back, or apply a "
          + "configuration by its file, \(command("apply FILE")); what is ours is known by the "
          + "journal, and keys that are in use stay in use", .failed)
    case .pending(let pending):
      let id = pending.configuration
      self.init(
        pending.isVerified
          ? "configuration #\(id) has to be confirmed first, until \(Text.time(pending.time)): "
            + "\(command("confirm")), or go back: \(command("rollback"))"
          : "the run that is to bring configuration #\(id) is at work, or was cut short: go back "
            + "with \(command("rollback"))", .busy)
    case .unfinished(let id):
      self.init(
        "a run was cut short on its way to configuration #\(id): finish it before, with "
          + command("recover"), .failed)
    case .unwatched(let problem): self.init("\(problem); nothing was changed", .failed)
    case .noWayBack(let names):
      let list = names.map { "\($0)" }.joined(separator: ", ")
      let entries = Set(names.map(\.entry)).sorted().joined(separator: " ")
      self.init(
        "there is no way back: \(list) is gone, and its key must not be used again; the new "
          + "configuration stays. Make new keys: `xfrmctl keys new \(entries)`, and apply what "
          + "you want", .failed)
    case .noWayOn(let names):
      let list = names.map { "\($0)" }.joined(separator: ", ")
      self.init(
        "\(list) is gone, and its key must not be used again; nothing was done: go back with "
          + "\(command("rollback")), or wait until that is done at the deadline", .failed)
    }
  }

  /// What could not be read or written.
  init(_ problem: StoreProblem) {
    if problem.isPermission {
      self.init("\(problem); run it as root", .permission)
      return
    }
    let status: ExitStatus =
      switch problem.kind {
      case .busy: .busy
      case .unreadable: .invalidInput
      default: .cannotWrite
      }
    self.init("\(problem)", status)
  }
}
