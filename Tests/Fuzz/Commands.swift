import IPRoute2
import Netlink
import XFRMKit

/// Reads bytes as the words of one command line, and as a file of many.
func examineCommands(_ bytes: [UInt8]) {
  let words = bytes.split { $0 <= 0x20 }.map { String(decoding: $0, as: UTF8.self) }
  examineLine(words)
  var lexer = BatchLexer(bytes)
  while true {
    // What cannot be read is no finding: that is what the error is for.
    do throws(BatchError) {
      guard let line = try lexer.next() else { break }
      expect((1...BatchLexer.mostWords).contains(line.words.count), "\(line.words.count) words")
    } catch {
      expect(!error.description.isEmpty, "an error without a word")
    }
  }
}

private func examineLine(_ words: [String]) {
  do throws(SyntaxError) {
    let invocation = try IPInvocation(words)
    guard case .xfrm(let start) = invocation.request else { return }
    for dialect in [Dialect.iproute2, .xfrmctl] {
      examine(words, from: start, dialect, invocation.options.family)
    }
  } catch {
    examine(error, words)
  }
}

/// What can be read can be asked for.
private func examine(
  _ words: [String], from start: Int, _ dialect: Dialect, _ family: AddressFamily
) {
  do throws(SyntaxError) {
    let parsed = try IPCommand.parse(
      words, from: start, dialect: dialect, family: family, context: context)
    expect(plantedFault != "command" || parsed.command != .association(.count), "planted")
    guard let operation = parsed.command.operation else { return }
    var request = MessageBuilder()
    request.append(operation)
    expect(request.failure == nil, "\(operation) cannot be written")
  } catch {
    examine(error, words)
  }
}

private func examine(_ error: SyntaxError, _ words: [String]) {
  expect(error.exitStatus == 1 || error.exitStatus == 255, "status \(error.exitStatus)")
  expect((error.word ?? 0) <= words.count, "word \(error.word ?? 0) of \(words.count)")
  expect(error.rendered(under: words).hasPrefix("Error: "), "rendered as something else")
}

private let context: GrammarContext = {
  var context = GrammarContext()
  context.interfaceIndex = { $0 == "lo" ? 1 : nil }
  context.key = { (source, _) throws(KeyUnavailable) in
    guard source == .generated else { throw KeyUnavailable("there is none") }
    return Secret([1, 2, 3].span)
  }
  return context
}()
