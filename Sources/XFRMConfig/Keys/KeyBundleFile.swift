public import XFRMKit

/// What `xfrmctl keys new` writes for one end: the SPIs and the keys of one generation.
public struct KeyBundleFile: Equatable, Sendable {
  /// What belongs to the packets of one direction.
  public struct Half: Equatable, Sendable {
    public var spi: SPI
    public var key: Secret

    /// An SPI and its key.
    public init(spi: SPI, key: Secret) {
      self.spi = spi
      self.key = key
    }
  }

  /// The name of the connection, the same at both ends.
  public var connection: String
  /// Counted upwards, from 1.
  public var generation: UInt32
  /// The same in all generations.
  public var requestID: UInt32
  /// The algorithms that the keys are for, by their IKE name.
  public var proposal: String
  /// For packets from the other end.
  public var incoming: Half
  /// For packets to the other end.
  public var outgoing: Half

  /// A bundle.
  ///
  /// - Parameters:
  ///   - connection: The name of the connection, the same at both ends.
  ///   - generation: Counted upwards, from 1.
  ///   - requestID: The same in all generations.
  ///   - proposal: The algorithms that the keys are for, by their IKE name.
  ///   - incoming: For packets from the other end.
  ///   - outgoing: For packets to the other end.
  public init(
    connection: String, generation: UInt32, requestID: UInt32, proposal: String, incoming: Half,
    outgoing: Half
  ) {
    self.connection = connection
    self.generation = generation
    self.requestID = requestID
    self.proposal = proposal
    self.incoming = incoming
    self.outgoing = outgoing
  }

  /// That of the other end: what one sends is what the other receives.
  public var forOtherEnd: KeyBundleFile {
    var other = self
    swap(&other.incoming, &other.outgoing)
    return other
  }

  /// What stands for it in an expansion, without the keys.
  public var bundle: KeyBundle {
    let key = KeyReference.bundle(connection: connection, generation: generation)
    return KeyBundle(
      connection: connection, generation: generation, requestID: requestID,
      incoming: .init(spi: incoming.spi, key: key), outgoing: .init(spi: outgoing.spi, key: key))
  }

  /// The half for packets of a direction.
  func half(_ direction: SecurityAssociation.Direction) -> Half {
    direction == .outgoing ? outgoing : incoming
  }

  /// Stands for the key of a half, so that people at both ends can compare: it is the same wherever
  /// the key is. That needs no secret salt, as nobody guesses a key that was drawn at random.
  public func fingerprint(of half: Half) -> String {
    KeyFingerprint(salt: Array("xfrmctl-keys \(connection) \(generation)".utf8)).of(half.key)
  }
}
