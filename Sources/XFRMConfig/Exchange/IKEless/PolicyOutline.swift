internal import XFRMKit

/// What of a policy tells about its SAs, of which the model does not say which way packets go.
struct PolicyOutline {
  var direction: SPDEntry.Direction
  /// This end of its SAs, or in transport mode what may be.
  var local: IPPrefix
  /// The other end, likewise.
  var remote: IPPrefix
  /// What its SAs may have.
  var proposals: [ESPProposal]

  /// Which way packets from one end to the other go; `nil` if no policy tells.
  ///
  /// - Parameter policies: Those with the SA's request ID.
  static func direction(
    from source: IPPrefix, to destination: IPPrefix, _ policies: [PolicyOutline]
  ) -> SPDEntry.Direction? {
    // Some have the peer as the local end of what comes in, but none of what leaves.
    for side in [SPDEntry.Direction.outbound, .inbound] {
      for policy in policies where policy.direction == side {
        let leaves = policy.local.covers(source) && policy.remote.covers(destination)
        let comes = policy.local.covers(destination) && policy.remote.covers(source)
        if leaves != comes { return leaves ? .outbound : .inbound }
      }
    }
    return nil
  }
}

extension PolicyOutline {
  /// - Parameters:
  ///   - entry: An entry that protects.
  ///   - associations: Its SAs.
  init(_ entry: SPDEntry, _ associations: [SADEntry]) {
    let ends = entry.protections.first?.ends
    self.init(
      direction: entry.direction,
      local: ends.map { IPPrefix($0.local) } ?? entry.selector.local,
      remote: ends.map { IPPrefix($0.remote) } ?? entry.selector.remote,
      proposals: entry.protections.flatMap { $0.proposals(associations) })
  }
}
