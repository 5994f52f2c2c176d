/// Measured values as lines: what is drawn of them, without how.
package struct Chart: Sendable {
  /// A line of points, in their order.
  package struct Series: Sendable {
    package var name: String
    package var points: [(x: Double, y: Double)]
    /// What the others are compared with: drawn as such.
    package var isBase = false

    package init(_ name: String, _ points: [(x: Double, y: Double)], isBase: Bool = false) {
      self.name = name
      self.points = points
      self.isBase = isBase
    }
  }

  /// Lines in one system of coordinates. What the axes are called has the unit in it.
  package struct Panel: Sendable {
    package var title: String
    package var xAxis: String
    package var yAxis: String
    package var series: [Series]

    package init(_ title: String, x: String, y: String, _ series: [Series]) {
      self.title = title
      xAxis = x
      yAxis = y
      self.series = series
    }
  }

  package var title: String
  /// Where and how it was measured.
  package var subtitle: String
  package var panels: [Panel]

  package init(_ title: String, subtitle: String, _ panels: [Panel]) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
  }
}

/// Round numbers along an axis, from 0 to the first that is not below the largest value.
struct ChartScale {
  let ticks: [Double]
  /// How many digits behind the point tell them apart.
  let digits: Int

  init(upTo largest: Double) {
    let rough = max(largest, .leastNormalMagnitude) / 5
    var power = 1.0
    while power > rough { power /= 10 }
    while power * 10 <= rough { power *= 10 }
    let step = [1, 2, 5].map { $0 * power }.first { $0 >= rough * 0.999 } ?? power * 10
    let count = Int((largest / step * 0.999).rounded(.up))
    ticks = (0...max(1, count)).map { Double($0) * step }
    var (digits, unit) = (0, step)
    while unit < 0.999, digits < 6 { (digits, unit) = (digits + 1, unit * 10) }
    self.digits = digits
  }

  var end: Double { ticks.last ?? 1 }

  /// `250`, `0.05`
  func label(_ value: Double) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((value * Double(scale)).rounded())
    guard digits > 0 else { return "\(whole)" }
    let behind = "\(whole % scale)"
    return "\(whole / scale)." + String(repeating: "0", count: digits - behind.count) + behind
  }
}
