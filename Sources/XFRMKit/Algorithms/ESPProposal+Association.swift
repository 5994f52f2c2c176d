extension ESPProposal {
  /// What an SA is protected with; `nil` if no proposal has a name for it.
  ///
  /// - Parameter association: An SA with its keys, of which only the lengths matter.
  public init?(_ association: SecurityAssociation) {
    let found: ESPProposal
    switch (association.aead, association.encryption, association.authentication) {
    case (let aead?, nil, nil):
      guard let cipher = AEADAlgorithm(named: aead.name),
        cipher.keys.totalBytes.contains(aead.key.count)
      else { return nil }
      found = ESPProposal(
        .aead(cipher, keyBytes: aead.key.count, checkBits: aead.checkBits))
    case (nil, let encryption?, let authentication?):
      guard let cipher = EncryptionAlgorithm(named: encryption.name),
        let hash = AuthenticationAlgorithm(named: authentication.name),
        authentication.key.count == hash.keys.longest
      else { return nil }
      found = ESPProposal(
        .encryptionAndAuthentication(
          cipher, keyBytes: encryption.key.count, hash,
          truncationBits: authentication.truncationBits ?? hash.kernelCheckBits))
    default: return nil
    }
    guard let known = ESPProposal(named: found.name), known == found else { return nil }
    self = found
  }
}
