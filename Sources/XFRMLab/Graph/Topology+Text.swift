internal import XFRMKit

extension Topology {
  /// It for a terminal: nodes with their interfaces, and tunnels with their policies and SAs. No line
  /// is wider than 80 columns, as long as names are not long.
  public var text: String {
    var lines = [name, ""]
    if let chain { lines += Self.wrapped(chain) + [""] }
    for machine in machines { lines += self.lines(machine) }
    for (index, tunnel) in tunnels.enumerated() {
      if index == 0 { lines += ["", "tunnels"] }
      lines += self.lines(tunnel, index)
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

  private static func wrapped(_ parts: [String]) -> [String] {
    var lines = [""]
    for part in parts {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = part
      } else if line.count + 1 + part.count <= 80 {
        lines[lines.count - 1] += " " + part
      } else {
        lines.append("  " + part)
      }
    }
    return lines
  }

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
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    return [machine.name + kind]
      + rows.map { row in
        Self.trimmed(
          "  \(Self.pad(row.0, widths.0))  \(Self.pad(row.1, widths.1))  \(row.2)")
      }
  }

  // MARK: Tunnels

  private func lines(_ tunnel: Tunnel, _ index: Int) -> [String] {
    let spis = Self.spis(ofTunnel: index)
    let (left, right) = (tunnel.left, tunnel.right)
    let words =
      ["\(tunnel.mode) mode", tunnel.proposal.name]
      + (tunnel.isInUDP ? ["in UDP"] : [])
      + (tunnel.interfaceID.map { ["if_id \($0)"] } ?? [])
    return [
      "  \(tunnel.name): \(words.joined(separator: ", "))",
      "    ends      \(shown(left)) ══ \(shown(right))",
      "    policies  \(Self.list(left.protected)) ⇄ \(Self.list(right.protected))",
      "    SAs       → \(spis.forth), ← \(spis.back), reqid \(index + 1)",
    ]
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

  private static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
