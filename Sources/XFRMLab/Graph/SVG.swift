/// Parts that pictures have in common.
enum SVG {
  /// Text at a place.
  static func label(_ x: Double, _ y: Double, _ text: String, _ style: String) -> String {
    "  <text x=\"\(round(x))\" y=\"\(round(y))\" \(style)>\(escaped(text))</text>"
  }

  /// Whole numbers are enough for a picture, and the same everywhere.
  static func round(_ number: Double) -> Int { Int(number.rounded()) }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
