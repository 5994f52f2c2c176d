import Glibc
import IPRoute2
import XFRMKit

/// A file of commands, of which neighbouring changes go to the kernel together: `ip -batch`, and
/// `xfrmctl batch`.
struct Batch: ~Copyable {
  /// Whose manners it has.
  enum Style {
    /// iproute2's.
    case ip
    /// This tool's own: its grammar, no keys, and reasons. With `isTrial` nothing is sent.
    case native(isTrial: Bool)
  }

  private let input: InputFile
  private let style: Style
  private let context: GrammarContext
  private var session: IPSession
  /// Changes that are yet to be sent, and where they stand.
  private var operations: [XFRMKit.Operation] = []
  private var lines: [BatchLine] = []
  private var status: Int32 = 0
  /// Commands taken in so far, and those that failed.
  private(set) var count = 0
  private(set) var failures = 0
  /// What the kernel said first that was no answer to one command alone.
  private(set) var refusal: ExitStatus?

  init(_ options: IPOptions, _ input: InputFile, style: Style) throws(IPFailure) {
    self.input = input
    self.style = style
    var context = GrammarContext.live
    var hidesKeys = false
    if case .native = style {
      context.key = KeyLoader.key
      hidesKeys = true
    }
    self.context = context
    session = try IPSession(options, hidesKeys: hidesKeys)
  }

  /// Whether every line is about xfrm.
  static func isAllXFRM(_ input: InputFile) -> Bool {
    var lexer = BatchLexer(input.bytes)
    do throws(BatchError) {
      while let line = try lexer.next() {
        guard IPInvocation.object(inLine: line.words) != nil else { return false }
      }
      return true
    } catch {
      return false
    }
  }

  /// Carries out the file's commands.
  mutating func run() throws(IPFailure) {
    var lexer = BatchLexer(input.bytes)
    while try takeLine(&lexer) {}
    try send()
    if status != 0 { throw IPFailure("", status: status) }
  }

  /// Takes the next line in; `false` at the end.
  private mutating func takeLine(_ lexer: inout BatchLexer) throws(IPFailure) -> Bool {
    let line: BatchLine
    do throws(BatchError) {
      guard let next = try lexer.next() else { return false }
      line = next
    } catch {
      count += 1
      try send()
      try fail(at: error.line, nil, IPFailure("Error: \(error.problem)", status: 1))
      return true
    }
    count += 1
    let command: IPCommand
    do throws(SyntaxError) { command = try parse(line.words) } catch {
      try send()
      let word = error.word.flatMap { $0 < line.words.count ? line.words[$0] : nil }
        .map { Redaction.redacted($0, keysOf: line.words) }
      var failure = IPFailure(error)
      failure.text = Redaction.redacted(failure.text, keysOf: line.words)
      try fail(at: line.number, word, failure)
      return true
    }
    try take(command, of: line)
    return true
  }

  private func parse(_ words: [String]) throws(SyntaxError) -> IPCommand {
    switch style {
    case .ip:
      guard let object = IPInvocation.object(inLine: words) else {
        throw SyntaxError(
          "Object \"\(SyntaxError.shown(words[0]))\" is unknown, try \"ip help\".", exitStatus: 1,
          word: 0)
      }
      return try IPCommand.parse(
        words, from: object, dialect: .iproute2, family: session.options.family, context: context
      ).command
    case .native:
      // Files that were written for ip serve as well.
      let object = words.starts(with: ["ip", "xfrm"]) ? 2 : words[0] == "xfrm" ? 1 : 0
      do throws(SyntaxError) {
        return try IPCommand.parse(words, from: object, dialect: .xfrmctl, context: context).command
      } catch {
        throw error.guessing(words, from: object)
      }
    }
  }

