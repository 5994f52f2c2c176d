import Netlink
import Testing
import XFRMKit

@testable import IPRoute2
@testable import XFRMKit

/// The commands that iproute2 reads, and the bytes that it sends for them.
@Suite("Command lines as iproute2 7.1 reads them")
struct GrammarOracleTests {
  @Test("mean the same bytes, or are refused alike", arguments: OracleCase.all)
  func same(oracle: OracleCase) throws {
    switch oracle.outcome {
    case .request(let theirs):
      let parsed = try parse(oracle.words)
      let (ours, differences) = try encode(parsed.command, like: theirs)
      #expect(
        Message(ours).without(differences).bytes == Message(theirs).without(differences).bytes)
      // What is listed must be there, or the list says too much.
      if !differences.isEmpty { #expect(ours != theirs) }
    case .refusal(let status, let text):
      let error = try #require(throws: SyntaxError.self) { try parse(oracle.words) }
      #expect(error.exitStatus == status)
      #expect(error.text == (Self.namesKey(text) ? Self.keyText(text) : text))
    }
  }

  @Test("are all there, most of them byte for byte")
  func counts() throws {
    #expect(OracleCase.all.count == 226)
    let identical = OracleCase.all.filter { oracle in
      guard case .request(let theirs) = oracle.outcome else { return false }
      return (try? encode(parse(oracle.words).command, like: theirs).differences.isEmpty) == true
    }
    #expect(identical.count >= 95)
  }

  /// iproute2 repeats the key that it could not read.
  private static func namesKey(_ text: String) -> Bool { text.contains("ALGO-KEYMAT value") }
  private static func keyText(_ text: String) -> String {
    let why = text.split(separator: "is wrong: ").last.map(String.init) ?? ""
    return "Error: argument \"ALGO-KEYMAT\" is wrong: \(why)"
  }

  /// What we send otherwise, for the reasons given where XFRMKit is held against the same requests.
  enum Difference {
    /// Attributes have the kernel's order.
    case order
    /// Answers are acknowledged, too.
    case acknowledgement
    /// A source that the kernel would not look at is left out.
    case source
    /// A filter that filters nothing is left out.
    case filter
    /// Limits are none where the kernel ignores them.
    case limits
    /// That a policy is a main one is left out.
    case mainType
  }

  private func encode(
    _ command: IPCommand, like theirs: [UInt8]
  ) throws -> (bytes: [UInt8], differences: Set<Difference>) {
    var builder = MessageBuilder()
    if let operation = command.operation {
      builder.append(operation, flags: .acknowledge)
    } else {
      let (query, isDump) = try #require(Self.query(command))
      builder.append(query, flags: isDump ? .dump : .acknowledge)
    }
    #expect(builder.failure == nil)
    let ours = builder.bytes.array
    return (ours, Self.differences(Message(ours), Message(theirs)))
  }

  private static func query(_ command: IPCommand) -> (Query, isDump: Bool)? {
    switch command {
    case .association(.allocateSPI(let request)): (.allocateSPI(request), false)
    case .association(.get(let id)): (.association(id), false)
    case .association(.list(let query)): (.associations(query.kernelFilter), true)
    case .association(.deleteAll): (.associations(AssociationFilter()), true)
    case .association(.count): (.sadInfo, false)
    case .policy(.get(let key)): (.policy(key), false)
    case .policy(.list), .policy(.deleteAll): (.policies, true)
    case .policy(.count): (.spdInfo, false)
    case .policy(.getDefaultActions): (.defaultActions, false)
    default: nil
    }
  }

  private static func differences(_ ours: Message, _ theirs: Message) -> Set<Difference> {
    var differences: Set<Difference> = []
    if !theirs.isDump, theirs.head[6] & 4 == 0 { differences.insert(.acknowledgement) }
    if theirs.number == 22 { differences.insert(.limits) }
    if [17, 18].contains(theirs.number), theirs.types.contains(13) { differences.insert(.source) }
    if theirs.number == 18, theirs.types.contains(26), !ours.types.contains(26) {
      differences.insert(.filter)
    }
    if theirs.number == 19, theirs.types.contains(16), !ours.types.contains(16) {
      differences.insert(.mainType)
    }
    let unordered = theirs.without(differences)
    let types = ours.without(differences).types
    if types != unordered.types, types.sorted() == unordered.types.sorted() {
      differences.insert(.order)
    }
    return differences
  }
}

/// A message cut up without the code under test.
private struct Message {
  struct Attribute {
    var type: Int
    var bytes: [UInt8]
  }

  var head: [UInt8]
  var attributes: [Attribute] = []

  var number: UInt8 { head[4] }
  var isDump: Bool { head[7] & 3 == 3 }
  var types: [Int] { attributes.map(\.type) }

  init(_ bytes: [UInt8]) {
    let fixed =
      switch (bytes[4], bytes[7] & 3 == 3) {
      case (18, true), (21, true): 0
      case (16, _), (26, _): 224
      case (19, _), (25, _): 168
      case (17, _), (18, _): 24
      case (20, _), (21, _): 64
      case (22, _): 232
      default: bytes.count - 16
      }
    head = Array(bytes[..<min(bytes.count, 16 + fixed)])
    var offset = 16 + fixed
    while offset + 4 <= bytes.count {
      let length = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
      let type = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
      let end = min(bytes.count, offset + max(4, (length + 3) & ~3))
      attributes.append(Attribute(type: type, bytes: Array(bytes[offset..<end])))
      offset = end
    }
  }

  var bytes: [UInt8] { head + attributes.flatMap(\.bytes) }

  func without(_ differences: Set<GrammarOracleTests.Difference>) -> Message {
    guard !differences.isEmpty else { return self }
    var copy = self
    if differences.contains(.order) { copy.attributes.sort { $0.type < $1.type } }
    if differences.contains(.acknowledgement) { copy.head[6] |= 4 }
    if differences.contains(.source) { copy.attributes.removeAll { $0.type == 13 } }
    if differences.contains(.filter) { copy.attributes.removeAll { $0.type == 26 } }
    if differences.contains(.limits) {
      copy.head.replaceSubrange(112..<144, with: repeatElement(0xff, count: 32))
    }
    if differences.contains(.mainType) { copy.attributes.removeAll { $0.type == 16 } }
    let count = copy.bytes.count
    copy.head[0] = UInt8(truncatingIfNeeded: count)
    copy.head[1] = UInt8(truncatingIfNeeded: count >> 8)
    return copy
  }
}

extension Span<UInt8> {
  fileprivate var array: [UInt8] { indices.map { self[$0] } }
}
