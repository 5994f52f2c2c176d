import Glibc
import IPRoute2
import XFRMKit

/// `ip -batch`: a file of commands, of which neighbouring changes go to the kernel together.
struct IPBatch: ~Copyable {
  private let file: String
  private let context: GrammarContext
  private var session: IPSession
  /// Changes that are yet to be sent, and where they stand.
  private var operations: [XFRMKit.Operation] = []
  private var lines: [BatchLine] = []
  private var status: Int32 = 0

  private init(_ options: IPOptions, file: String) throws(IPFailure) {
    self.file = file
    context = .system()
    session = try IPSession(options)
  }

  /// Carries out the commands that a file holds.
  static func run(_ options: IPOptions, _ input: InputFile) throws(IPFailure) {
    var batch = try IPBatch(options, file: input.path)
    var lexer = BatchLexer(input.bytes)
    while try batch.takeLine(&lexer) {}
    try batch.send()
    if batch.status != 0 { throw IPFailure("", status: batch.status) }
  }

  /// Whether every line is about xfrm.
  static func understands(_ input: InputFile) -> Bool {
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

  /// Takes the next line in; `false` at the end.
  private mutating func takeLine(_ lexer: inout BatchLexer) throws(IPFailure) -> Bool {
    let line: BatchLine
    do throws(BatchError) {
      guard let next = try lexer.next() else { return false }
      line = next
    } catch {
      try send()
      try fail(at: error.line, nil, IPFailure("Error: \(error.problem)", status: 1))
      return true
    }
    let command: IPCommand
    do throws(SyntaxError) { command = try parse(line) } catch {
      try send()
      let word = error.word.flatMap { $0 < line.words.count ? line.words[$0] : nil }
      try fail(at: line.number, word, IPFailure(error))
      return true
    }
    try carryOut(command, line)
    return true
  }

  private func parse(_ line: BatchLine) throws(SyntaxError) -> IPCommand {
    guard let object = IPInvocation.object(inLine: line.words) else {
      throw SyntaxError(
        "Object \"\(SyntaxError.shown(line.words[0]))\" is unknown, try \"ip help\".",
        exitStatus: 1, word: 0)
    }
    return try IPCommand.parse(
      line.words, from: object, dialect: .iproute2, family: session.options.family,
      context: context
    ).command
  }

  /// Puts a change to those that wait; all else comes after them.
  private mutating func carryOut(
    _ command: IPCommand, _ line: BatchLine
  ) throws(IPFailure) {
    if let operation = command.operation {
      operations.append(operation)
      lines.append(line)
      if operations.count == Self.atOnce { try send() }
      return
    }
    try send()
    do throws(IPFailure) { try session.run(command) } catch {
      try fail(at: line.number, line.words.last, error)
    }
  }

  /// Sends the changes that have come together.
  private mutating func send() throws(IPFailure) {
    guard !operations.isEmpty else { return }
    let isForced = session.options.isForced
    var refusals: [(Int, KernelRefusal)] = []
    let result = session.perform(operations, isForced: isForced) { number, outcome in
      if case .refused(let refusal) = outcome { refusals.append((number, refusal)) }
    }
    let sent = lines
    operations.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    for (number, refusal) in refusals {
      let failure = IPFailure(refusal.asIPTellsIt, status: 2)
      try fail(at: sent[number].number, sent[number].word(for: refusal.attribute), failure)
    }
    if let failure = result.failure { throw IPFailure(failure) }
  }

  /// Tells of a line that failed, and ends the batch unless it is to go on.
  private mutating func fail(
    at line: Int, _ word: String?, _ failure: IPFailure
  ) throws(IPFailure) {
    let words = word.map { "\(SyntaxError.shown($0)): " } ?? ""
    Terminal.warn("\(file):\(line): \(words)\(failure.text)\nCommand failed \(file):\(line)")
    guard session.options.isForced else { throw IPFailure("", status: failure.status) }
    status = 1
  }

  private static let atOnce = 8192
}

extension BatchLine {
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
    return candidates.first { words.contains($0) } ?? words.dropFirst(2).first
  }
}
