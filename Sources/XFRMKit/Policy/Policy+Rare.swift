extension Policy {
  /// The device that applies it by itself: `XFRMA_OFFLOAD_DEV`; packet offload only, since Linux
  /// 6.2.
  public var offload: SecurityAssociation.Offload? {
    get { rare[\.offload] }
    set { rare[\.offload] = newValue }
  }

  /// The label that packets must match under SELinux: `XFRMA_SEC_CTX`. A part of its key.
  public var securityContext: SecurityContext? {
    get { rare[\.securityContext] }
    set { rare[\.securityContext] = newValue }
  }

  /// Attributes of a newer kernel, in the order they came.
  public var otherAttributes: [OtherAttribute] {
    get { rare[\.otherAttributes] ?? [] }
    set { rare[\.otherAttributes] = newValue.isEmpty ? nil : newValue }
  }

  /// What few policies have, kept apart so that the others stay small.
  struct RareParts: RareProperties {
    var offload: SecurityAssociation.Offload?
    var securityContext: SecurityContext?
    var otherAttributes: [OtherAttribute]?
  }
}
