internal import XFRMKit

extension KeyBundleFile {
  /// What stands in the first line.
  static let version = "xfrmctl-keys-1"
  /// The longest file there can be, in bytes.
  static let mostBytes = 4096

  /// Why a file is not what was written.
  struct Damage: Error, Equatable {
    /// What the file's name is the subject of. It quotes nothing of the file.
    var sentence: String

    init(_ sentence: String) { self.sentence = sentence }
  }

  /// Lends the text of the file to a function, and overwrites it then.
  func withText<Result, Failure: Error>(
    _ body: ([UInt8]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var text: [UInt8] = []
    text.reserveCapacity(Self.mostBytes)
    defer { text.wipe() }
    text += Array(
      "\(Self.version)\nconnection \(connection)\ngeneration \(generation)\n".utf8)
    text += Array("request-id \(requestID)\nproposal \(proposal)\n".utf8)
    for (name, half) in [("in", incoming), ("out", outgoing)] {
      text += Array("\(name) \(half.spi) ".utf8)
      text.append(hexadecimal: half.key)
      text.append(UInt8(ascii: "\n"))
    }
    let sum = CRC32.of(text.span)
    text += Array("checksum \(SPI(rawValue: sum))\n".utf8)
    return try body(text)
  }

  /// Reads the text of a file.
  init(text: Secret) throws(Damage) {
    guard text.count <= Self.mostBytes else { throw Damage("is too large for a bundle of keys") }
    self = try text.withBytes { text throws(Damage) in
      var lines = BundleLines(text)
      try lines.readVersion()
      let connection = try lines.word("connection")
      let generation = try lines.number("generation")
      let requestID = try lines.number("request-id")
      let proposal = try lines.word("proposal")
      let incoming = try lines.half("in")
      let outgoing = try lines.half("out")
      try lines.readChecksum()
      return KeyBundleFile(
        connection: connection, generation: generation, requestID: requestID, proposal: proposal,
        incoming: incoming, outgoing: outgoing)
    }
    guard generation > 0, Ranges.requestIDs.contains(requestID),
      ESPProposal(named: proposal) != nil,
      [incoming, outgoing].allSatisfy({ Ranges.spis.contains($0.spi.rawValue) })
    else { throw .damaged }
  }
}

extension KeyBundleFile.Damage {
  static let damaged = KeyBundleFile.Damage(
    "is damaged; make new keys, or copy it again from where it was made")
  static let cut = KeyBundleFile.Damage(
    "ends too early; copy it again from where it was made")
}
