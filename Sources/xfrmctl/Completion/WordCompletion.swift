import ArgumentParser
import IPRoute2
import XFRMKit

/// Words that may come next in the language of `ip xfrm`, those of the running kernel among them.
enum WordCompletion {
  /// - Parameters:
  ///   - words: The command line, the tool's name included, as it was typed.
  ///   - index: Which word the cursor is in.
  ///   - prefix: What is there of it before the cursor.
  static func candidates(_ words: [String], at index: Int, prefix: String) -> [String] {
    let line = UnfinishedLine(words, at: index, prefix: prefix)
    return offered(line).filter { $0.hasPrefix(line.prefix) }.map {
      String($0.dropFirst(line.foreign))
    }
  }

  private static func offered(_ line: UnfinishedLine) -> [String] {
    if line.option == "--netns" { return NamespaceOption.names }
    guard line.option == nil else { return [] }
    guard line.hasObject else { return ["xfrm"] }
    let continuation = Continuation(of: line.words, dialect: line.dialect)
    // No shell shows more, and each is tried.
    let known = known(line).filter { $0.hasPrefix(line.prefix) }.prefix(1000)
    return continuation.keywords + known.filter(continuation.takes)
  }

  /// What a value may be that depends on the kernel, or is one of the algorithms.
  private static func known(_ line: UnfinishedLine) -> [String] {
    let words = line.words
    switch words.last {
    case "aead": return AEADAlgorithm.all.map(\.name)
    case "enc": return EncryptionAlgorithm.all.map(\.name)
    case "auth", "auth-trunc": return AuthenticationAlgorithm.all.map(\.name)
    case "comp": return CompressionAlgorithm.all.map(\.name)
    case "spi": return Set(LiveWords.associations(line).map { "\($0.spi)" }).sorted()
    case "reqid": return LiveWords.requestIDs(line).sorted().map { "\($0)" }
    case "index": return LiveWords.policies(line).map { "\($0.index)" }
    case "dev": return LiveWords.interfaces(line)
    default: break
    }
    // The word before the last: one of three arguments comes next.
    switch words.dropLast().last {
    case "aead", "enc", "auth", "auth-trunc": return line.dialect == .xfrmctl ? ["generate"] : []
    default: break
    }
    guard words.count > 2 else { return [] }
    switch words[words.count - 3] {
    case "aead":
      return AEADAlgorithm(named: words[words.count - 2])?.checkValues.map { "\($0.bits)" } ?? []
    case "auth-trunc":
      return AuthenticationAlgorithm(named: words[words.count - 2])?.validCheckBits.map { "\($0)" }
        ?? []
    default: return []
    }
  }
}
