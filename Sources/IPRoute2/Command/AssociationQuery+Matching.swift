public import XFRMKit

extension AssociationQuery {
  /// Whether an SA is meant.
  public func matches(_ association: SecurityAssociation) -> Bool {
    (source?.contains(association.source) ?? true)
      && (destination?.contains(association.destination) ?? true)
      && (family == .unspecified || association.family == family)
      && (proto?.covers(association.proto) ?? true)
      && (spi ?? association.spi) == association.spi
      && (mode ?? association.mode) == association.mode
      && (requestID ?? association.requestID) == association.requestID
      && (flags.map { !$0.isDisjoint(with: association.flags) } ?? true)
      && (mark == nil || mark == association.mark)
      && (interfaceID ?? association.interfaceID ?? 0) == (association.interfaceID ?? 0)
  }

  /// Whether `deleteall` is about an SA. What IPComp makes for itself goes with the SA it serves,
  /// and the kernel refuses to delete it by itself.
  public func isDeletable(_ association: SecurityAssociation) -> Bool {
    ![4, 41].contains(association.proto.rawValue) && matches(association)
  }
}

extension IPProtocol {
  fileprivate func covers(_ other: IPProtocol) -> Bool {
    self == .ipsec ? [.esp, .ah, .ipComp].contains(other) : self == other
  }
}
