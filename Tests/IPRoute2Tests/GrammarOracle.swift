import Netlink
import TestSupport
import Testing

@testable import IPRoute2

/// What iproute2 made of a command line.
struct OracleCase: Sendable, CustomTestStringConvertible {
  enum Outcome: Equatable, Sendable {
    case request([UInt8])
    case refusal(status: Int32, text: String)
  }

  var words: [String]
  var outcome: Outcome
  var testDescription: String { words.joined(separator: " ") }

  /// Every case of the fixture.
  static let all: [OracleCase] = {
    var cases: [OracleCase] = []
    var words: [String] = []
    for line in FixtureFile.lines(of: "requests.txt") where !line.hasPrefix("#") {
      if line.hasPrefix("> ") {
        words = line.dropFirst(2).split(separator: " ").map(String.init)
      } else if line.hasPrefix("! ") {
        let parts = line.split(separator: " ", maxSplits: 2)
        let outcome = Outcome.refusal(status: Int32(parts[1]) ?? 0, text: String(parts[2]))
        cases.append(OracleCase(words: words, outcome: outcome))
      } else {
        cases.append(OracleCase(words: words, outcome: .request(hex(line))))
      }
    }
    return cases
  }()
}

extension GrammarContext {
  /// Knows the loopback interface, as every namespace does.
  static let test: GrammarContext = {
    var context = GrammarContext()
    context.interfaceIndex = { $0 == "lo" ? 1 : nil }
    return context
  }()
}

/// Reads a command line of `ip`, options included.
func parse(
  _ words: [String], _ dialect: Dialect = .iproute2, _ context: GrammarContext = .test
) throws -> IPCommand.Parsed {
  let invocation = try IPInvocation(words)
  guard case .xfrm(let start) = invocation.request else { throw NotForXFRM() }
  return try IPCommand.parse(
    words, from: start, dialect: dialect, family: invocation.options.family, context: context)
}

/// Reads a command line with a blank between words.
func command(
  _ line: String, _ dialect: Dialect = .iproute2, _ context: GrammarContext = .test
) throws -> IPCommand {
  try parse(["xfrm"] + line.split(separator: " ").map(String.init), dialect, context).command
}

/// Why a command line is refused.
func refusal(_ line: String, _ dialect: Dialect = .iproute2) -> SyntaxError? {
  #expect(throws: SyntaxError.self, "\(line)") { try command(line, dialect) }
}

struct NotForXFRM: Error {}
