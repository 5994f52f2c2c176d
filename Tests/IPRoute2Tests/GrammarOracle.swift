import Glibc
import Netlink
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
    for line in lines(of: "requests.txt") where !line.hasPrefix("#") {
      if line.hasPrefix("> ") {
        words = line.dropFirst(2).split(separator: " ").map(String.init)
      } else if line.hasPrefix("! ") {
        let parts = line.split(separator: " ", maxSplits: 2)
        let outcome = Outcome.refusal(status: Int32(parts[1]) ?? 0, text: String(parts[2]))
        cases.append(OracleCase(words: words, outcome: outcome))
      } else {
        cases.append(OracleCase(words: words, outcome: .request(bytes(line))))
      }
    }
    return cases
  }()

  /// `00*24` is 24 zero bytes.
  private static func bytes(_ line: Substring) -> [UInt8] {
    line.split(separator: " ").flatMap { word in
      let parts = word.split(separator: "*")
      let digits = Array(parts[0])
      let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0..<($0 + 2)]), radix: 16)
      }
      return Array(repeatElement(bytes, count: parts.count == 2 ? Int(parts[1]) ?? 0 : 1).joined())
    }
  }

  /// A file's lines; it lies beside the source of this test.
  private static func lines(of name: String, here: String = #filePath) -> [Substring] {
    let path =
      here.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Fixtures/\(name)"
    // Sound: every read stays within the chunk, and the descriptor is closed once.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    precondition(!bytes.isEmpty, "cannot read \(path)")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
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
