internal import XFRMKit

extension Expansion {
  /// What subnets of this end send each other passes in clear at connections that lead to more than
  /// them. A connection behind such a one that has a part of a subnet at its other end would be in
  /// clear, too.
  mutating func checkNeighbours() {
    var told: Set<[String]> = []
    for (index, bypass) in policies.enumerated() where bypass.purpose == "subnets" {
      for entry in policies[(index + 1)...] {
        guard entry.action == .protect, entry.name != bypass.name, bypass.takes(entry),
          told.insert([bypass.name, entry.name]).inserted
        else { continue }
        diagnostics.error(
          entry.span,
          "\(entry.name) would be in clear: \(entry.selector.remote) is within "
            + "\(bypass.selector.remote), whose packets to this end \(bypass.name) lets pass",
          help: "move it before \(bypass.name)")
      }
    }
  }
}

extension SPDEntry {
  /// Whether packets of another entry are for this one, which comes first, though their other end is
  /// a part of what this one takes for this end.
  fileprivate func takes(_ other: SPDEntry) -> Bool {
    let (here, there) = (selector.local, other.selector.local)
    return direction == other.direction && interfaceID == other.interfaceID
      && mark.meets(other.mark) && selector.remote.covers(other.selector.remote)
      && (here.covers(there) || there.covers(here))
  }
}

extension Mark? {
  /// Whether a packet may have both; everyone has none.
  fileprivate func meets(_ other: Mark?) -> Bool {
    guard let self, let other else { return true }
    return (self.value ^ other.value) & self.mask & other.mask == 0
  }
}
