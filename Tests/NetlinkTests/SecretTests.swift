import Synchronization
import Testing

@testable import Netlink

@Suite("A secret")
struct SecretTests {
  // Not private, or its name in a dump would have an address in it.
  struct Holder {
    var key: Secret
    var others: [Secret]
    var boxed: any Sendable
  }

  private let secret = Secret([0xde, 0xad, 0xbe, 0xef].span)
  private var holder: Holder { Holder(key: secret, others: [secret], boxed: secret) }

  @Test("shows its length and nothing else")
  func redaction() {
    #expect("\(secret)" == "<4 secret bytes>")
    #expect(String(describing: secret) == "<4 secret bytes>")
    #expect(String(reflecting: secret) == "<4 secret bytes>")
    #expect(secret.debugDescription == "<4 secret bytes>")
    #expect("\(Optional(secret) as Any)" == "Optional(<4 secret bytes>)")
    #expect("\([secret])" == "[<4 secret bytes>]")
  }

  @Test("shows nothing when what holds it is printed or dumped")
  func enclosed() {
    var dumped = ""
    dump(holder, to: &dumped)
    var printed = ""
    print(holder, to: &printed)
    debugPrint(holder, to: &printed)
    for text in [dumped, printed, "\(holder)", String(reflecting: holder)] {
      #expect(text.contains("<4 secret bytes>"))
      #expect(!Self.isTold(text))
    }
  }

  @Test("has nothing to mirror")
  func mirror() {
    let mirror = Mirror(reflecting: secret)
    #expect(mirror.children.isEmpty)
    #expect(mirror.superclassMirror == nil)
    let inner = Mirror(reflecting: holder).children.first { $0.label == "key" }
    #expect(inner.map { Mirror(reflecting: $0.value).children.isEmpty } == true)
  }

  @Test("and the test would notice")
  func control() {
    for text in ["[222, 173, 190, 239]", "- 222\n- 173\n", "0xDEADBEEF", "be ef"] {
      #expect(Self.isTold(text))
    }
  }

  @Test("shows nothing in a failing expectation")
  func failingExpectation() {
    let other = Secret([0xde, 0xad, 0xbe, 0xee].span)
    let told = Mutex("")
    withKnownIssue {
      #expect(secret == other)
      #expect(holder.key == other)
    } matching: { issue in
      told.withLock { $0 += "\(issue)" + String(reflecting: issue) }
      return true
    }
    let text = told.withLock { $0 }
    #expect(text.contains("<4 secret bytes>"))
    #expect(!Self.isTold(text))
  }

  @Test("can be neither encoded nor hashed")
  func conformances() {
    let value: Any = secret
    #expect(!(value is any Encodable))
    #expect(!(value is any Decodable))
    #expect(!(value is any Hashable))
    #expect(value is any Equatable)
  }

  @Test("is equal by content")
  func equality() {
    #expect(secret == Secret([0xde, 0xad, 0xbe, 0xef].span))
    #expect(Secret.empty == Secret([UInt8]().span))
    #expect(secret != .empty)
    #expect(secret != Secret([0xde, 0xad, 0xbe].span))
    // One bit in any byte tells two apart.
    for index in 0..<32 {
      var bytes = [UInt8](repeating: 0, count: 32)
      let zeros = Secret(bytes.span)
      bytes[index] = 1 << (index % 8)
      #expect(Secret(bytes.span) != zeros)
    }
  }

  @Test("lends its bytes")
  func bytes() {
    #expect(secret.withBytes { $0.array } == [0xde, 0xad, 0xbe, 0xef])
    #expect(Secret(ByteReader([1, 2].span).bytes).withBytes { $0.array } == [1, 2])
  }

  @Test("made at random has the length asked for and is another each time", arguments: 0...40)
  func random(count: Int) {
    let one = Secret.random(count: count)
    #expect(one.count == count)
    #expect(one.withBytes { $0.count } == count)
    // Four bytes are equal by chance once in four thousand million times.
    if count >= 4 { #expect(one != Secret.random(count: count)) }
  }

  @Test("made at random fills its last bytes too")
  func randomTail() {
    // Fifteen bytes, drawn so often that each must have been other than zero.
    var seen = [UInt8](repeating: 0, count: 15)
    for _ in 0..<64 {
      Secret.random(count: 15).withBytes { bytes in
        for index in bytes.indices { seen[index] |= bytes[index] }
      }
    }
    #expect(!seen.contains(0))
  }

  /// Whether a text has the bytes one after another, in decimal or hexadecimal.
  private static func isTold(_ text: String) -> Bool {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
    return text.lowercased().contains("deadbeef")
      || [["222", "173"], ["190", "239"], ["de", "ad"], ["0xde", "0xad"], ["be", "ef"]].contains {
        words.contains($0[...])
      }
  }
}
