import XFRMKit

// Parts that SAs and policies share.

extension Lifetime {
  /// A part for each kind of limit that is set: `soft limit 1.0 GiB, 50 min after adding`.
  var parts: [String] {
    [("soft", soft), ("hard", hard)].compactMap { name, limits in
      limits.text.map { "\(name) limit \($0)" }
    }
  }
}

extension Lifetime.Limits {
  fileprivate var text: String? {
    var limits: [String] = []
    if bytes != Lifetime.unlimited { limits.append(Text.bytes(bytes)) }
    if packets != Lifetime.unlimited { limits.append("\(Text.count(packets)) packets") }
    if secondsFromAdd != 0 { limits.append("\(Text.duration(secondsFromAdd)) after adding") }
    if secondsFromUse != 0 { limits.append("\(Text.duration(secondsFromUse)) after first use") }
    return limits.isEmpty ? nil : limits.joined(separator: ", ")
  }
}

extension FlagWorded where Element == Self {
  /// The words of the bits that are set, the others together as a number; `nil` if none is.
  var text: String? {
    let names = words.map { word -> String in
      switch word {
      case .word(let word): "\(word.text)"
      case .raw(let bits): Text.hex(bits)
      default: ""
      }
    }
    return names.isEmpty ? nil : names.joined(separator: " ")
  }
}

extension SecurityAssociation.Offload {
  /// `packet offload in on interface 3`
  var text: String {
    let kind = flags.contains(.packet) ? "packet" : "crypto"
    let direction = flags.contains(.incoming) ? "in" : "out"
    return "\(kind) offload \(direction) on interface \(interfaceIndex)"
  }
}

extension SecurityContext {
  /// The label without what a terminal would take for a command.
  var printable: String {
    String(
      description.unicodeScalars.map { scalar in
        scalar.properties.generalCategory == .control ? " " : Character(scalar)
      })
  }
}

extension [OtherAttribute] {
  /// `attribute 99, 16 bytes`
  var parts: [String] {
    map { "attribute \($0.type.rawValue), \($0.payload.count) bytes" }
  }
}
