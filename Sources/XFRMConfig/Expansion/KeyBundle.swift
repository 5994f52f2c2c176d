public import XFRMKit

/// What a generation of a connection's keys is known by, without the keys.
public struct KeyBundle: Hashable, Sendable {
  /// What belongs to the packets of one direction.
  public struct Half: Hashable, Sendable {
    public var spi: SPI
    /// Where the key is.
    public var key: KeyReference

    /// An SPI and its key.
    public init(spi: SPI, key: KeyReference) {
      self.spi = spi
      self.key = key
    }
  }

  /// The name of the connection.
  public var connection: String
  /// Counted upwards, from 1.
  public var generation: UInt32
  /// The same in all generations; `nil` for one that is made of the connection's name.
  public var requestID: UInt32?
  /// For packets from the other end.
  public var incoming: Half
  /// For packets to the other end.
  public var outgoing: Half

  /// The keys of a generation.
  public init(
    connection: String, generation: UInt32, requestID: UInt32? = nil, incoming: Half,
    outgoing: Half
  ) {
    self.connection = connection
    self.generation = generation
    self.requestID = requestID
    self.incoming = incoming
    self.outgoing = outgoing
  }
}

/// Where an expansion asks for the keys of connections that have generated ones.
public protocol KeyBundles {
  /// The generation that packets are sent with; `nil` if there is none yet.
  func current(of connection: String) -> KeyBundle?
  /// The other generation of a rotation that is under way: a later one is only taken in yet, an
  /// earlier one is still there. `nil` if none is under way.
  func other(of connection: String) -> KeyBundle?
  /// What is wrong with keys that are in use; `nil` if nothing is, or there are none yet.
  func problem(of connection: String) -> String?
}

extension KeyBundles {
  /// Nothing is wrong.
  public func problem(of connection: String) -> String? { nil }

  /// No rotation is under way.
  public func other(of connection: String) -> KeyBundle? { nil }
}

/// Stands for keys that are still to be made, so that a configuration can be looked at before.
public struct PendingBundles: KeyBundles {
  /// Has one for each connection.
  public init() {}

  /// Generation 0, with SPIs of its own that nobody is to use.
  public func current(of connection: String) -> KeyBundle? {
    let number = RequestIDs.number(of: connection) & 0x7f_ffff
    let key = KeyReference.bundle(connection: connection, generation: 0)
    let first = Ranges.spis.lowerBound
    return KeyBundle(
      connection: connection, generation: 0,
      incoming: .init(spi: SPI(rawValue: first + number % 0x7f_0000 * 2), key: key),
      outgoing: .init(spi: SPI(rawValue: first + number % 0x7f_0000 * 2 + 1), key: key))
  }
}
