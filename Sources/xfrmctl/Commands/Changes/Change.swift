import IPRoute2
import XFRMKit

/// A change, carried out and looked at afterwards.
struct Change {
  let command: IPCommand
  let options: ChangeOptions

  init(_ command: IPCommand, _ options: ChangeOptions) {
    self.command = command
    self.options = options
  }

  func carryOut() throws(Failure) {
    if !options.quiet { command.warn() }
    var xfrm = try options.namespace.connect()
    let answer: CommandAnswer
    do throws(XFRMError) { answer = try xfrm.carryOut(command) } catch { throw Failure(error) }
    switch answer {
    case .associations(let associations):
      for association in associations { try Terminal.print("\(association.spi)") }
    case .deleted(let count, let failures):
      try Terminal.print("\(Text.count(UInt64(count))) deleted")
      if let first = failures.first {
        throw Failure("\(failures.count) could not be deleted; the first: \(first)", .failed)
      }
    default: break
    }
    if !options.quiet { try tellUntaken(&xfrm) }
  }

  /// Tells what the kernel did not take, though it said nothing.
  private func tellUntaken(_ xfrm: inout XFRMClient) throws(Failure) {
    let untaken: [Untaken]
    do throws(XFRMError) {
      switch command {
      case .association(.add(let association)), .association(.update(let association)),
        .association(.replace(let association)):
        untaken = try xfrm.untaken(of: association)
      case .policy(.add(let policy)), .policy(.update(let policy)):
        untaken = try xfrm.untaken(of: policy)
      default: return
      }
    } catch {
      throw Failure("it is done, but cannot be read back: \(error)", .failed)
    }
    for part in untaken { Terminal.complain("warning: the kernel ignored \(part)") }
  }
}

extension IPCommand {
  /// Rules that what it adds or updates breaks.
  var findings: [Finding] {
    switch self {
    case .association(.replace(let association)): association.findings
    default: operation?.findings ?? []
    }
  }

  /// Says what is dangerous or questionable; what the kernel refuses it will say itself.
  func warn() {
    for finding in findings where finding.rule.severity != .refused {
      Terminal.complain("warning: \(finding): \(finding.rule.remedy)")
    }
  }
}
