internal import Glibc
internal import XFRMKit

extension Topology {
  /// It as a picture: nodes as boxes, cables as lines, tunnels as bands around them, and below it
  /// what each tunnel protects and its SAs.
  ///
  /// - Parameter unprotected: Tunnels that have no SAs where it was built.
  public func svg(unprotected: Set<String> = []) -> String { GraphSVG(self, unprotected).text }
}

/// Draws a topology.
private struct GraphSVG {
  private let topology: Topology
  private let unprotected: Set<String>
  private let layout: GraphLayout
  /// How far from the cables each tunnel is.
  private let lanes: [Int]
  private let colors = ["#0f766e", "#b45309", "#1d4ed8", "#be185d", "#4d7c0f", "#6d28d9"]

  init(_ topology: Topology, _ unprotected: Set<String>) {
    self.topology = topology
    self.unprotected = unprotected
    layout = GraphLayout(topology)
    lanes = layout.lanes(of: topology)
  }

  var text: String {
    let width = max(layout.width, 560)
    let height = top + layout.height + Double(topology.tunnels.count) * 44 + 20
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(SVG.round(width)) \(SVG.round(height))\" "
        + "font-family=\"ui-sans-serif, system-ui, sans-serif\" font-size=\"12\">",
      "  <title>\(SVG.escaped(topology.name))</title>",
      "  <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      SVG.label(16, 28, topology.name, "font-size=\"18\" font-weight=\"600\" fill=\"#0f172a\""),
    ]
    lines.append("  <g transform=\"translate(0 \(SVG.round(top)))\">")
    for (index, tunnel) in topology.tunnels.enumerated() { lines += band(tunnel, index) }
    for link in topology.links { lines += cable(link) }
    for machine in topology.machines { lines += box(machine) }
    lines.append("  </g>")
    for (index, tunnel) in topology.tunnels.enumerated() { lines += legend(tunnel, index) }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  /// What bands take above that the name stands in otherwise.
  private var top: Double { max(0, Double((lanes.max() ?? 0) - 2) * GraphLayout.lane / 2) }

  // MARK: Parts

  private func band(_ tunnel: Topology.Tunnel, _ index: Int) -> [String] {
    guard let from = layout.places[tunnel.left.machine],
      let to = layout.places[tunnel.right.machine]
    else { return [] }
    // To one side, and to the same one whichever way the tunnel is written down.
    let length = max(1, hypot(to.x - from.x, to.y - from.y))
    let side = (to.x, to.y) < (from.x, from.y) ? -1.0 : 1
    let bend = side * Double(lanes[index]) * GraphLayout.lane / length
    let x = (from.x + to.x) / 2 + (to.y - from.y) * bend
    let y = (from.y + to.y) / 2 - (to.x - from.x) * bend
    return [
      "  <path d=\"M \(SVG.round(from.x)) \(SVG.round(from.y)) Q \(SVG.round(x)) \(SVG.round(y)) \(SVG.round(to.x)) "
        + "\(SVG.round(to.y))\" fill=\"none\" stroke=\"\(color(index))\" stroke-width=\"18\" "
        + "stroke-opacity=\"0.28\" stroke-linecap=\"round\"/>"
    ]
  }

  private func cable(_ link: Topology.Link) -> [String] {
    guard let from = layout.places[link.left.machine], let to = layout.places[link.right.machine]
    else { return [] }
    var lines = [
      "  <line x1=\"\(SVG.round(from.x))\" y1=\"\(SVG.round(from.y))\" x2=\"\(SVG.round(to.x))\" "
        + "y2=\"\(SVG.round(to.y))\" stroke=\"#475569\" stroke-width=\"2\"/>"
    ]
    var words = link.impairment.isNone ? [] : [link.impairment.words]
    if let mtu = link.mtu { words.append("MTU \(mtu)") }
    if !words.isEmpty {
      lines.append(
        SVG.label(
          (from.x + to.x) / 2, (from.y + to.y) / 2 + 34, words.joined(separator: ", "),
          "text-anchor=\"middle\" fill=\"#b91c1c\""))
    }
    for (end, own, other) in [(link.left, from, to), (link.right, to, from)] {
      let length = max(1, hypot(other.x - own.x, other.y - own.y))
      let part = min(0.5, 118 / length)
      let (x, y) = (own.x + (other.x - own.x) * part, own.y + (other.y - own.y) * part)
      let isNAT = topology[end.machine]?.masqueraded.contains(end.interface) ?? false
      lines.append(
        SVG.label(
          x, y - 8, end.interface + (isNAT ? " (NAT)" : ""),
          "text-anchor=\"middle\" font-size=\"11\" fill=\"#334155\""))
      // In a row the other end's stands beside it, so addresses go up and down in turn.
      lines.append(
        SVG.label(
          x, end == link.left ? y + 16 : y - 24, Topology.list(end.addresses),
          "text-anchor=\"middle\" font-size=\"10\" fill=\"#64748b\""))
    }
    return lines
  }

  private func box(_ machine: Topology.Machine) -> [String] {
    guard let place = layout.places[machine.name] else { return [] }
    let (width, height) = (GraphLayout.box.width, GraphLayout.box.height)
    let detail =
      machine.addresses.isEmpty
      ? (machine.forwards ? "forwards" : "host")
      : Topology.list(machine.addresses)
    return [
      "  <rect x=\"\(SVG.round(place.x - width / 2))\" y=\"\(SVG.round(place.y - height / 2))\" "
        + "width=\"\(SVG.round(width))\" height=\"\(SVG.round(height))\" "
        + "rx=\"\(machine.forwards ? 4 : 20)\" fill=\"#f8fafc\" stroke=\"#0f172a\" "
        + "stroke-width=\"1.5\"/>",
      SVG.label(
        place.x, place.y - 2, machine.name,
        "text-anchor=\"middle\" font-weight=\"600\" fill=\"#0f172a\""),
      SVG.label(
        place.x, place.y + 14, detail,
        "text-anchor=\"middle\" font-size=\"10\" fill=\"#64748b\""),
    ]
  }

  private func legend(_ tunnel: Topology.Tunnel, _ index: Int) -> [String] {
    let y = top + layout.height + Double(index) * 44
    let spis = Topology.spis(ofTunnel: index)
    let words =
      ["\(tunnel.name): \(tunnel.mode) mode", tunnel.proposal.name]
      + (tunnel.isInUDP ? ["in UDP"] : []) + (tunnel.interfaceID.map { ["if_id \($0)"] } ?? [])
    let policies =
      "\(Topology.list(tunnel.left.protected)) ⇄ \(Topology.list(tunnel.right.protected))"
    let associations =
      unprotected.contains(tunnel.name)
      ? "no SAs: this kernel lacks what they take" : "SAs → \(spis.forth), ← \(spis.back)"
    return [
      "  <rect x=\"16\" y=\"\(SVG.round(y))\" width=\"26\" height=\"12\" rx=\"6\" "
        + "fill=\"\(color(index))\" fill-opacity=\"0.4\"/>",
      SVG.label(52, y + 10, words.joined(separator: ", "), "fill=\"#0f172a\""),
      SVG.label(
        52, y + 26, "\(policies) · \(associations)",
        "font-size=\"11\" fill=\"#64748b\""),
    ]
  }

  // MARK: Words

  private func color(_ index: Int) -> String { colors[index % colors.count] }
}
