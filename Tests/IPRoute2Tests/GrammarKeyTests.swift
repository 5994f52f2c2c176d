import Netlink
import Testing
import XFRMKit

@testable import IPRoute2

@Suite("Keys on a command line")
struct GrammarKeyTests {
  private func parsed(
    _ key: String, _ dialect: Dialect, _ context: GrammarContext = .test
  ) throws -> (key: [UInt8], isLiteral: Bool) {
    let words = ["xfrm", "state", "add", "proto", "esp", "enc", "cbc(aes)", key]
    let parsed = try parse(words, dialect, context)
    guard case .association(.add(let association)) = parsed.command else { throw NotForXFRM() }
    let encryption = try #require(association.encryption)
    return (encryption.key.withBytes { key in key.indices.map { key[$0] } }, parsed.hasLiteralKey)
  }

  @Test(
    "are digits behind 0x, or else the bytes of the word",
    arguments: [
      ("0x0102", [1, 2]), ("0x123", [1, 0x23]), ("0x1", [1]), ("abc", [0x61, 0x62, 0x63]),
      ("", []), ("0XAA", [0x30, 0x58, 0x41, 0x41]), ("0x", [0x30, 0x78]), ("0x+5", [5]),
      ("-", [0x2d]), ("generate", Array("generate".utf8)),
    ] as [(String, [UInt8])])
  func literal(text: String, key: [UInt8]) throws {
    let parsed = try parsed(text, .iproute2)
    #expect(parsed.key == key)
    #expect(parsed.isLiteral == !key.isEmpty)
  }

  @Test(
    "that iproute2 would misread are refused in our own dialect", arguments: ["0XAA", "0x", "0x+5"])
  func strict(text: String) throws {
    let error = try #require(throws: SyntaxError.self) { try parsed(text, .xfrmctl) }
    #expect(error.exitStatus == 255)
    #expect(error.word == 7)
    #expect(try parsed("0x0102", .xfrmctl).isLiteral)
  }

  @Test("have 512 bytes at most", arguments: Dialect.all)
  func longest(dialect: Dialect) throws {
    let digits = String(repeating: "ab", count: 512)
    #expect(try parsed("0x" + digits, dialect).key.count == 512)
    #expect(throws: SyntaxError.self) { try parsed("0x0" + digits, dialect) }
    #expect(throws: SyntaxError.self) { try parsed(String(repeating: "a", count: 513), dialect) }
  }

  @Test(
    "never appear in an error",
    arguments: [
      "enc cbc(aes) 0x5ec2e75ec2e75ec2e75ec2e7zz", "enc cbc(aes) 0x5ec2e7zz",
      "auth hmac(sha1) 0x5ec2e75ec2e75ec2e75ec2e7 0x5ec2e75ec2e75ec2e75ec2e7",
      "aead 0x5ec2e75ec2e75ec2e75ec2e7 128", "aead x 0x5ec2e75ec2e75ec2e75ec2e7 x",
      "mod tunnel auth hmac(sha1) 5ec2e7",
    ], Dialect.all)
  func neverShown(line: String, dialect: Dialect) throws {
    let words =
      "xfrm state add src 1.1.1.1 dst 2.2.2.2 proto esp \(line)".split(separator: " ")
      .map(String.init)
    let error = try #require(throws: SyntaxError.self) { try parse(words, dialect) }
    #expect(!error.text.contains("5ec2e7"))
    #expect(!error.rendered(under: words, width: 400).contains("5ec2e7"))
  }

  @Test("are fetched by the context in our own dialect")
  func sources() throws {
    var context = GrammarContext.test
    context.key = { source, use throws(KeyUnavailable) in
      #expect(use == KeyUse(.encryption, algorithm: "cbc(aes)"))
      switch source {
      case .file("/k"): return Secret([1].span)
      case .environment("K"): return Secret([2].span)
      case .standardInput: return Secret([3].span)
      case .generated: return Secret([4].span)
      default: throw KeyUnavailable("no \(source)")
      }
    }
    for (word, byte) in [("@/k", 1), ("env:K", 2), ("-", 3), ("generate", 4)] as [(String, UInt8)] {
      let parsed = try parsed(word, .xfrmctl, context)
      #expect(parsed.key == [byte])
      #expect(!parsed.isLiteral)
    }
    let error = try #require(throws: SyntaxError.self) { try parsed("@/x", .xfrmctl, context) }
    #expect(error.text == "Error: no key: no file(\"/x\")")
    #expect(error.exitStatus == 1)
  }
}

extension Dialect {
  static let all: [Dialect] = [.iproute2, .xfrmctl]
}
