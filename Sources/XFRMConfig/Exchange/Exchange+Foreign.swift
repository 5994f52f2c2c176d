public import XFRMKit

extension Exchange {
  /// What somebody else's text told of a kernel.
  ///
  /// - Parameters:
  ///   - associations: SAs; of their keys only the lengths matter.
  ///   - policies: In the order in which packets are held against them, as far as their priorities
  ///     leave that open.
  ///   - keyFolder: Where references say that keys are.
  public init(
    associations: [SecurityAssociation], policies: [Policy],
    keyFolder: String = Self.usualKeyFolder
  ) {
    self.init(
      KernelSnapshot(associations: associations, policies: policies), keyFolder: keyFolder)
    // These may be anybody's.
    keys = [:]
  }
}
