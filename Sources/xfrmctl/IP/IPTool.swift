import Glibc
import IPRoute2
import XFRMKit

/// `xfrmctl ip`: what `ip` does for objects of xfrm, told as `ip` tells it.
enum IPTool {
  /// Carries out the words behind `xfrmctl ip`, and returns what `ip` would exit with.
  static func run(_ arguments: [String]) -> Int32 {
    do throws(IPFailure) {
      try carryOut(arguments)
      return 0
    } catch {
      if !error.text.isEmpty { Terminal.warn(error.text) }
      return error.status
    }
  }

  private static func carryOut(_ arguments: [String]) throws(IPFailure) {
    var words = arguments[...]
    var substitute: String?
    var showsRequest = false
    while let word = words.first {
      if word == "--or", let program = words.dropFirst().first {
        substitute = program
        words = words.dropFirst(2)
      } else if word == "--show-request" {
        showsRequest = true
        words = words.dropFirst()
      } else {
        break
      }
    }
    if words.first == "--help" {
      do { try Terminal.print(IPWords.help) } catch {
        throw IPFailure("\(error)", status: 1)
      }
      return
    }
    let rest = Array(words)
    let isShown = showsRequest
    let invocation: IPInvocation
    do throws(SyntaxError) { invocation = try IPInvocation(rest) } catch {
      // The real one knows more options.
      if let substitute { throw become(substitute, rest) }
      throw IPFailure(error)
    }
    switch invocation.request {
    case .xfrm(let object):
      // What stands for bytes that were no text: as a key they would be another one.
      guard !rest.contains(where: { $0.unicodeScalars.contains("\u{fffd}") }) else {
        throw IPFailure("Error: a word is no UTF-8", status: 255)
      }
      try enter(invocation.options.namespace) { () throws(IPFailure) in
        try carryOut(rest, from: object, invocation.options, showsRequest: isShown)
      }
    case .batch:
      guard let file = invocation.options.batchFile else { return }
      let input = try InputFile(file)
      if let substitute, !Batch.isAllXFRM(input) {
        let offered = try input.offer()
        throw become(substitute, rest.map { $0 == file ? offered : $0 })
      }
      try enter(invocation.options.namespace) { () throws(IPFailure) in
        var batch = try Batch(invocation.options, input, style: .ip)
        try batch.run()
      }
    case .version where substitute == nil:
      do { try Terminal.print("xfrmctl ip \(toolVersion), the language of iproute2 7.1") } catch {
        throw IPFailure("\(error)", status: 1)
      }
    case .version, .other:
      if let substitute { throw become(substitute, rest) }
      throw IPFailure(
        "xfrmctl ip speaks of xfrm only: xfrmctl ip xfrm state | policy | monitor ...", status: 255)
    }
  }

  private static func carryOut(
    _ words: [String], from object: Int, _ options: IPOptions, showsRequest: Bool
  ) throws(IPFailure) {
    let command: IPCommand
    do throws(SyntaxError) {
      command = try IPCommand.parse(
        words, from: object, dialect: .iproute2, family: options.family, context: .live
      ).command
    } catch {
      throw IPFailure(error)
    }
    switch command {
    case .help(let topic): throw IPFailure(IPUsage.text(topic), status: 255)
    case .monitor(let command): try IPMonitor.run(command, options)
    case _ where showsRequest: try show(command)
    default:
      var session = try IPSession(options)
      try session.run(command)
    }
  }

  private static func show(_ command: IPCommand) throws(IPFailure) {
    do {
      for request in try command.requests() {
        try Terminal.print(request.hexadecimal(showsKeys: true))
      }
    } catch {
      throw IPFailure("Error: \(error)", status: 1)
    }
  }

  /// Runs `body` in a named network namespace, on a thread of its own.
  private static func enter(
    _ name: String?, _ body: @escaping @Sendable () throws(IPFailure) -> Void
  ) throws(IPFailure) {
    guard let name else { return try body() }
    let outcome: Result<Void, IPFailure>
    do throws(NetlinkError) {
      outcome = try NetworkNamespace(name: name).run { () throws(NetlinkError) in
        do throws(IPFailure) { return .success(try body()) } catch { return .failure(error) }
      }
    } catch {
      throw IPFailure(namespace: name, error)
    }
    try outcome.get()
  }

  /// Becomes another program; returns only if that fails.
  ///
  /// - Parameter words: The last ones that this program was started with. Those that are as they
  ///   were then are passed on byte for byte, as they need not be text.
  private static func become(_ program: String, _ words: [String]) -> IPFailure {
    let before = CommandLine.arguments.count - words.count
    // Sound: copies of terminated texts, which outlive the call, and a null at the end.
    var arguments = unsafe [strdup(program)]
    for (number, word) in words.enumerated() {
      let isUnchanged = CommandLine.arguments[before + number] == word
      unsafe arguments.append(
        isUnchanged ? CommandLine.unsafeArgv[before + number] : strdup(word))
    }
    unsafe arguments.append(nil)
    unsafe execv(program, &arguments)
    return IPFailure("\(program): \(SystemErrno.current)", status: 255)
  }
}
