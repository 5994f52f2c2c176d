internal import XFRMKit

/// What fingerprints of keys are made with on this host: whoever has the ledger alone learns nothing
/// of keys, not even whether he has guessed one.
struct HostSecret: Sendable {
  static let name = "ledger.secret"
  private static let bytes = 32

  /// Fingerprints that compare with all that were ever made on this host.
  let fingerprint: KeyFingerprint

  private init(_ secret: Secret) {
    fingerprint = KeyFingerprint(
      salt: secret.withBytes { bytes in bytes.indices.map { bytes[$0] } })
  }

  /// Reads it.
  private init(_ file: borrowing PrivateFile) throws(StoreProblem) {
    let path = file.path
    let text = try file.secret(atMost: Self.bytes * 2 + 2)
    do throws(KeyProblem) {
      let secret = try Secret(hexadecimal: text, from: path)
      guard secret.count == Self.bytes else { throw KeyProblem("\(path) is damaged") }
      self.init(secret)
    } catch {
      throw StoreProblem(path, sentence: error.description)
    }
  }

  /// Reads it, if it is there.
  static func existing(in directory: String) throws(StoreProblem) -> HostSecret? {
    guard let file = try PrivateFolder.existing(directory)?.existingFile(name) else { return nil }
    return try HostSecret(file)
  }

  /// Reads it, or makes it for a ledger that is not there yet.
  static func find(in folder: borrowing PrivateFolder) throws(StoreProblem) -> HostSecret {
    try folder.locked { () throws(StoreProblem) in
      if let file = try folder.existingFile(name) { return try HostSecret(file) }
      if let ledger = try folder.existingFile(LedgerFile.name) { throw missing(for: ledger.path) }
      var text: [UInt8] = []
      text.reserveCapacity(bytes * 2 + 1)
      defer { text.wipe() }
      text.append(hexadecimal: .random(count: bytes))
      text.append(UInt8(ascii: "\n"))
      try folder.replace(name, with: text)
      return try HostSecret(folder.file(name))
    }
  }

  static func missing(for ledger: String) -> StoreProblem {
    StoreProblem(
      ledger,
      that: "was made with another \(name) than there is now; restore that, or move the ledger "
        + "away and make new keys for all connections")
  }

  /// Stands for the secret itself in a ledger, which is of no use with another.
  var check: String { fingerprint.of(Secret("xfrmctl-ledger".utf8Span.span)) }
}
