internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What `state add` and its like say: the rest of the words, in any order.
  mutating func association() throws(SyntaxError) -> SecurityAssociation {
    var draft = AssociationDraft(family: preferredFamily)
    while let word = take() {
      if try takeBasics(word, &draft) { continue }
      if try takeAlgorithm(word, &draft) { continue }
      if try takeReplay(word, &draft) { continue }
      if try takeMarks(word, &draft) { continue }
      if try takeRare(word, &draft) { continue }
      guard !draft.hasIdentity else { throw unknown() }
      putBack()
      draft.take(try identity())
      if preferredFamily == .unspecified { preferredFamily = draft.family }
    }
    return try finish(draft)
  }

  /// The word taken last belongs nowhere.
  @inline(never)
  func unknown() -> SyntaxError {
    guard isNative else { return wrong("unknown", expected: "another keyword") }
    guard isNoKeyword(words[next - 1]) else {
      return wrong("it does not belong here", expected: "another keyword")
    }
    var error = SyntaxError(
      "\"\(SyntaxError.shown(words[next - 1]))\" is no keyword", exitStatus: 255, word: next - 1,
      expected: "a keyword")
    error.isNoKeyword = true
    return error
  }

  /// Whether no command has such a keyword.
  func isNoKeyword(_ word: String) -> Bool { !Vocabulary.words.contains(word) }

  private mutating func takeBasics(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    case "mode": draft.association.mode = try mode()
    case "reqid": draft.association.requestID = try number("REQID value is invalid")
    case "seq": draft.association.sequence = try sequence()
    case "flag": draft.association.flags = try associationFlags(draft.association.flags)
    case "extra-flag":
      draft.association.extraFlags = try extraFlags(draft.association.extraFlags ?? [])
    case "sel":
      draft.association.selector = try associationSelector()
      draft.hasSelector = true
    case "limit": try limit(of: &draft.association.lifetime)
    case "if_id": draft.association.interfaceID = try number(after: word)
    case "dir": try set(try associationDirection(), in: &draft)
    default: return false
    }
    return true
  }

  /// The number of an acquire. iproute2 puts it into the message in the wrong byte order.
  mutating func sequence() throws(SyntaxError) -> UInt32 {
    let number: UInt32 = try number("SEQ value is invalid")
    return dialect == .iproute2 ? number.bigEndian : number
  }

  private mutating func associationSelector() throws(SyntaxError) -> Selector {
    guard next < words.count else { throw incomplete(expected: "a selector") }
    preferredFamily = .unspecified
    let words = try selector()
    if isStrict, words.isEmpty {
      next += 1
      throw wrong("it begins no selector", expected: "src, dst, dev or proto")
    }
    preferredFamily = words.family ?? .unspecified
    var selector = words.selector(words.family ?? .ipv4)
    if words.family == nil { selector.family = .unspecified }
    return selector
  }

  private mutating func takeReplay(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    case "replay-window": draft.replay.window = try number(after: word)
    case "replay-seq": draft.replay.incoming = try number(after: word)
    case "replay-oseq": draft.replay.outgoing = try number(after: word)
    case "replay-seq-hi": draft.replay.incomingHigh = try number(after: word)
    case "replay-oseq-hi": draft.replay.outgoingHigh = try number(after: word)
    default: return false
    }
    return true
  }

  private mutating func takeMarks(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    case "mark":
      let mark = try mark()
      draft.association.mark = mark.mask == 0 ? nil : mark
    case "output-mark":
      let value: UInt32 = try number(after: word)
      var mask: UInt32 = 0
      if take("mask") { mask = try number("mask value is invalid") }
      draft.association.outputMark = value == 0 && !isNative ? nil : value
      draft.association.outputMarkMask = mask == 0 ? nil : mask
    default: return false
    }
    return true
  }

  private mutating func takeAlgorithm(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    case "enc":
      guard draft.association.encryption == nil, draft.association.aead == nil else {
        throw duplicate("ALGO-TYPE")
      }
      let name = try algorithmName()
      draft.association.encryption = Encryption(
        name: name, key: try key(for: .encryption, of: name))
    case "auth", "auth-trunc":
      guard draft.association.authentication == nil, draft.association.aead == nil else {
        throw duplicate("ALGO-TYPE")
      }
      let name = try algorithmName()
      let key = try key(for: .authentication, of: name)
      draft.association.authentication = Authentication(
        name: name, key: key,
        truncationBits: word == "auth" ? nil : try checkBits("ALGO-TRUNC-LEN"))
    case "aead":
      guard draft.association.aead == nil, draft.association.encryption == nil,
        draft.association.authentication == nil
      else {
        throw duplicate("ALGO-TYPE")
      }
      let name = try algorithmName()
      let key = try key(for: .aead, of: name)
      draft.association.aead = AEAD(
        name: name, key: key, checkBits: try checkBits("ALGO-ICV-LEN"))
    case "comp":
      guard draft.association.compression == nil else { throw duplicate("ALGO-TYPE") }
      draft.association.compression = Compression(name: try algorithmName())
    default: return false
    }
    return true
  }

  private mutating func checkBits(_ what: String) throws(SyntaxError) -> UInt32 {
    guard next < words.count else { throw missing(what) }
    guard !SyntaxError.mayBeKey(words, at: next) else {
      // Who says the length first has the key here.
      next += 1
      throw SyntaxError(
        "Error: argument \"\(what)\" is wrong: \(what) value is invalid", exitStatus: 255,
        word: next - 1, expected: "a number of bits, behind the key")
    }
    return try number("\(what) value is invalid")
  }
}
