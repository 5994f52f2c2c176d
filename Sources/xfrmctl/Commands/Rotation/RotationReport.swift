import XFRMConfig

/// What a rotation made of the connections of one end.
struct RotationReport {
  let label: String?
  /// The network namespace as -n takes it.
  let namespace: String?
  let steps: Int
  /// Each connection with what it had before, what it has now, and the latest keys that there are.
  var connections: [(name: String, before: KeyGenerations, now: KeyGenerations, newest: UInt32)] =
    []

  /// - Parameter namespace: The network namespace as -n takes it.
  init(namespace: String?) {
    label = namespace
    self.namespace = namespace
    steps = 0
  }

  init(_ end: RotationEnd, _ names: [String], _ before: [String: KeyGenerations], steps: Int) {
    label = end.label
    namespace = end.namespace
    self.steps = steps
    connections = names.compactMap { name in
      guard let old = before[name], let now = end.uses[name] else { return nil }
      return (name, old, now, end.newest(of: name))
    }
  }

  /// For people, with what comes next; the first few.
  var lines: [String] {
    let most = 8
    var lines = connections.prefix(most).flatMap { Text.wrap(text($0), width: 80) }
    if connections.count > most {
      lines.append("and \(Text.count(connections.count - most)) connections more")
    }
    return lines.isEmpty ? ["no connection has generated keys"] : lines
  }

  private func text(
    _ connection: (name: String, before: KeyGenerations, now: KeyGenerations, newest: UInt32)
  ) -> String {
    let (name, now) = (connection.name, connection.now)
    if let phase = now.phase, let next = phase.next {
      let what = phase == .inbound ? "takes in both generations" : "sends with the new keys"
      return "\(name) \(what) (\(now)); next, once the other end does so too: "
        + Text.command("rotate \(name) --phase \(next.rawValue)", in: namespace)
    }
    if now != connection.before {
      return "\(name) has gone on from #\(connection.before.current) to \(now)"
    }
    return "\(name) has keys \(now), and there are no newer ones: `xfrmctl keys new \(name)`"
  }
}

/// `xfrmctl rotate --json`
struct RotationJSON: Encodable {
  struct Connection: Encodable {
    var name: String
    /// The generation that packets are sent with.
    var generation: UInt32
    /// The other of a rotation that is under way.
    var other: UInt32?
    /// The phase that was done last; absent if no rotation is under way.
    var phase: String?
  }

  struct End: Encodable {
    var namespace: String?
    var steps: Int
    var connections: [Connection]
  }

  var version = 1
  var ends: [End]

  init(_ reports: [RotationReport]) {
    ends = reports.map { report in
      End(
        namespace: report.label, steps: report.steps,
        connections: report.connections.map {
          Connection(
            name: $0.name, generation: $0.now.current, other: $0.now.other,
            phase: $0.now.phase?.rawValue)
        })
    }
  }
}
