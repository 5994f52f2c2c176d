/// The first thing by which an SA is not for a packet that a template protects.
public enum AssociationMismatch: Hashable, Sendable {
  /// It is of another protocol: ESP, AH or IPComp.
  case proto
  /// Its mode is not the template's.
  case mode
  /// Its addresses are of another family.
  case family
  /// It leads to another end.
  case destination
  /// It comes from another end.
  case source
  /// Its request ID is not the template's.
  case requestID
  /// The template names another SPI.
  case spi
  /// It is for another interface ID.
  case interfaceID
  /// The packet's mark is not one of its own.
  case mark
  /// It is there for Mobile IPv6 to receive with.
  case wildcard
  /// It has no keys yet.
  case larval
  /// Its own selector is not for the packet.
  case selector(PacketMismatch)
}

/// Between which addresses an SA is looked for.
package struct LookupEnds: Hashable {
  package var source: IPAddress
  package var destination: IPAddress

  package init(source: IPAddress, destination: IPAddress) {
    self.source = source
    self.destination = destination
  }

  package init(of packet: PacketFlow) {
    self.init(source: packet.source, destination: packet.destination)
  }

  /// `nil` if the template has no outer addresses of its own.
  package init?(of template: Template) {
    guard template.mode.hasOuterAddresses else { return nil }
    self.init(source: template.source, destination: template.destination)
  }
}

extension SecurityAssociation {
  /// Whether it is only reserved or asked for, and has no algorithms yet.
  public var isLarval: Bool {
    [.esp, .ah, .ipComp].contains(proto)
      && aead == nil && encryption == nil && authentication == nil && compression == nil
  }

  /// Why a packet that leaves does not go through it; `nil` if it may: the kernel's
  /// `xfrm_state_find`.
  ///
  /// - Parameters:
  ///   - template: What asks for an SA.
  ///   - policy: Whose template that is: its mark counts here, and not the packet's.
  ///   - ends: Between which addresses.
  ///   - packet: What its own selector is held against.
  package func mismatch(
    with template: Template, of policy: Policy, between ends: LookupEnds, for packet: PacketFlow
  ) -> AssociationMismatch? {
    if proto != template.proto { return .proto }
    if mode != template.mode { return .mode }
    if family != template.family { return .family }
    if destination != ends.destination { return .destination }
    if source != ends.source, !source.isUnspecified, !ends.source.isUnspecified { return .source }
    if requestID != template.requestID { return .requestID }
    if template.spi != 0, spi != template.spi { return .spi }
    if interfaceID ?? 0 != policy.interfaceID ?? 0 { return .interfaceID }
    let sought = policy.mark.map { $0.value & $0.mask } ?? 0
    if let mark, sought & mark.mask != mark.value { return .mark }
    if flags.contains(.wildcardReceive) { return .wildcard }
    if isLarval { return .larval }
    return selectorMismatch(with: packet).map { .selector($0) }
  }

  /// Why a packet is not for it by its own selector; `nil` if it is.
  func selectorMismatch(with packet: PacketFlow) -> PacketMismatch? {
    if selector.family == .unspecified { return nil }
    if selector.family != packet.source.family { return .family }
    return selector.mismatch(with: packet)
  }

  /// Whether it has passed a soft limit: the kernel then prefers another one.
  ///
  /// - Parameter time: Now, in seconds since 1970; `nil` if nobody looked at a clock.
  func isDying(at time: UInt64?) -> Bool {
    let soft = lifetime.soft
    if usage.bytes >= soft.bytes || usage.packets >= soft.packets { return true }
    guard let time else { return false }
    // As the kernel counts: past its highest number a limit is one that was reached long ago.
    func isReached(_ seconds: UInt64, since start: UInt64) -> Bool {
      seconds != 0 && Int64(bitPattern: start &+ seconds &- time) <= 0
    }
    return isReached(soft.secondsFromAdd, since: usage.addedAt)
      || usage.firstUsedAt != 0 && isReached(soft.secondsFromUse, since: usage.firstUsedAt)
  }
}

extension Template {
  /// Whether it is what a packet came through that an SA protected: the kernel's `xfrm_state_ok`,
  /// which does not look where the SA leads to.
  ///
  /// - Parameters:
  ///   - association: The SA.
  ///   - interfaceID: That of the policy, which newer kernels ask of the SA, too; 0 if it has none.
  public func admits(_ association: SecurityAssociation, interfaceID: UInt32 = 0) -> Bool {
    association.proto == proto && association.mode == mode
      && (requestID == 0 || association.requestID == requestID)
      && (spi == 0 || association.spi == spi)
      && (!mode.hasOuterAddresses || source.isUnspecified || association.source == source)
      && (interfaceID == 0 || association.interfaceID == interfaceID)
  }
}
