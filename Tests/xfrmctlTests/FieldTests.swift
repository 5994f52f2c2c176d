import ArgumentParser
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// `--fields`, `--sort` and `--tsv`.
@Suite("Fields")
struct FieldTests {
  private static let policies: [Policy] = {
    var first = RuleExamples.policy
    first.priority = 10
    first.templates.append(first.templates[0])
    first.templates[1].spi = 0x1234
    var second = RuleExamples.policy
    second.priority = 9
    second.templates = []
    second.selector.source = IPPrefix(.v4(0x0900_0000), length: 8)
    second.direction = Policy.Direction(rawValue: 99)
    return [first, second]
  }()

  private func lines(_ fields: [String], _ policies: [Policy] = policies) throws -> [String] {
    let bytes = try rendered(policies, KeyDisplay(), form: .tsv, fields: fields)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("TSV has a line of names and a line for each entry, in the order asked for")
  func tsv() throws {
    #expect(
      try lines(["selector.source", "priority", "direction"]) == [
        "selector.source\tpriority\tdirection", "10.1.0.0/16\t10\tout", "9.0.0.0/8\t9\traw:99",
      ])
  }

  @Test("a field of several objects has a place for each")
  func places() throws {
    #expect(
      try lines(["templates.spi", "templates.mode"]) == [
        "templates.spi\ttemplates.mode", ",4660\ttunnel,tunnel", "\t",
      ])
  }

  @Test("an object stands for what is in it, and nothing at all for everything")
  func whole() throws {
    #expect(try lines(["mark"])[0] == "mark.value\tmark.mask")
    let all = try lines([])
    #expect(all[0].split(separator: "\t").count > 50)
    for line in all {
      #expect(
        line.split(separator: "\t", omittingEmptySubsequences: false).count
          == all[0].split(separator: "\t").count)
    }
  }

  @Test("names cannot break lines or command a terminal")
  func escaping() throws {
    var association = RuleExamples.association
    association.aead?.name = "a\tb\nc\\d\u{1b}[m"
    let bytes = try rendered([association], KeyDisplay(), form: .tsv, fields: ["aead.name", "spi"])
    #expect(
      String(decoding: bytes, as: UTF8.self) == "aead.name\tspi\na\\tb\\nc\\\\d\\x1b[m\t4097\n")
  }

  @Test("TSV and JSON have the same values", arguments: [8, 9])
  func agreement(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let policies = (0..<50).map { _ in dice.policy() }
    let names = ["priority", "index", "interfaceID", "usage.bytes", "mark.value"]
    let table = try lines(names, policies).dropFirst()
    let value = try JSONValue(parsing: rendered(policies, KeyDisplay(), fields: names))
    let entries = try #require(value["policies"]?.elements)
    for (line, entry) in zip(table, entries) {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let members = names.map { name in
        name.split(separator: ".").reduce(entry as JSONValue?) { $0?[String($1)] }?.integer
          .map { "\($0)" } ?? ""
      }
      #expect(cells == members)
    }
    #expect(table.count == 50 && entries.count == 50)
  }

  // MARK: Order

  private func priorities(_ sort: String, _ policies: [Policy]) -> [UInt32] {
    SortOrder(SortOrder.fields(sort)).sorted(policies, keys: KeyDisplay()).map(\.priority)
  }

  @Test("numbers go by what they are, and so do addresses")
  func order() {
    #expect(priorities("priority", Self.policies) == [9, 10])
    #expect(priorities("-priority", Self.policies) == [10, 9])
    #expect(priorities("selector.source", Self.policies) == [9, 10])
    #expect(priorities("-selector.source", Self.policies) == [10, 9])
    // A word is before a number without one.
    #expect(priorities("direction", Self.policies) == [10, 9])
  }

  @Test("what has no value comes last in both directions, and equals stay as they were")
  func absent() {
    var policies = (0..<6).map { number in
      var policy = RuleExamples.policy
      policy.priority = UInt32(number)
      policy.interfaceID = number < 3 ? nil : UInt32(number % 2)
      return policy
    }
    #expect(priorities("interfaceID", policies) == [4, 3, 5, 0, 1, 2])
    #expect(priorities("-interfaceID", policies) == [3, 5, 4, 0, 1, 2])
    #expect(priorities("interfaceID,-priority", policies) == [4, 5, 3, 2, 1, 0])
    policies.reverse()
    #expect(priorities("action", policies) == [5, 4, 3, 2, 1, 0])
  }

  // MARK: Names

  @Test(
    "a wrong name is answered with those that are near",
    arguments: [
      ("prioritty", "priority"), ("selector.src", "selector.source"), ("reqid", "requestID"),
      ("secondsfromadd", "lifetime.soft.secondsFromAdd"), ("Direction", "direction"),
      ("if_id", "interfaceID"), ("sel.src", "selector.source"),
    ])
  func near(_ name: String, _ meant: String) throws {
    let failure = #expect(throws: Failure.self) {
      try FieldName.check([name], in: FieldTree(of: Policy.self))
    }
    #expect(failure?.status == .usage)
    #expect(failure?.description.contains("“\(name)”") == true)
    #expect(failure?.description.contains(meant) == true, "\(failure?.description ?? "")")
  }

  @Test("nonsense is answered without advice")
  func nonsense() {
    for name in ["", "xyzzyxyzzy", ".", "priority.", "a.b.c.d"] {
      let failure = #expect(throws: Failure.self) {
        try FieldName.check([name], in: FieldTree(of: Policy.self))
      }
      #expect(failure?.description.contains("there is no field") == true)
    }
  }

  @Test("every name that there is is taken")
  func every() throws {
    for tree in [FieldTree(of: Policy.self), FieldTree(of: SecurityAssociation.self)] {
      #expect(tree.all.count > 50)
      try FieldName.check(tree.all, in: tree)
      try FieldName.checkLeaves(tree.leaves, in: tree)
    }
  }

  @Test("what has several values is no order")
  func several() {
    let failure = #expect(throws: Failure.self) {
      try FieldName.checkLeaves(["mark"], in: FieldTree(of: Policy.self))
    }
    #expect(failure?.description.contains("choose one of mark.value, mark.mask") == true)
  }

  // MARK: Options

  @Test(
    "options that do not go together are refused",
    arguments: [["--json", "--tsv"], ["--fields", "spi"], ["--sort"]])
  func refused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try ListOptions.parse(arguments) }
  }

  @Test("keys are a field only where they are shown")
  func keyField() throws {
    let options = try ListOptions.parse(["--json", "--fields", "aead.key", "--sort", "-spi"])
    let failure = #expect(throws: Failure.self) {
      try options.output(of: SecurityAssociation.self, keys: KeyDisplay())
    }
    #expect(failure?.description.contains("aead.keyFingerprint") == true)
    let output = try options.output(
      of: SecurityAssociation.self, keys: KeyDisplay(showsKeys: true))
    #expect(output.form == .json)
  }

  @Test(
    "a salt is pairs of hexadecimal digits", arguments: ["", "0", "0g", "é1", "00 11"])
  func salt(_ text: String) throws {
    let options = try KeyOptions.parse(["--fingerprint-salt", text])
    #expect(throws: Failure.self) { try options.display() }
    let good = try KeyOptions.parse(["--fingerprint-salt", "00fF"])
    #expect(try good.display().fingerprint.salt == [0, 0xff])
  }
}
