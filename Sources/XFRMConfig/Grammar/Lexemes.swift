internal import XFRMKit

extension Lexeme {
  static let host = Lexeme(
    noun: "the name of a host", allowed: "as hostname prints it, such as gw-berlin",
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", accepts: Lexeme.name.accepts)

  static let variable = Lexeme(
    noun: "the name of a variable", allowed: "letters, digits, “_” and “-”, a letter first",
    pattern: "^[A-Za-z][A-Za-z0-9_-]{0,63}$", accepts: { Variables.isName($0) })

  static let innerProtocol = Lexeme(
    noun: "a protocol", allowed: "any, \(ProtocolNames.all.joined(separator: ", ")), or 0 to 255",
    pattern: "^([a-z0-9-]+|0x[0-9a-f]+)$", isNumeric: true, words: ["any"] + ProtocolNames.all,
    accepts: { ProtocolNames.parse($0) != nil })

  static let spi = Lexeme(
    noun: "an SPI", allowed: "0x100 to 0xffffffff; 0 to 255 are reserved",
    pattern: "^0x[0-9A-Fa-f]{1,8}$", isNumeric: true,
    accepts: { Numbers.parse($0).map { (256...0xffff_ffff).contains($0) } ?? false })

  static let encryption = Lexeme(
    noun: "an encryption algorithm", allowed: Transforms.allowed(Transforms.encryption),
    pattern: "^[a-z0-9-]+$", isNumeric: true, words: Transforms.encryption.map(\.name),
    accepts: { Transforms.encryption($0) != nil })

  static let integrity = Lexeme(
    noun: "an integrity algorithm", allowed: Transforms.allowed(Transforms.integrity),
    pattern: "^[a-z0-9-]+$", isNumeric: true, words: Transforms.integrity.map(\.name),
    accepts: { Transforms.integrity($0) != nil })

  static let keyReference = Lexeme(
    noun: "a reference to a key",
    allowed: "file:PATH, env:NAME or credential:NAME; keys stand elsewhere",
    pattern: "^(file|env|credential):.+$", isSecret: true,
    accepts: { KeyReference(reference: $0) != nil })

  static let generated = Lexeme(
    noun: "a way to get keys", allowed: "generated, or in and out with spi and key each",
    pattern: "^generated$", isSecret: true, accepts: { $0 == "generated" })

  static let setting = Lexeme(
    noun: "a setting", allowed: "as sysctl spells it, below net: net.ipv4.ip_forward",
    pattern: "^net(\\.[A-Za-z0-9_-]+)+$",
    accepts: { name in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count > 1 && parts[0] == "net"
        && parts.allSatisfy { part in
          !part.isEmpty
            && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
        }
    })
}
