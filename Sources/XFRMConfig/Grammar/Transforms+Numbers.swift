internal import XFRMKit

extension Transforms {
  /// A proposal in IANA's numbers.
  struct Combination: Hashable {
    var encryption: UInt64
    /// The cipher's, without a salt.
    var keyBits: UInt64
    /// `nil` for a cipher that authenticates by itself.
    var integrity: UInt64?
  }

  /// A proposal in numbers; `nil` if they do not lead back to it.
  static func numbers(of proposal: ESPProposal) -> Combination? {
    let numbers: Combination
    switch proposal.transforms {
    case .aead(let cipher, let keyBytes, let checkBits):
      guard let value = cipher.checkValues.first(where: { $0.bits == checkBits }) else {
        return nil
      }
      numbers = Combination(
        encryption: UInt64(value.ikeTransform),
        keyBits: UInt64(keyBytes - cipher.keys.saltBytes) * 8)
    case .encryptionAndAuthentication(let cipher, let keyBytes, let hash, let checkBits):
      guard let encryption = cipher.ikeTransform,
        let integrity = hash.ikeTransform(checkBits: checkBits)
      else { return nil }
      numbers = Combination(
        encryption: UInt64(encryption), keyBits: UInt64(keyBytes - cipher.keys.saltBytes) * 8,
        integrity: UInt64(integrity))
    }
    return self.proposal(numbers) == proposal ? numbers : nil
  }

  /// The proposal that numbers say.
  static func proposal(_ numbers: Combination) -> ESPProposal? {
    guard let cipher = encryption.first(where: { $0.number == numbers.encryption }) else {
      return nil
    }
    let hash = numbers.integrity.flatMap { number in integrity.first { $0.number == number } }
    guard (hash == nil) == (numbers.integrity == nil) else { return nil }
    // Where there is one length only it goes without saying.
    return proposal(cipher, keyBits: cipher.word.contains("%") ? numbers.keyBits : nil, hash)
  }

  /// The proposal of two numbers: the one among those that are allowed, or else that with a key of
  /// 128 bits, which is what RFC 9061 has where nobody says how long one is.
  static func proposal(
    _ encryption: UInt64, _ integrity: UInt64?, among allowed: [ESPProposal]
  ) -> ESPProposal? {
    let fitting = Set(allowed).filter { proposal in
      numbers(of: proposal).map { $0.encryption == encryption && $0.integrity == integrity }
        ?? false
    }
    if fitting.count == 1 { return fitting.first }
    return proposal(Combination(encryption: encryption, keyBits: 128, integrity: integrity))
  }

  /// Every cipher of some proposals with every hash.
  static func combinations(_ proposals: [ESPProposal]) -> Set<ESPProposal> {
    let all = proposals.compactMap { numbers(of: $0) }
    let hashes = Set(all.map(\.integrity))
    return Set(
      all.flatMap { numbers in
        hashes.compactMap {
          proposal(
            Combination(encryption: numbers.encryption, keyBits: numbers.keyBits, integrity: $0))
        }
      })
  }
}
