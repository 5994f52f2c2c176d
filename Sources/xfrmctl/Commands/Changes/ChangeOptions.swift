import ArgumentParser
import IPRoute2
import XFRMKit

/// What every command that changes something takes.
struct ChangeOptions: ParsableArguments {
  @OptionGroup var namespace: NamespaceOption

  @Flag(help: "Say what would be done, and what the rules say of it. The kernel does not try it.")
  var dryRun = false

  @Flag(help: "Take the request apart, attribute by attribute. Nothing is sent.")
  var explain = false

  @Flag(help: "Print the netlink request in hexadecimal digits. Nothing is sent.")
  var showRequest = false

  @Flag(help: "Show keys in what --show-request prints.")
  var showKeys = false

  @Flag(name: .shortAndLong, help: "Do not warn.")
  var quiet = false

  /// Whether the command only tells.
  var onlyTells: Bool { dryRun || explain || showRequest }
}

/// A command whose words are in the language of `ip xfrm`.
protocol GrammarCommand: ParsableCommand {
  /// What stands before the words: `state add`.
  static var verb: [String] { get }
  var words: [String] { get }
}

extension GrammarCommand {
  /// What the words ask for.
  func parsed(_ namespace: NamespaceOption) throws(Failure) -> IPCommand.Parsed {
    var context = GrammarContext.live
    context.key = KeyLoader.key
    let words = Self.verb + words
    if let index = words.firstIndex(where: { $0.hasPrefix("--") }) {
      // The grammar would take it for a selector's.
      let error = SyntaxError(
        "there is no option \"\(SyntaxError.shown(words[index]))\"", exitStatus: 255, word: index,
        expected: "those that --help lists")
      throw Failure(error, words)
    }
    let known = context
    return try namespace.enter { () throws(Failure) in
      do throws(SyntaxError) {
        return try IPCommand.parse(words, dialect: .xfrmctl, context: known)
      } catch {
        throw Failure(error, words)
      }
    }
  }
}

extension Failure {
  /// Words that make no sense, with a mark under the one at fault.
  init(_ error: SyntaxError, _ words: [String]) {
    var text = error.guessing(words).rendered(under: words)
    if text.hasPrefix("Error: ") { text = String(text.dropFirst("Error: ".count)) }
    // Where iproute2 would send its users.
    if let hint = text.firstRange(of: ", try \"ip xfrm") {
      let end = text[hint.upperBound...].firstIndex(of: "\n") ?? text.endIndex
      text.replaceSubrange(hint.lowerBound..<end, with: "; see xfrmctl \(words[0]) --help")
    }
    text = text.replacing(
      "Command line is not complete. Try option \"help\"", with: "words are missing at the end")
    text = Redaction.redacted(text, keysOf: words)
    self.init(text, error.exitStatus == 1 ? .invalidInput : .usage)
  }
}

/// A command that changes something in the kernel.
protocol ChangeCommand: GrammarCommand {
  var options: ChangeOptions { get }
}

extension ChangeCommand {
  func run() throws {
    let parsed = try parsed(options.namespace)
    if parsed.hasLiteralKey, !options.quiet {
      Terminal.complain(
        "warning: while this runs every user of the host can read the key in its command line; "
          + "@FILE, env:NAME, - and generate keep it out")
    }
    if options.onlyTells {
      try ChangeReport(parsed.command, options).print()
    } else {
      try Change(parsed.command, options).carryOut()
    }
  }
}
