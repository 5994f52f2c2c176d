import HostReadiness

/// Many hosts beside each other, the worst first: `xfrmctl check report`.
struct Matrix {
  /// A check, and what came of it on each host, in the order of the hosts.
  struct Row {
    var id: String
    var group: HostReadiness.Check.Group
    var title: String
    /// `nil` where it was not done.
    var cells: [CheckJSON.Item?]

    /// Whether the hosts are not all alike in it.
    var differs: Bool { Set(cells.map { $0?.outcome }).count > 1 }
  }

  let hosts: [CheckJSON]
  let rows: [Row]

  init(_ documents: [CheckJSON]) {
    hosts = documents.sorted { $0.badness > $1.badness }
    var order: [String] = []
    var known: [String: CheckJSON.Item] = [:]
    for check in hosts.flatMap(\.checks) where known[check.id] == nil {
      known[check.id] = check
      order.append(check.id)
    }
    let results = hosts.map { host in
      Dictionary(host.checks.map { ($0.id, $0) }) { first, _ in first }
    }
    // Hosts of different profiles or versions have checks between others' checks.
    let groups = HostReadiness.Check.Group.allCases
    rows = groups.flatMap { group in
      order.compactMap { id -> Row? in
        guard let check = known[id], check.group == group else { return nil }
        return Row(id: id, group: group, title: check.title, cells: results.map { $0[id] })
      }
    }
  }

  /// What the columns are called: the hosts, and what for where they were not all checked for the same.
  var columns: [String] {
    let isOfOneProfile = Set(hosts.map(\.profile.name)).count < 2
    return hosts.map { isOfOneProfile ? $0.host.name : "\($0.host.name), \($0.profile.name)" }
  }

  /// `3 hosts: 1 NOT READY, 2 READY`
  var summary: String {
    let verdicts = [Verdict.notReady, .unknown, .readyWithWarnings, .ready].compactMap {
      verdict -> String? in
      let count = hosts.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(verdict.words)"
    }
    return "\(hosts.count) \(hosts.count == 1 ? "host" : "hosts"): "
      + verdicts.joined(separator: ", ")
  }

  /// Differences first, then what all have in common.
  var parts: [(title: String, rows: [Row])] {
    [
      ("Where hosts differ", rows.filter(\.differs)),
      ("Where all are alike", rows.filter { !$0.differs }),
    ].filter { !$0.rows.isEmpty }
  }
}

extension CheckJSON {
  /// The higher the worse; among equals the name decides, so that the order is always the same.
  fileprivate var badness: Badness {
    let rank =
      switch verdict {
      case .ready: 0
      case .readyWithWarnings: 1
      case .unknown: 2
      case .notReady: 3
      }
    return Badness(
      numbers: [rank, counts.failed, counts.unknown, counts.warnings], name: host.name)
  }
}

private struct Badness: Comparable {
  var numbers: [Int]
  var name: String

  static func < (left: Badness, right: Badness) -> Bool {
    left.numbers == right.numbers
      ? left.name > right.name : left.numbers.lexicographicallyPrecedes(right.numbers)
  }
}
