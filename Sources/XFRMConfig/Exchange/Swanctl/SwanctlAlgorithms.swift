internal import XFRMKit

/// `ESP:AES_CBC-256/HMAC_SHA2_256_128/ESN`
struct SwanctlAlgorithms {
  private(set) var proposal: ESPProposal?
  /// Of AH.
  private(set) var hash: Authentication?
  private(set) var isExtended = false

  /// `nil` for what makes no proposal.
  init?(_ text: Substring) {
    let halves = text.split(separator: ":", maxSplits: 1)
    guard halves.count == 2 else { return nil }
    var parts = halves[1].split(separator: "/").map { String($0) }
    isExtended = parts.contains("ESN")
    parts.removeAll { $0 == "ESN" }
    guard halves[0] == "ESP" else {
      guard halves[0] == "AH", let name = parts.first, let transform = Self.hash(name),
        let (hash, bits) = Transforms.hash(transform)
      else { return nil }
      self.hash = Authentication(name: hash.name, key: hash.randomKey(), truncationBits: bits)
      return
    }
    guard let first = parts.first?.split(separator: "-", maxSplits: 1),
      let cipher = first.first.flatMap({ Self.cipher(String($0)) })
    else { return nil }
    let bits = first.count == 2 ? UInt64(first[1]) : nil
    // What follows may be groups of a key exchange.
    let hash = parts.dropFirst().lazy.compactMap { Self.hash($0) }.first
    proposal = Transforms.proposal(
      Transforms.Combination(
        encryption: cipher.number, keyBits: bits ?? 0, integrity: hash?.number))
    if proposal == nil { return nil }
  }

  private static func cipher(_ name: String) -> Transforms.Transform? {
    let others = ["3DES_CBC": "3des", "NULL_AES_GMAC": "aes-gmac"]
    return Transforms.encryption.first { $0.name == others[name] ?? spelt(name) }
  }

  private static func hash(_ name: String) -> Transforms.Transform? {
    Transforms.integrity.first { $0.name == spelt(name) && $0.number != 0 }
  }

  /// `HMAC_SHA2_256_128` is `hmac-sha2-256-128` here.
  private static func spelt(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" ? "-" : $0 })
  }
}
