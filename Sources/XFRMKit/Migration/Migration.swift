/// A move of SAs, and of the templates of one policy, to other endpoints, as when a mobile host
/// changes its address (RFC 4555): `XFRM_MSG_MIGRATE`. Needs `CONFIG_XFRM_MIGRATE`.
///
/// The kernel clones each SA to its new endpoints, rewrites the templates and deletes the old SAs;
/// what it refuses, it undoes.
public struct Migration: Equatable, Sendable {
  /// The SAs of one template, and where they move.
  public struct Entry: Hashable, Sendable {
    /// One end's address and the other's, as seen by outgoing packets of the SA.
    public struct Endpoints: Hashable, Sendable {
      /// The sender's.
      public var source: IPAddress
      /// The receiver's.
      public var destination: IPAddress

      /// Two addresses of one family.
      public init(from source: IPAddress, to destination: IPAddress) {
        self.source = source
        self.destination = destination
      }
    }

    /// Where the SAs are now.
    public var old: Endpoints
    /// May be of the other family. Neither may be unspecified.
    public var new: Endpoints
    /// ESP, AH or IPComp; the SAs' own.
    public var proto: IPProtocol
    /// The SAs' own.
    public var mode: Mode
    /// Which of the SAs between the old endpoints; 0 for any.
    public var requestID: UInt32

    /// Moves the SAs that match to new endpoints.
    public init(
      from old: Endpoints, to new: Endpoints, proto: IPProtocol = .esp, mode: Mode,
      requestID: UInt32 = 0
    ) {
      self.old = old
      self.new = new
      self.proto = proto
      self.mode = mode
      self.requestID = requestID
    }
  }

  /// Where the key managers of both ends are reached: `struct xfrm_user_kmaddress`.
  public struct KeyManagerAddresses: Hashable, Sendable {
    /// This host's.
    public var local: IPAddress
    /// The peer's.
    public var remote: IPAddress

    /// Two addresses of one family.
    public init(local: IPAddress, remote: IPAddress) {
      self.local = local
      self.remote = remote
    }
  }

  /// Packets like these find the policy, by a lookup and not by its key.
  public var selector: Selector
  /// The policy's.
  public var direction: Policy.Direction
  /// The policy's.
  public var kind = Policy.Kind.main
  /// The policy's and the SAs'; since Linux 4.19.
  public var interfaceID: UInt32?
  /// 1 to 6.
  public var entries: [Entry]
  /// Only announced to others, not stored.
  public var keyManagerAddresses: KeyManagerAddresses?
  /// What the moved SAs are wrapped in. Until Linux 7.1 `nil` keeps what they have, from 7.2 it takes
  /// it away.
  public var encapsulation: Encapsulation?
  /// Heeded since Linux 7.2.
  public var offload: SecurityAssociation.Offload?

  /// Attributes of a newer kernel, in the order they came.
  public var otherAttributes: [OtherAttribute] = []
  var attributeSequence = AttributeSequence()

  /// Moves the SAs and templates of the policy that packets like `selector` meet.
  public init(_ selector: Selector, direction: Policy.Direction, entries: [Entry]) {
    self.selector = selector
    self.direction = direction
    self.entries = entries
  }
}

extension Migration: CustomStringConvertible {
  public var description: String {
    let moves = entries.map {
      "\($0.old.source) → \($0.old.destination) to \($0.new.source) → \($0.new.destination)"
    }
    return "policy \(direction) \(selector) from " + moves.joined(separator: ", ")
  }
}
