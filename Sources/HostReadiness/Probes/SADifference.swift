internal import XFRMKit

extension SecurityAssociation {
  /// What is not as it was asked for, in words; `nil` if all is.
  func difference(from asked: SecurityAssociation) -> String? {
    if destination != asked.destination {
      return "destination \(destination) for \(asked.destination)"
    }
    if spi != asked.spi { return "SPI \(spi) for \(asked.spi)" }
    if proto != asked.proto { return "\(proto) for \(asked.proto)" }
    if let difference = algorithmDifference(from: asked) { return difference }
    return asked.untaken(by: self).first { !Self.algorithms.contains($0.property) }
      .map { untaken in
        let property = untaken.property.inWords
        return untaken.stored == "none"
          ? "no \(property)" : "\(untaken.stored) for \(untaken.asked) as \(property)"
      }
  }

  /// Properties whose differences are told in words of their own.
  private static let algorithms = ["aead", "encryption", "authentication"]

  private func algorithmDifference(from asked: SecurityAssociation) -> String? {
    if aead?.name != asked.aead?.name || aead?.checkBits != asked.aead?.checkBits {
      return "another authenticated cipher"
    }
    if encryption?.name != asked.encryption?.name { return "another cipher" }
    if authentication?.name != asked.authentication?.name
      || authentication?.truncationBits != asked.authentication?.truncationBits
    {
      return "another hash"
    }
    let keys = [aead?.key, encryption?.key, authentication?.key]
    let askedKeys = [asked.aead?.key, asked.encryption?.key, asked.authentication?.key]
    for (key, askedKey) in zip(keys, askedKeys) where key != askedKey {
      // A kernel locked down for confidentiality shows zeros, as many as there are bytes.
      guard let key, key.count == askedKey?.count, key.isZero else { return "another key" }
    }
    return nil
  }
}

extension String {
  /// A property's name as people write it: `requestID` is `request ID`.
  fileprivate var inWords: String {
    let characters = Array(self)
    var words = ""
    for (index, character) in characters.enumerated() {
      guard character.isUppercase, index > 0, characters[index - 1].isLowercase else {
        words += character == "." ? " " : "\(character)"
        continue
      }
      let isAcronym = index + 1 == characters.count || characters[index + 1].isUppercase
      words += " " + (isAcronym ? "\(character)" : character.lowercased())
    }
    return words
  }
}

extension Secret {
  fileprivate var isZero: Bool {
    withBytes { bytes in
      var union: UInt8 = 0
      for index in bytes.indices { union |= bytes[index] }
      return union == 0
    }
  }
}
