import Glibc
import IPRoute2
import XFRMKit

/// Carries out commands in the language of `ip xfrm`, and tells what comes of them as `ip` does.
struct IPSession: ~Copyable {
  let options: IPOptions
  /// Whether keys are kept out of all that is printed, whatever a command says.
  private let hidesKeys: Bool
  private var client: XFRMClient

  /// Connects to the kernel in the calling thread's network namespace.
  init(_ options: IPOptions, hidesKeys: Bool = false) throws(IPFailure) {
    self.options = options
    self.hidesKeys = hidesKeys
    do { client = try XFRMClient() } catch { throw IPFailure(error) }
  }

  /// Carries out a command and prints what comes of it.
  mutating func run(_ command: IPCommand) throws(IPFailure) {
    let answer: CommandAnswer
    switch command {
    case .monitor(var command):
      command.hidesKeys = command.hidesKeys || hidesKeys
      return try IPMonitor.run(command, options)
    case .help(let topic): throw IPFailure(IPUsage.text(topic), status: 255)
    case .association, .policy:
      do throws(XFRMError) { answer = try client.carryOut(command) } catch {
        throw IPFailure(error, ended: command.asIPEndsIt)
      }
    }
    try print(answer, hidesKeys: hidesKeys || command.hidesKeys)
  }

  /// Carries out changes, all of them or until one is refused.
  mutating func perform(
    _ operations: [XFRMKit.Operation], isForced: Bool, report: (Int, RequestOutcome) -> Void
  ) -> BatchResult {
    isForced
      ? client.perform(operations, report: report)
      : client.performUntilRefusal(operations, report: report)
  }

  private func print(_ answer: CommandAnswer, hidesKeys: Bool) throws(IPFailure) {
    var text = IPText(IPText.Options(options, hidesKeys: hidesKeys))
    switch answer {
    case .done: return
    case .associations(let associations):
      for association in associations {
        text.append(association)
        if text.isPageful { try text.show() }
      }
    case .policies(let policies):
      for policy in policies {
        text.append(policy)
        if text.isPageful { try text.show() }
      }
    case .associationCounts(let info): text.append(info)
    case .policyCounts(let info): text.append(info)
    case .defaultActions(let actions): text.append(actions)
    // Not in iproute2's language.
    case .checkpoint: break
    case .deleted(_, let failures):
      if let first = failures.first {
        throw IPFailure(first, ended: IPCommand.deletion)
      }
    }
    try text.show()
  }
}

extension IPText {
  /// Writes what there is to stdout.
  mutating func show() throws(IPFailure) {
    do throws(SystemErrno) { try write(to: STDOUT_FILENO) } catch {
      throw IPFailure("Cannot write the output: \(error)", status: 1)
    }
  }
}

extension IPText.Options {
  init(_ options: IPOptions, hidesKeys: Bool = false) {
    self.init()
    statistics = options.statistics
    isOneLine = options.isOneLine
    self.hidesKeys = hidesKeys
    timestamp = options.timestamp.map { $0 == .long ? .long : .short }
  }
}

extension IPCommand {
  fileprivate static let deletion = "Delete-all"

  /// What iproute2 calls what goes through a whole database.
  fileprivate var asIPEndsIt: String? {
    switch self {
    case .association(.list), .policy(.list): "Dump"
    case .association(.deleteAll), .policy(.deleteAll): Self.deletion
    default: nil
    }
  }

  fileprivate var hidesKeys: Bool {
    if case .association(.list(let query)) = self { query.hidesKeys } else { false }
  }
}
