/// A line that somebody pasted, made fit to be shown again: it may hold keys, and what a terminal
/// would take for a command.
struct PastedText: CustomStringConvertible {
  let description: String

  init(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).map { Word(printing: $0) }
    let hasSPI = words.contains { $0.lowercased == "spi" }
    var shown: [String] = []
    for (index, word) in words.enumerated() {
      let isHidden =
        word.isKey || hasSPI && index > 1 && Word.takesKey.contains(words[index - 2].lowercased)
      shown.append(isHidden ? "…" : word.text)
      // Who can tell where a passphrase ends, or a dump.
      let isLast =
        word.announcesSecret(after: index > 0 ? words[index - 1] : nil)
        || isHidden && word.opensQuotation
      let isDump = words[...index].suffix(8).count(where: \.isByte) == 8
      if isDump { shown.removeLast(8) }
      if isLast, let sign = word.text.firstIndex(of: "=") { shown[index] = "\(word.text[...sign])" }
      if isLast || isDump {
        if shown.last != "…" { shown.append("…") }
        break
      }
    }
    description = shown.joined(separator: " ")
  }
}

private struct Word {
  let text: String
  let lowercased: String

  init(printing word: Substring) {
    var scalars = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      let isPrintable = ![.control, .format].contains(scalar.properties.generalCategory)
      scalars.append(isPrintable ? scalar : "\u{fffd}")
    }
    text = String(scalars)
    lowercased = text.lowercased()
  }

  /// Whether it has more digits than anything that is no key: an SPI or a mark has 8, an IKE SPI
  /// 16; or is in base64 as ipsec.secrets has it.
  var isKey: Bool {
    let numbers = lowercased.split(separator: "0x", omittingEmptySubsequences: false).dropFirst()
    let parts = lowercased.split { $0 == ":" || $0 == "-" }
    let isDump =
      parts.count > 6 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isHexDigit) }
    let longest = lowercased.split { !$0.isHexDigit }.map(\.count).max() ?? 0
    return numbers.contains { $0.prefix(while: \.isHexDigit).count > 8 } || isDump || longest > 20
      || lowercased.hasPrefix("0s") && lowercased.count > 8
  }

  /// Whether it is the first of several in quotation marks.
  var opensQuotation: Bool {
    ["'", "\""].contains { text.hasPrefix($0) && (text.count == 1 || !text.hasSuffix($0)) }
  }

  /// `3e`, as in a dump.
  var isByte: Bool { text.count == 2 && text.allSatisfy(\.isHexDigit) }

  /// Whether what follows is a secret: `PSK`, `secret=…`, or `: EAP` as in ipsec.secrets.
  func announcesSecret(after previous: Word?) -> Bool {
    let name = String(lowercased.prefix { $0 != "=" && $0 != ":" })
    return ["psk", "secret", "password", "passphrase"].contains(name)
      || previous?.text.hasSuffix(":") == true && ["eap", "ntlm", "pin", "xauth"].contains(name)
  }

  /// Words of `ip xfrm` that an algorithm and its key follow.
  static let takesKey: Set = ["aead", "auth", "auth-trunc", "enc"]
}
