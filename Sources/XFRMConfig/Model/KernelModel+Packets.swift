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
    guard let policy = policy(for: packet, .outgoing, mark, interfaceID) else {
      return defaultActions.outgoing == .block ? .dropped : .clear
    }
    guard policy.action == .allow else { return .dropped }
    var used: [SecurityAssociationID] = []
    for template in policy.templates {
      if let association = association(for: template, packet, mark, interfaceID) {
        used.append(association.id)
      } else if !template.isOptional {
        return .dropped
      }
    }
    return used.isEmpty ? .clear : .protected(used)
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
    guard let policy = policy(for: packet, direction, mark, interfaceID) else {
      let isBlocked =
        direction == .incoming
        ? defaultActions.incoming == .block : defaultActions.forwarded == .block
      return !isBlocked && path.allSatisfy { $0.mode == .transport }
    }
    guard policy.action == .allow else { return false }
    var rest = path.reversed()[...]
    for template in policy.templates {
      if let association = rest.first, template.admits(association) {
        rest = rest.dropFirst()
      } else if !template.isOptional {
        return false
      }
    }
    return rest.allSatisfy { $0.mode == .transport }
  }

  private func policy(
    for packet: PacketFlow, _ direction: Policy.Direction, _ mark: UInt32, _ interfaceID: UInt32
  ) -> Policy? {
    policies.first { policy in
      policy.direction == direction && policy.selector.family == packet.source.family
        && policy.selector.matches(packet)
        && (policy.mark.map { mark & $0.mask == $0.value & $0.mask } ?? true)
        && (policy.interfaceID ?? 0) == interfaceID
    }
  }

  /// The SA that a packet leaves through: the newest.
  private func association(
    for template: Template, _ packet: PacketFlow, _ mark: UInt32, _ interfaceID: UInt32
  ) -> SecurityAssociation? {
    let hasEnds = template.mode.hasOuterAddresses
    let source = hasEnds ? template.source : packet.source
    let destination = hasEnds ? template.destination : packet.destination
    return associations.last { association in
      association.destination == destination
        && (association.source == source || source.isUnspecified)
        && association.proto == template.proto && association.mode == template.mode
        && association.requestID == template.requestID
        && (template.spi == 0 || association.spi == template.spi)
        && (association.mark.map { mark & $0.mask == $0.value & $0.mask } ?? true)
        && (association.interfaceID ?? 0) == interfaceID
    }
  }
}

extension Template {
  /// Whether it is what a packet came through that an SA protected.
  fileprivate func admits(_ association: SecurityAssociation) -> Bool {
    association.proto == proto && association.mode == mode
      && (requestID == 0 || association.requestID == requestID)
      && (spi == 0 || association.spi == spi)
      && (!mode.hasOuterAddresses
        || association.source == source && association.destination == destination)
  }
}
