extension Chart {
  /// It as a picture, one panel below the other; readable on light ground and on dark.
  package var svg: String {
    let height = 64 + panels.reduce(0) { $0 + ChartPanel($1).height } + 8
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 \(SVG.round(height))\" "
        + "font-family=\"ui-sans-serif, system-ui, sans-serif\" font-size=\"12\">",
      "  <title>\(SVG.escaped(title))</title>",
      "  <style>",
      "    text { fill: #1f2937 } .dim { fill: #6b7280 } .grid { stroke: #d1d5db }",
      "    @media (prefers-color-scheme: dark) {",
      "      text { fill: #e5e7eb } .dim { fill: #9ca3af } .grid { stroke: #4b5563 }",
      "    }",
      "  </style>",
      SVG.label(16, 26, title, "font-size=\"17\" font-weight=\"600\""),
      SVG.label(16, 46, subtitle, "class=\"dim\""),
    ]
    var top = 64.0
    for panel in panels.map({ ChartPanel($0) }) {
      lines += panel.lines(at: top)
      top += panel.height
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }
}

/// Draws a panel.
private struct ChartPanel {
  private let panel: Chart.Panel
  private let x: ChartScale
  private let y: ChartScale
  /// What was measured, where that is few enough to stand below the axis.
  private let marks: [Double]
  private let legend: [[(index: Int, x: Double)]]

  private static let left = 76.0
  private static let right = 690.0
  private static let plotHeight = 190.0

  init(_ panel: Chart.Panel) {
    self.panel = panel
    let points = panel.series.flatMap(\.points)
    x = ChartScale(upTo: points.map(\.x).max() ?? 1)
    y = ChartScale(upTo: points.map(\.y).max() ?? 1)
    let values = Set(points.map(\.x)).sorted()
    marks = values.count <= 6 ? values : x.ticks
    legend = Self.placed(panel.series.map(\.name))
  }

  /// The legend's entries in as many rows as they need.
  private static func placed(_ names: [String]) -> [[(index: Int, x: Double)]] {
    var rows: [[(index: Int, x: Double)]] = [[]]
    var place = left
    for (index, name) in names.enumerated() {
      let width = 44 + Double(name.count) * 7
      if place + width > right, rows.last?.isEmpty == false {
        rows.append([])
        place = left
      }
      rows[rows.count - 1].append((index, place))
      place += width
    }
    return rows
  }

  var height: Double { 46 + Double(legend.count) * 18 + Self.plotHeight + 54 }

  func lines(at top: Double) -> [String] {
    let plotTop = top + 46 + Double(legend.count) * 18
    let bottom = plotTop + Self.plotHeight
    var lines = [
      SVG.label(16, top + 18, panel.title, "font-size=\"14\" font-weight=\"600\"")
    ]
    for (number, row) in legend.enumerated() {
      for entry in row {
        let y = top + 36 + Double(number) * 18
        lines.append(
          "  <line x1=\"\(SVG.round(entry.x))\" y1=\"\(SVG.round(y - 4))\" "
            + "x2=\"\(SVG.round(entry.x + 20))\" y2=\"\(SVG.round(y - 4))\" \(style(entry.index))/>"
        )
        lines.append(SVG.label(entry.x + 25, y, panel.series[entry.index].name, ""))
      }
    }
    for tick in y.ticks {
      let place = bottom - tick / y.end * Self.plotHeight
      lines.append(
        "  <line class=\"grid\" x1=\"\(SVG.round(Self.left))\" y1=\"\(SVG.round(place))\" "
          + "x2=\"\(SVG.round(Self.right))\" y2=\"\(SVG.round(place))\"/>")
      lines.append(
        SVG.label(
          Self.left - 8, place + 4, y.label(tick), "text-anchor=\"end\" class=\"dim\""))
    }
    for mark in marks {
      lines.append(
        SVG.label(
          across(mark), bottom + 18, x.label(mark), "text-anchor=\"middle\" class=\"dim\""))
    }
    lines.append(SVG.label(Self.left, plotTop - 8, panel.yAxis, "class=\"dim\""))
    lines.append(
      SVG.label(Self.right, bottom + 36, panel.xAxis, "text-anchor=\"end\" class=\"dim\""))
    for (index, series) in panel.series.enumerated() { lines += drawn(series, index, bottom) }
    return lines
  }

  private func drawn(_ series: Chart.Series, _ index: Int, _ bottom: Double) -> [String] {
    let places = series.points.map { point in
      (x: SVG.round(across(point.x)), y: SVG.round(bottom - point.y / y.end * Self.plotHeight))
    }
    let line = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    // Of many the line is enough.
    let dots = places.count > 12 ? [] : places
    return ["  <polyline points=\"\(line)\" fill=\"none\" \(style(index))/>"]
      + dots.map {
        "  <circle cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"3\" fill=\"\(color(index))\"/>"
      }
  }

  private func across(_ value: Double) -> Double {
    Self.left + value / x.end * (Self.right - Self.left)
  }

  private func style(_ index: Int) -> String {
    "stroke=\"\(color(index))\" stroke-width=\"2\""
      + (panel.series[index].isBase ? " stroke-dasharray=\"5 4\"" : "")
  }

  /// Neither too dark for dark ground nor too light for light.
  private func color(_ index: Int) -> String {
    if panel.series[index].isBase { return "#8a8f98" }
    let colors = ["#3b82f6", "#ea7317", "#10a37f", "#a855f7", "#e0457b", "#a18a00"]
    return colors[panel.series[..<index].count { !$0.isBase } % colors.count]
  }
}
