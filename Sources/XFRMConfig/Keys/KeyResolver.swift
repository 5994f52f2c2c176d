public import XFRMKit

/// Fetches keys from where references say that they are.
public struct KeyResolver: Sendable {
  private let credentials: String?
  private let read: ReadBundles

  /// Fetches keys for this host.
  ///
  /// - Parameters:
  ///   - directory: Where bundles are.
  ///   - credentials: Where systemd put the credentials of this service.
  public init(
    _ directory: KeyDirectory = KeyDirectory(),
    credentials: String? = KeyResolver.usualCredentials
  ) {
    self.credentials = credentials
    read = ReadBundles(directory)
  }

  /// Fetches keys of bundles that were read already, so that an SA gets the key that was beside its
  /// SPI then.
  ///
  /// - Parameters:
  ///   - bundles: Where bundles are.
  ///   - credentials: Where systemd put the credentials of this service.
  public init(
    _ bundles: StoredBundles, credentials: String? = KeyResolver.usualCredentials
  ) {
    self.credentials = credentials
    read = bundles.read
  }

  /// What systemd says: `CREDENTIALS_DIRECTORY`.
  public static var usualCredentials: String? { KeyText.environment("CREDENTIALS_DIRECTORY") }

  /// The key of an SA, of the length that its algorithms take; empty if they take none.
  public func key(for entry: AssociationEntry) throws(KeyProblem) -> Secret {
    let key: Secret =
      switch entry.key {
      case nil: .empty
      case .file(let path): try KeyText.file(path, [.closed, .owned, .regular])
      case .environment(let name): try KeyText.variable(name)
      case .credential(let name): try credential(name)
      case .bundle(let connection, let generation):
        try bundled(connection, generation, entry)
      }
    guard key.count == entry.protection.keyBytes else { throw wrongLength(entry, key) }
    return key
  }

  private func credential(_ name: String) throws(KeyProblem) -> Secret {
    guard let credentials else {
      throw KeyProblem(
        "there are no credentials: CREDENTIALS_DIRECTORY is not set; let systemd start it, "
          + "with LoadCredential=\(name):PATH")
    }
    guard name != ".", name != "..", !name.contains("/") else {
      throw KeyProblem("“\(name)” is no name of a credential")
    }
    // systemd keeps others from them itself, in part by lists that look like bits of a group.
    return try KeyText.file("\(credentials)/\(name)", .regular)
  }

  private func bundled(
    _ connection: String, _ generation: UInt32, _ entry: AssociationEntry
  ) throws(KeyProblem) -> Secret {
    let bundle = try KeyProblem.from { () throws(StoreProblem) in
      try read.bundle(of: connection, generation: generation)
    }
    let half = bundle.half(entry.direction)
    guard half.spi == entry.association.spi else {
      throw KeyProblem(
        "\(read.directory.file(of: connection, generation: generation)) has the key of SPI "
          + "\(half.spi), and that of \(entry.association.spi) is wanted")
    }
    return half.key
  }

  private func wrongLength(_ entry: AssociationEntry, _ key: Secret) -> KeyProblem {
    let place = entry.key.map { "\($0)" } ?? "the key"
    let names =
      if case .esp(let proposal) = entry.protection { proposal.name } else { "its algorithm" }
    let remedy =
      if case .bundle(let connection, _) = entry.key {
        "; make keys for it: xfrmctl keys new \(connection)"
      } else {
        ""
      }
    return KeyProblem(
      "\(place) has \(key.count) bytes, and \(names) takes \(entry.protection.keyBytes)\(remedy)")
  }
}
