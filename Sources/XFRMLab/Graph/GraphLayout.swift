internal import Glibc

/// Where the nodes of a topology stand in a picture.
struct GraphLayout {
  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  static let box = (width: 150.0, height: 46.0)
  /// How much further out the next tunnel is bent; it comes half as far.
  static let lane = 70.0
  private(set) var places: [String: Point] = [:]
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// In a row, if the cables make one, else on a circle; a node that most cables lead to is its
  /// centre.
  init(_ topology: Topology) {
    if let row = topology.row {
      stand(inRow: row)
    } else {
      stand(onCircle: topology)
    }
  }

  /// How far from the cables each tunnel goes, so that none covers another, or hides behind the nodes
  /// that it goes past: 0 is along a cable.
  ///
  /// - Parameter topology: What this is the layout of.
  func lanes(of topology: Topology) -> [Int] {
    let isRow = topology.row != nil
    let cables = Set(topology.links.map { Set($0.ends.map(\.machine)) })
    var lanes: [Int] = []
    for (index, tunnel) in topology.tunnels.enumerated() {
      let pair = Set(tunnel.ends.map(\.machine))
      let taken = topology.tunnels[..<index].indices.filter { other in
        let others = Set(topology.tunnels[other].ends.map(\.machine))
        return others == pair || isRow && span(of: others).overlaps(span(of: pair))
      }.map { lanes[$0] }
      var lane = cables.contains(pair) ? 0 : 1
      while taken.contains(lane) { lane += 1 }
      lanes.append(lane)
    }
    return lanes
  }

  /// From the leftmost of some nodes to the rightmost.
  private func span(of names: Set<String>) -> Range<Double> {
    let columns = names.compactMap { places[$0]?.x }
    return (columns.min() ?? 0)..<(columns.max() ?? 0)
  }

  private mutating func stand(inRow names: [String]) {
    let step = Self.box.width + 150
    for (index, name) in names.enumerated() {
      places[name] = Point(x: 105 + Double(index) * step, y: 120)
    }
    (width, height) = (210 + Double(max(0, names.count - 1)) * step, 220)
  }

  private mutating func stand(onCircle topology: Topology) {
    var degrees: [String: Int] = [:]
    for end in topology.links.flatMap(\.ends) { degrees[end.machine, default: 0] += 1 }
    let names = topology.machines.map(\.name)
    let most = names.max { degrees[$0, default: 0] < degrees[$1, default: 0] }
    let centre = most.flatMap { degrees[$0, default: 0] > 2 ? $0 : nil }
    let around = names.filter { $0 != centre }
    // As far out as all of them find room beside each other.
    let radius = max(260, Double(around.count) * (Self.box.width + 30) / (2 * Double.pi))
    (width, height) = (2 * radius + 240, 2 * radius + 160)
    let middle = Point(x: width / 2, y: height / 2)
    if let centre { places[centre] = middle }
    for (index, name) in around.enumerated() {
      let angle = 2 * Double.pi * Double(index) / Double(max(1, around.count)) - Double.pi / 2
      places[name] = Point(x: middle.x + radius * cos(angle), y: middle.y + radius * sin(angle))
    }
  }
}
