import Testing

@testable import XFRMLab

/// Pictures of measured values.
@Suite("A chart")
struct ChartTests {
  @Test(
    "has round numbers along its axes, to the first that is enough",
    arguments: [
      (1, "0 0.2 0.4 0.6 0.8 1.0"), (7.3, "0 2 4 6 8"),
      (1_400, "0 500 1000 1500"), (9_500, "0 2000 4000 6000 8000 10000"),
      (0.012, "0 0.005 0.010 0.015"), (25, "0 5 10 15 20 25"),
    ])
  func ticks(largest: Double, expected: String) {
    let scale = ChartScale(upTo: largest)
    let labels = scale.ticks.map { $0 == 0 ? "0" : scale.label($0) }
    #expect(labels.joined(separator: " ") == expected)
  }

  @Test("has an axis where nothing was measured")
  func nothing() {
    let scale = ChartScale(upTo: 0)
    #expect(scale.ticks.count == 2 && scale.end > 0)
  }

  @Test("is a picture with every line, and takes any name")
  func picture() {
    let chart = Chart(
      "Of <a> & b", subtitle: "here",
      [
        Chart.Panel(
          "one", x: "bytes", y: "Mbit/s",
          [
            Chart.Series("plain", [(64, 10), (1_400, 100)], isBase: true),
            Chart.Series("c<1>", [(64, 5), (1_400, 50)]),
          ]),
        Chart.Panel("two", x: "s", y: "MiB", [Chart.Series("m", [(0, 1)])]),
        Chart.Panel("nothing", x: "s", y: "MiB", []),
      ])
    let svg = chart.svg
    #expect(TopologyTests.isWellFormed(svg))
    #expect(svg.split(separator: "<polyline ").count == 4)
    #expect(svg.split(separator: "<circle ").count == 6)
    #expect(svg.contains(">c&lt;1&gt;</text>") && svg.contains("Of &lt;a&gt; &amp; b"))
    // What was measured stands below the axis, as there is little of it.
    #expect(svg.contains(">64</text>") && svg.contains(">1400</text>"))
    #expect(svg.contains("prefers-color-scheme: dark"))
    // Half the value is at half the height, where 190 is that of the largest.
    #expect(svg.contains("points=\"102,299 649,128\" "))
    #expect(svg.contains("points=\"102,309 649,223\" "))
  }

  @Test("leaves many points without dots")
  func many() {
    let points = (0..<60).map { (x: Double($0), y: 1.0) }
    let chart = Chart(
      "t", subtitle: "s", [Chart.Panel("p", x: "s", y: "y", [Chart.Series("m", points)])])
    #expect(!chart.svg.contains("<circle ") && chart.svg.contains("<polyline "))
    #expect(chart.svg.utf8.count < 30_000)
  }
}
