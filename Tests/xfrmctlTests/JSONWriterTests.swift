import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

@Suite("JSON")
struct JSONWriterTests {
  private struct Sample: Described {
    var values: [Scalar]

    static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
      field("absent", nil as UInt32?)
      field("values", value?.values)
      field("inner", value.map { _ in Inner() })
      field("list", value.map { _ in [Inner(), Inner()] })
      field("last", value.map { _ in true })
    }
  }

  private struct Inner: Described {
    static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
      field("a", value.map { _ in 1 as UInt8 })
      field("b", value.map { _ in "two" })
    }
  }

  private func text(_ values: [Scalar], _ fields: [String] = []) -> String {
    var writer = JSONWriter(
      keys: KeyDisplay(), selection: fields.isEmpty ? nil : FieldTree.selection(of: fields))
    writer.write(Sample(values: values))
    return String(decoding: writer.take(), as: UTF8.self)
  }

  @Test("leaves out what has no value, and puts commas between the rest")
  func layout() {
    #expect(
      text([.count(1), .word("in")])
        == #"{"values":[1,"in"],"inner":{"a":1,"b":"two"},"#
        + #""list":[{"a":1,"b":"two"},{"a":1,"b":"two"}],"last":true}"#)
  }

  @Test("writes only what was chosen")
  func selection() {
    #expect(text([], ["inner.b", "last"]) == #"{"inner":{"b":"two"},"last":true}"#)
    #expect(text([], ["list.a"]) == #"{"list":[{"a":1},{"a":1}]}"#)
    #expect(text([], ["inner"]) == #"{"inner":{"a":1,"b":"two"}}"#)
    #expect(text([], ["inner", "inner.a"]) == text([], ["inner"]))
  }

  @Test("escapes text so that it is read back as it was")
  func strings() throws {
    let texts = [
      "", "plain", "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}", "é→\u{2028}😀", "\r\n",
      String(repeating: "x", count: 1000),
    ]
    let value = try JSONValue(parsing: text(texts.map { .text($0) }))
    #expect(value["values"]?.elements?.map(\.text) == texts)
    #expect(!text(texts.map { .text($0) }).utf8.contains { $0 < 0x20 || $0 == 0x7f })
  }

  @Test("numbers of 64 bits lose nothing")
  func numbers() throws {
    let written = text([
      .count(.max), .count(0), .count(10), .count(12_345), .signed(.min), .signed(-1),
      .raw(255), .flag(false),
    ])
    #expect(
      written.hasPrefix(
        #"{"values":[18446744073709551615,0,10,12345,-9223372036854775808,-1,{"raw":255},false]"#))
  }

  @Test("addresses are written as the C library writes them")
  func addresses() {
    var dice = Dice(seed: 6)
    var addresses = (0..<2000).map { _ in dice.address(dice.chance(50) ? .ipv4 : .ipv6) }
    // With many groups of zeros, and of few digits.
    for _ in 0..<20_000 {
      let halves = (0..<2).map { _ -> UInt64 in
        (0..<4).reduce(0) { half, _ in
          half << 16 | (dice.chance(60) ? 0 : UInt64(dice.number(UInt16.self) >> dice.below(16)))
        }
      }
      addresses.append(.v6(halves[0], halves[1]))
    }
    for address in addresses {
      var bytes: [UInt8] = []
      bytes.append(address)
      #expect(String(decoding: bytes, as: UTF8.self) == address.description)
    }
  }

  @Test("times are written as Foundation writes them")
  func times() {
    var dice = Dice(seed: 7)
    var moments = [0, 951_782_400, 951_868_799, 4_107_542_399, 253_402_300_799] as [UInt64]
    for _ in 0..<5000 { moments.append(dice.number(UInt64.self) % 253_402_300_800) }
    for moment in moments {
      let date = Date(timeIntervalSince1970: Double(moment))
      #expect(Text.time(moment) == date.formatted(.iso8601))
    }
    #expect(Text.time(253_402_300_800) == "+10000-01-01T00:00:00Z")
    #expect(Text.time(.max) == "+584554051223-11-09T07:00:15Z")
    #expect(
      text([.time(Timestamp(seconds: 1, microseconds: 20_003))])
        .contains("1970-01-01T00:00:01.020003Z"))
  }

  @Test("a long list comes in chunks that make one text")
  func chunks() throws {
    let policies = Array(repeating: RuleExamples.policy, count: 1000)
    var chunks: [[UInt8]] = []
    try ListRendering(form: .json, keys: KeyDisplay())
      .write(policies) { (chunk) throws(Failure) in chunks.append(chunk) }
    #expect(chunks.count > 3)
    #expect(chunks.allSatisfy { $0.count < 1 << 17 })
    let value = try JSONValue(parsing: chunks.flatMap { $0 })
    #expect(value["policies"]?.elements?.count == 1000)
    #expect(value["version"]?.integer == 1)
  }

  @Test("what has no word is a number in an object of its own, flags too")
  func raw() throws {
    var association = RuleExamples.association
    association.mode = Mode(rawValue: 9)
    association.flags = [.noECN, .extendedSequenceNumbers]
    association.extraFlags = .init(rawValue: 1 << 31 | 1 << 30 | 1)
    let value = try JSONValue(parsing: rendered([association], KeyDisplay()))
    let entry = try #require(value["associations"]?.elements?.first)
    #expect(entry["mode"] == .object(["raw": .integer(9)]))
    #expect(entry["flags"] == .array([.text("noecn"), .text("esn")]))
    #expect(
      entry["extraFlags"]
        == .array([.text("dont-encap-dscp"), .object(["raw": .integer(0xc000_0000)])]))
  }

  @Test("limits have their units, and what is unlimited is absent")
  func limits() throws {
    var association = RuleExamples.association
    #expect(try entry(association)["lifetime"] == nil)
    association.lifetime.soft.bytes = 1 << 30
    association.lifetime.hard.packets = 0
    association.lifetime.hard.secondsFromUse = 3600
    #expect(
      try entry(association)["lifetime"]
        == .object([
          "soft": .object(["bytes": .integer(1 << 30)]),
          "hard": .object(["packets": .integer(0), "secondsFromUse": .integer(3600)]),
        ]))
  }

  private func entry(_ association: SecurityAssociation) throws -> JSONValue {
    let value = try JSONValue(parsing: rendered([association], KeyDisplay()))
    return try #require(value["associations"]?.elements?.first)
  }
}
