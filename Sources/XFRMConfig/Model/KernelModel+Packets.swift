public import XFRMKit

/// What becomes of a packet.
public enum PacketVerdict: Hashable, Sendable {
  case clear
  /// Through these SAs, the innermost first.
  case protected([SecurityAssociationID])
  case dropped
}

extension KernelModel {
  /// What becomes of a packet that leaves the host, or is forwarded and leaves it.
  ///
  /// - Parameters:
  ///   - mark: The packet's.
  ///   - interfaceID: That of the xfrm interface it goes through, if any.
  public func verdict(
    leaving packet: PacketFlow, mark: UInt32 = 0, interfaceID: UInt32 = 0
  ) -> PacketVerdict {
    switch lookup.fate(of: PacketQuery(packet, .outgoing, mark: mark, interfaceID: interfaceID)) {
    case .clear, .clearOnly, .needsProtection: .clear
    case .protected(let ids): .protected(ids)
    case .dropped: .dropped
    }
  }

  /// Whether a packet is let in that came through SAs, or in clear.
  ///
  /// - Parameters:
  ///   - packet: As it is inside.
  ///   - ids: The SAs that it came through, the outermost first; none for one in clear.
  ///   - direction: ``Policy/Direction-swift.struct/incoming``, or
  ///     ``Policy/Direction-swift.struct/forwarded`` for one that goes on.
  public func admits(
    _ packet: PacketFlow, through ids: [SecurityAssociationID],
    _ direction: Policy.Direction = .incoming, mark: UInt32 = 0, interfaceID: UInt32 = 0
  ) -> Bool {
    let path = ids.compactMap { id in associations.last { $0.id == id } }
    // Packets of an SA that there is not are not even decrypted.
    guard path.count == ids.count else { return false }
    let query = PacketQuery(packet, direction, mark: mark, interfaceID: interfaceID)
    return lookup.refusal(of: query, through: path) == nil
  }

  private var lookup: PacketLookup {
    PacketLookup(
      inOrder: policies, associations: associations.reversed(), defaultActions: defaultActions)
  }
}
