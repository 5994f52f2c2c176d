import IPRoute2
import XFRMKit

/// What a change would be, for those who want to know before it is one.
struct ChangeReport {
  let command: IPCommand
  let options: ChangeOptions

  init(_ command: IPCommand, _ options: ChangeOptions) {
    self.command = command
    self.options = options
  }

  func print() throws(Failure) {
    let requests: [RequestAnatomy]
    do throws(UnencodableMessage) { requests = try command.requests() } catch {
      throw Failure("this cannot be asked of any kernel: \(error)", .invalidInput)
    }
    if options.showRequest {
      for request in requests {
        try Terminal.print(request.hexadecimal(showsKeys: options.showKeys))
      }
    }
    if options.explain {
      try Terminal.print(requests.map { Self.text($0) }.joined(separator: "\n\n"))
    }
    if options.explain || options.dryRun {
      let findings = Self.text(command.findings)
      if !findings.isEmpty { try Terminal.print(findings) }
    }
    let refused = command.findings.first { $0.rule.severity == .refused }
    if options.dryRun {
      guard let refused else {
        return try Terminal.print("would \(summary); the kernel was not asked")
      }
      throw Failure("the kernel would refuse to \(summary): \(refused.rule.id)", .invalidInput)
    }
  }

  private var summary: String {
    switch command {
    case .association(.replace(let association)): "add or update \(association.id)"
    case .association(.allocateSPI(let request)): "allocate an \(request)"
    case .association(.deleteAll): "delete the SAs that are meant"
    case .policy(.deleteAll): "delete the policies that are meant"
    default: command.operation.map { "\($0)" } ?? "ask the kernel"
    }
  }

  /// Names and values in columns, parts of parts further in.
  static func text(_ request: RequestAnatomy) -> String {
    let widths = request.parts.map { $0.depth * 2 + $0.name.count }
    let column = min((widths.max() ?? 0) + 2, 36)
    let lines = request.parts.flatMap { part -> [String] in
      let name = String(repeating: " ", count: part.depth * 2) + part.name
      guard !part.value.isEmpty else { return ["  " + Style.bold(name)] }
      let wrapped = Text.wrap(part.value, width: 76 - column)
      return wrapped.enumerated().map {
        "  " + Text.pad($0 == 0 ? name : "", column) + $1
      }
    }
    let title = Style.bold("\(request.messageName), \(request.count) bytes")
    return ([title] + lines).joined(separator: "\n")
  }

  static func text(_ findings: [Finding]) -> String {
    findings.map { finding in
      let tag =
        switch finding.rule.severity {
        case .refused: Style.red("refused")
        case .dangerous: Style.yellow("dangerous")
        case .questionable: Style.yellow("questionable")
        }
      let lines = Text.wrap("\(finding): \(finding.rule.remedy)", width: 66)
      return lines.enumerated().map {
        $0 == 0
          ? "\(tag)\(String(repeating: " ", count: 14 - finding.rule.severity.word.count))\($1)"
          : String(repeating: " ", count: 14) + $1
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension Rule.Severity {
  var word: String {
    switch self {
    case .refused: "refused"
    case .dangerous: "dangerous"
    case .questionable: "questionable"
    }
  }
}
