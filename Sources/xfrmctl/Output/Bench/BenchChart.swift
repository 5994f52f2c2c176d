import XFRMLab

/// `xfrmctl bench --svg`: throughput over the length of packets, a line for each cipher.
struct BenchChart {
  private let document: BenchJSON

  init(_ document: BenchJSON) { self.document = document }

  var svg: String {
    Chart(
      "ESP throughput, all on one machine",
      subtitle: "Linux \(document.kernel), \(Text.plural(document.processors, "processor")) "
        + "(\(document.processor)); UDP over \(document.familyName), as much as goes", panels
    ).svg
  }

  private var panels: [Chart.Panel] {
    var kinds: [(mode: String, associations: Int)] = []
    for point in document.points
    where !kinds.contains(where: { $0 == (point.mode, point.associations) }) {
      kinds.append((point.mode, point.associations))
    }
    return kinds.map { kind in
      let points = document.points.filter { ($0.mode, $0.associations) == kind }
      var names: [String?] = []
      for point in points where !names.contains(point.proposal) { names.append(point.proposal) }
      return Chart.Panel(
        "\(kind.mode) mode, \(Text.plural(kind.associations, "SA"))", x: "bytes of a packet",
        y: "Mbit/s",
        names.map { name in
          Chart.Series(
            name ?? "plain",
            points.filter { $0.proposal == name }.compactMap { point in
              point.figures.map { (Double(point.packetBytes), Double($0.bitsPerSecond) / 1e6) }
            }.sorted { $0.0 < $1.0 }, isBase: name == nil)
        })
    }
  }
}
