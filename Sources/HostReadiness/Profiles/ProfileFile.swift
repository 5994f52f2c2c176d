internal import XFRMKit

/// Why a profile of a user's own cannot be used.
public struct ProfileError: Error, Hashable, Sendable {
  @nonexhaustive
  public enum Problem: Hashable, Sendable {
    /// No line begins so.
    case unknownWord(String)
    /// Nothing stands behind the word.
    case missingValue(String)
    /// More stands behind the word than it takes.
    case extraValue(String)
    /// The word may stand in one line only.
    case repeated(String)
    case unknownUse(String)
    /// No check has that name, or none fits the pattern.
    case noSuchCheck(String)
    case unknownProposal(String)
    /// There is no line that says something.
    case saysNothing
  }

  /// Counted from 1.
  public var line: Int
  public var problem: Problem
}

extension ProfileError: CustomStringConvertible {
  public var description: String {
    switch problem {
    case .unknownWord(let word):
      "“\(word)” is none of \(ProfileLine.words.asList)"
    case .missingValue(let word):
      "“\(word)” takes \(ProfileLine.expectation(of: word)) behind it"
    case .extraValue(let word):
      "“\(word)” takes \(ProfileLine.expectation(of: word)) and nothing more"
    case .repeated(let word):
      "“\(word)” was said before"
    case .unknownUse(let name):
      "there is no profile “\(name)” to build on, only \(Use.allCases.map(\.rawValue).asList)"
    case .noSuchCheck(let pattern):
      pattern.contains("*")
        ? "no check fits “\(pattern)”" : "there is no check “\(pattern)”"
    case .unknownProposal(let name):
      "there is no proposal “\(name)”; usual ones are "
        + ESPProposal.all.prefix(4).map(\.name).joined(separator: ", ")
    case .saysNothing:
      "it says nothing; lines begin with \(ProfileLine.words.asList)"
    }
  }
}

extension Profile {
  /// Reads a profile of a user's own: a line for each thing it says, `#` before comments.
  ///
  ///     name office
  ///     base strongswan
  ///     require xfrm.esp6.*
  ///     recommend nf.*
  ///     optional mod.af_key
  ///     skip env.memory
  ///     proposal aes256gcm16 aes256-sha256
  ///
  /// Of lines about one check the last counts. Proposals take the place of those of the base.
  ///
  /// - Parameters:
  ///   - text: The lines.
  ///   - name: What the profile is called unless a line says so.
  public init(parsing text: String, name: String) throws(ProfileError) {
    self.init(.minimal)
    self.name = name
    var said: Set<String> = []
    var own: [ESPProposal] = []
    var isEmpty = true
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, text) in lines.enumerated() {
      guard let line = ProfileLine(text, number: index + 1) else { continue }
      isEmpty = false
      switch line.word {
      case "name":
        try line.onlyOnce(&said)
        self.name = try line.values().joined(separator: " ")
      case "base":
        try line.onlyOnce(&said)
        try build(on: line)
      case "proposal":
        for value in try line.values() {
          guard let proposal = ESPProposal(named: value) else {
            throw line.error(.unknownProposal(value))
          }
          own.append(proposal)
        }
      default:
        guard let severity = ProfileLine.severities[line.word] else {
          throw line.error(.unknownWord(line.word))
        }
        for pattern in try line.values() {
          guard CheckDefinition.all.contains(where: { $0.id.fits(pattern) }) else {
            throw line.error(.noSuchCheck(pattern))
          }
          rules.append(Rule(pattern, severity))
        }
      }
    }
    if isEmpty { throw ProfileError(line: 1, problem: .saysNothing) }
    if !own.isEmpty { proposals = own }
  }

  private mutating func build(on line: ProfileLine) throws(ProfileError) {
    let values = try line.values()
    guard values.count == 1 else { throw line.error(.extraValue(line.word)) }
    guard let use = Use(rawValue: values[0]) else { throw line.error(.unknownUse(values[0])) }
    self.use = use
    proposals = use.proposals
  }
}

/// A line that says something.
private struct ProfileLine {
  let word: String
  private let rest: [String]
  private let number: Int

  static let severities: [String: Check.Severity?] = [
    "require": .required, "recommend": .recommended, "optional": .optional, "skip": .none,
  ]
  static let words = ["name", "base", "require", "recommend", "optional", "skip", "proposal"]

  static func expectation(of word: String) -> String {
    switch word {
    case "name": "what the profile is called"
    case "base": "one of \(Use.allCases.map(\.rawValue).asList)"
    case "proposal": "names of proposals, such as aes256gcm16,"
    default: "names of checks, or patterns such as nf.*,"
    }
  }

  init?(_ text: Substring, number: Int) {
    let words = text.prefix { $0 != "#" }.words.map(String.init)
    guard let word = words.first else { return nil }
    self.word = word
    rest = Array(words.dropFirst())
    self.number = number
  }

  func values() throws(ProfileError) -> [String] {
    guard !rest.isEmpty else { throw error(.missingValue(word)) }
    return rest
  }

  func onlyOnce(_ said: inout Set<String>) throws(ProfileError) {
    guard said.insert(word).inserted else { throw error(.repeated(word)) }
  }

  func error(_ problem: ProfileError.Problem) -> ProfileError {
    ProfileError(line: number, problem: problem)
  }
}