  private mutating func take(_ command: IPCommand, of line: BatchLine) throws(IPFailure) {
    if case .native(isTrial: true) = style {
      guard let finding = command.findings.first(where: { $0.rule.severity == .refused }) else {
        return
      }
      return try fail(
        at: line.number, line.verb, IPFailure("\(finding): \(finding.rule.remedy)", status: 1))
    }
    if let operation = command.operation {
      operations.append(operation)
      lines.append(line)
      if operations.count == Self.atOnce { try send() }
      return
    }
    try send()
    let failure: IPFailure?
    do throws(IPFailure) {
      try session.run(command)
      failure = nil
    } catch {
      failure = error
    }
    if let failure { try fail(at: line.number, line.verb, failure) }
  }

  /// Sends the changes that have come together.
  private mutating func send() throws(IPFailure) {
    guard !operations.isEmpty else { return }
    let isForced = session.options.isForced
    var refusals: [(Int, KernelRefusal)] = []
    let result = session.perform(operations, isForced: isForced) { number, outcome in
      if case .refused(let refusal) = outcome { refusals.append((number, refusal)) }
    }
    if case .native = style { Terminal.progress("\(Text.count(count)) commands") }
    for (number, refusal) in refusals {
      try fail(
        at: lines[number].number, lines[number].word(for: refusal.attribute),
        IPFailure(XFRMError(operations[number], .refused(refusal))))
    }
    operations.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    if let failure = result.failure { throw IPFailure(failure) }
  }

  /// Tells of a line that failed, and ends the batch unless it is to go on.
  private mutating func fail(
    at line: Int, _ word: String?, _ failure: IPFailure
  ) throws(IPFailure) {
    failures += 1
    let file = input.path
    let place = "\(file):\(line):" + (word.map { " \(SyntaxError.shown($0)):" } ?? "")
    var goesOn = session.options.isForced
    switch style {
    case .ip: Terminal.warn("\(place) \(failure.text)\nCommand failed \(file):\(line)")
    case .native(let isTrial):
      Terminal.endProgress()
      let text = failure.cause.map { "\($0)" } ?? failure.text
      let isPrefixed = text.hasPrefix(Self.prefix)
      Terminal.complain("\(place) \(text.dropFirst(isPrefixed ? Self.prefix.count : 0))")
      goesOn = goesOn || isTrial
    }
    if let cause = failure.cause, refusal == nil { refusal = ExitStatus(cause) }
    // Nothing that follows would fare better.
    if case .native = style, refusal == .permission { goesOn = false }
    guard goesOn else { throw IPFailure("", status: failure.status) }
    status = 1
  }

  /// Begins most of iproute2's texts.
  private static let prefix = "Error: "

  /// About a datagram's worth. With more the lists would be given back to the system and fetched
  /// anew over and over.
  private static let atOnce = 512
}

extension BatchLine {
  /// What is to be done.
  fileprivate var verb: String? {
    words.dropFirst(words.starts(with: ["ip", "xfrm"]) ? 3 : words[0] == "xfrm" ? 2 : 1).first
  }

  /// The word that made an attribute, as far as one can be named, else what was to be done.
  fileprivate func word(for attribute: AttributeType?) -> String? {
    let candidates: [String] =
      switch attribute {
      case .algorithmAEAD?: ["aead"]
      case .algorithmEncryption?: ["enc"]
      case .algorithmAuthentication?, .algorithmAuthenticationTruncated?: ["auth", "auth-trunc"]
      case .algorithmCompression?: ["comp"]
      case .encapsulation?: ["encap"]
      case .templates?: ["tmpl"]
      case .securityContext?: ["ctx"]
      case .mark?: ["mark"]
      case .outputMark?, .outputMarkMask?: ["output-mark"]
      case .interfaceID?: ["if_id"]
      case .offload?: ["offload"]
      case .policyType?: ["ptype"]
      case .extendedReplayState?, .replayState?: ["replay-window"]
      case .direction?: ["dir"]
      case .cpu?: ["pcpu-num"]
      default: []
      }
    return candidates.first { words.contains($0) } ?? verb
  }
}
