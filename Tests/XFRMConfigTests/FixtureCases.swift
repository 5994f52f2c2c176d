import TestSupport
import Testing

@testable import XFRMConfig

/// A configuration of a fixture, and what is expected of it.
struct FixtureCase: CustomTestStringConvertible, Sendable {
  var name: String
  /// By name; the main one is main.yaml.
  var files: [String: String] = [:]
  var expected: String

  var testDescription: String { name }

  /// Every case of a file: `=== NAME`, the main file, `+++ FILE` and further files, `---` and what is
  /// expected.
  static func all(of fixture: String) -> [FixtureCase] {
    var text = FixtureFile.text(of: fixture)
    if text.hasPrefix("=== ") { text = "\n" + text }
    return text.components(of: "\n=== ").dropFirst().map { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      // A document may have its own dashes: the last ones are the fixture's.
      let halves = ("\n" + lines[1] + "\n").components(of: "\n---\n")
      var parts = halves.dropLast().joined(separator: "\n---\n").components(of: "\n+++ ")
      var result = FixtureCase(name: String(lines[0]), expected: halves.last ?? "")
      result.files["main.yaml"] = String(parts.removeFirst().dropFirst()) + "\n"
      for part in parts {
        let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        result.files[String(lines[0])] = String(lines[1]) + "\n"
      }
      while result.expected.hasSuffix("\n") { result.expected.removeLast() }
      return result
    }
  }

  /// Reads its files as those of the host gw-berlin.
  func load() -> LoadedConfiguration { XFRMConfigTests.load(files) }
}

/// Reads files that are nowhere but in memory, the main one being main.yaml.
func load(
  _ files: [String: String], host: String = "gw-berlin", variables: [String: String] = [:]
) -> LoadedConfiguration {
  ConfigurationFiles(host: host, variables: variables) {
    (path) throws(ConfigurationFiles.Unreadable) in
    guard let text = files[path] else { throw .init("No such file or directory") }
    return Array(text.utf8)
  }.load("main.yaml")
}

/// A configuration that has no errors, and what it comes to.
func expand(
  _ text: String, host: String = "gw-berlin", _ bundles: some KeyBundles = PendingBundles()
) throws -> Expansion {
  let loaded = load(["main.yaml": text], host: host)
  guard let configuration = loaded.configuration else { throw Unusable(of: loaded.diagnostics) }
  let expansion = configuration.expanded(bundles)
  guard expansion.isUsable else { throw Unusable(of: expansion.findings) }
  return expansion
}

struct Unusable: Error {
  var findings: [String]
  init(of findings: [Diagnostic]) { self.findings = findings.map(\.description) }
}

/// As in the fixture.
func text(of findings: [Diagnostic], omitted: Int = 0) -> String {
  (findings.map { "\($0)" + ($0.help.map { "\n  help: \($0)" } ?? "") }
    + (omitted > 0 ? ["and \(omitted) more"] : [])).joined(separator: "\n")
}

extension String {
  func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
