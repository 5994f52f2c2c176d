internal import XFRMKit

extension CommandParser {
  /// An SA's flags: names, or one number.
  ///
  /// - Parameter flags: What was said before, to which names add.
  mutating func associationFlags(
    _ flags: SecurityAssociation.Flags = []
  ) throws(SyntaxError) -> SecurityAssociation.Flags {
    SecurityAssociation.Flags(
      rawValue: try bits(flags.rawValue, "FLAG value is invalid") {
        Self.associationFlags[$0]?.rawValue
      })
  }

  private static let associationFlags: [String: SecurityAssociation.Flags] = [
    "noecn": .noECN, "decap-dscp": .decapsulateDSCP, "nopmtudisc": .noPathMTUDiscovery,
    "wildrecv": .wildcardReceive, "icmp": .icmp, "af-unspec": .anyFamily, "align4": .align4,
    "esn": .extendedSequenceNumbers,
  ]

  /// More flags of an SA.
  mutating func extraFlags(
    _ flags: SecurityAssociation.ExtraFlags = []
  ) throws(SyntaxError) -> SecurityAssociation.ExtraFlags {
    SecurityAssociation.ExtraFlags(
      rawValue: try bits(flags.rawValue, "\"EXTRA-FLAG\" is invalid") { name in
        switch name {
        case "dont-encap-dscp": SecurityAssociation.ExtraFlags.dontEncapsulateDSCP.rawValue
        case "oseq-may-wrap": SecurityAssociation.ExtraFlags.sequenceMayWrap.rawValue
        default: nil
        }
      })
  }

  /// A policy's flags.
  mutating func policyFlags(_ flags: Policy.Flags = []) throws(SyntaxError) -> Policy.Flags {
    let isNative = isNative
    return Policy.Flags(
      rawValue: try bits(flags.rawValue, "FLAG value is invalid") { name in
        switch name {
        case "localok": Policy.Flags.localOK.rawValue
        case "icmp": Policy.Flags.icmp.rawValue
        case "cpu-acquire" where isNative: Policy.Flags.acquirePerCPU.rawValue
        default: nil
        }
      })
  }

  private mutating func bits<T: FixedWidthInteger & UnsignedInteger>(
    _ before: T, _ why: String, _ named: (String) -> T?
  ) throws(SyntaxError) -> T {
    let first = try argument("flags")
    if first.utf8.count > 2, first.hasPrefix("0x") {
      guard let bits = T(cText: first.utf8Span.span, base: 16, isStrict: isStrict) else {
        throw wrong(why, expected: "names of flags, or a hexadecimal number")
      }
      return bits
    }
    putBack()
    var bits = before
    let start = next
    while let word = take() {
      guard let bit = named(word) else {
        putBack()
        break
      }
      bits |= bit
    }
    // iproute2 takes it for no flags, and the word for something else.
    if isStrict, next == start {
      next += 1
      throw wrong("it is no flag", expected: "names of flags, or a hexadecimal number")
    }
    return bits
  }
}
