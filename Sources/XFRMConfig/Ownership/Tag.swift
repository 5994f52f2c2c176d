public import XFRMKit

/// What marks objects in the kernel as this manager's, besides its journal: a number that nobody
/// else gives to anything, and that the kernel keeps without heeding it.
///
/// Policies carry it in their index, SAs in their sequence number. The journal decides what is
/// ours; the tag tells what it has lost, and what somebody put in the place of ours.
public struct Tag: Hashable, Sendable {
  /// At most ``limit`` for a policy: three bits of an index are its direction.
  public let slot: UInt32

  public static let limit: UInt32 = 1 << 21

  /// `nil` for a slot beyond ``limit``.
  public init?(slot: UInt32) {
    guard slot < Self.limit else { return nil }
    self.slot = slot
  }

  private static let mark: UInt32 = 0x58 << 24

  /// The index of a policy.
  ///
  /// The kernel counts indices upwards from 8 and takes any that is free; one that is not it
  /// replaces by another without a word, so it must be read back.
  public func index(_ direction: Policy.Direction) -> UInt32 {
    Self.mark | slot << 3 | UInt32(direction.rawValue & 7)
  }

  /// The sequence number of an SA. The kernel numbers its acquires upwards from 1.
  public var sequence: UInt32 { Self.mark | slot }

  /// The tag of a policy; `nil` if it has none.
  public init?(_ policy: Policy) {
    guard policy.index & 0xff00_0000 == Self.mark,
      policy.index & 7 == UInt32(policy.direction.rawValue)
    else { return nil }
    slot = (policy.index & ~Self.mark) >> 3
  }

  /// The tag of an SA; `nil` if it has none.
  public init?(_ association: SecurityAssociation) {
    guard association.sequence & 0xff00_0000 == Self.mark,
      association.sequence & 0x00ff_ffff < Self.limit
    else { return nil }
    slot = association.sequence & 0x00ff_ffff
  }
}

/// The numbers that this manager draws from, apart from those of other programs.
///
/// strongSwan draws SPIs from 0xc0000000 on, counts request IDs from 1 and keeps its priorities
/// below 600,000; libreswan counts request IDs from 16,384 and has priorities from 2^20 to 2^22;
/// Cilium uses the lowest of all, Docker the request ID 0xd0c4e3.
public enum Ranges {
  public static let requestIDs: ClosedRange<UInt32> = 0x5800_0000...0x58ff_ffff
  public static let spis: ClosedRange<UInt32> = 0x5800_0100...0x58ff_ffff
  public static let entryPriorities: ClosedRange<UInt32> = 1_000...60_000
  /// Weaker than all that anybody else has.
  public static let guardPriorities: ClosedRange<UInt32> = 4_000_000_000...4_000_999_999
  /// Stronger than all of ours.
  static let barPriority: UInt32 = 900

  // To the kernel two policies with the same selector are one, and a selector's user is a part of
  // it that it compares with others' and never with a packet's.

  /// The user in the selectors of guards, which have those of what they guard.
  static let guardUser: UInt32 = 0x5800_0001
  /// The user in the selectors of those that drop packets while others move.
  static let barUser: UInt32 = 0x5800_0002
}
