internal import XFRMKit

extension Topology {
  /// It for a terminal: nodes with their interfaces, and tunnels with their policies and SAs. No line
  /// is wider than 80 columns.
  ///
  /// - Parameter unprotected: Tunnels that have no SAs where it was built.
  public func text(unprotected: Set<String> = []) -> String {
    var lines = [name, ""]
    if let chain { lines += Self.wrapped(chain, indent: 2) + [""] }
    for machine in machines { lines += self.lines(machine) }
    for (index, tunnel) in tunnels.enumerated() {
      if index == 0 { lines += ["", "tunnels"] }
      lines += self.lines(tunnel, index, hasSAs: !unprotected.contains(tunnel.name))
    }
    return lines.joined(separator: "\n")
  }

  /// The nodes in a row, if their cables make one: each with the sign that leads to the next.
  private var chain: [String]? {
    guard let order = row else { return nil }
    return order.indices.map { index in
      guard index + 1 < order.count else { return order[index] }
      let pair = Set([order[index], order[index + 1]])
      let isProtected = tunnels.contains { Set($0.ends.map(\.machine)) == pair }
      return order[index] + (isProtected ? " ══" : " ──")
    }
  }

  /// Names in the order of a row of cables; `nil` if they make none.
  var row: [String]? {
    let neighbours = machines.reduce(into: [String: [String]]()) { known, machine in
      known[machine.name] = links.compactMap { link in
        link.left.machine == machine.name
          ? link.right.machine : link.right.machine == machine.name ? link.left.machine : nil
      }
    }
    guard links.count == machines.count - 1, neighbours.values.allSatisfy({ $0.count < 3 }),
      let first = machines.first(where: { neighbours[$0.name]?.count == 1 })
    else { return nil }
    var order = [first.name]
    while let next = neighbours[order[order.count - 1]]?.first(where: { !order.contains($0) }) {
      order.append(next)
    }
    return order.count == machines.count ? order : nil
  }

  /// Parts in lines that are no wider than a terminal, the second and those after it indented.
  private static func wrapped(_ parts: [String], indent: Int) -> [String] {
    var lines = [""]
    for part in parts {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = part
      } else if line.count + 1 + part.count <= 80 {
        lines[lines.count - 1] += " " + part
      } else {
        lines.append(pad("", indent) + part)
      }
    }
    return lines
  }

  /// Of what goes on in another line; the longest name finds room behind it.
  private static let indent = 14

  // MARK: Nodes

  private func lines(_ machine: Machine) -> [String] {
    let kind = machine.forwards ? "  forwards" : ""
    var rows: [(String, String, String)] = []
    if !machine.addresses.isEmpty { rows.append(("lo", Self.list(machine.addresses), "")) }
    for link in links {
      for end in link.ends where end.machine == machine.name {
        var notes = peer(of: end).map { ["— \($0.machine) \($0.interface)"] } ?? []
        if !link.impairment.isNone { notes.append(link.impairment.words) }
        if let mtu = link.mtu { notes.append("MTU \(mtu)") }
        if machine.masqueraded.contains(end.interface) { notes.append("NAT") }
        rows.append((end.interface, Self.list(end.addresses), notes.joined(separator: ", ")))
      }
    }
    for interface in machine.xfrmInterfaces {
      rows.append((interface.name, Self.list(interface.addresses), "if_id \(interface.id)"))
    }
    for router in machine.virtualRouters {
      let note = "VRF, table \(router.table): \(router.interfaces.joined(separator: ", "))"
      rows.append((router.name, "", note))
    }
    let width = rows.map(\.0.count).max() ?? 0
    // Lists that are longer have no columns behind them.
    let second = rows.map(\.1.count).filter { $0 <= 40 }.max() ?? 0
    return [machine.name + kind]
      + rows.flatMap { row in
        Self.lines(
          "  \(Self.pad(row.0, width)) ", "\(Self.pad(row.1, second))  \(row.2)",
          indent: min(width + 4, Self.indent))
      }
  }

  // MARK: Tunnels

  private func lines(_ tunnel: Tunnel, _ index: Int, hasSAs: Bool) -> [String] {
    let spis = Self.spis(ofTunnel: index)
    let (left, right) = (tunnel.left, tunnel.right)
    let words =
      ["\(tunnel.mode) mode", tunnel.proposal.name]
      + (tunnel.isInUDP ? ["in UDP"] : [])
      + (tunnel.interfaceID.map { ["if_id \($0)"] } ?? [])
    let rows = [
      ("  \(tunnel.name):", words.joined(separator: ", ")),
      ("    ends     ", "\(shown(left)) ══ \(shown(right))"),
      ("    policies ", "\(Self.list(left.protected)) ⇄ \(Self.list(right.protected))"),
      (
        "    SAs      ",
        hasSAs
          ? "→ \(spis.forth), ← \(spis.back), reqid \(index + 1)"
          : "none: this kernel lacks what they take"
      ),
    ]
    return rows.flatMap { Self.lines($0.0, $0.1, indent: Self.indent) }
  }

  private func shown(_ end: TunnelEnd) -> String {
    let seen = end.seenAs == end.address ? "" : " (seen as \(end.seenAs))"
    return "\(end.machine) \(end.address)\(seen)"
  }

  // MARK: Words

  static func list(_ prefixes: [IPPrefix]) -> String {
    prefixes.map { $0.isHost ? "\($0.address)" : "\($0)" }.joined(separator: ", ")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// A line, or as many as it takes: it is broken at spaces.
  private static func lines(_ head: String, _ text: String, indent: Int) -> [String] {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return wrapped([head] + words, indent: indent).map(trimmed).filter { !$0.isEmpty }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
