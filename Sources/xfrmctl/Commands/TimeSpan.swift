import ArgumentParser

/// A time as it is typed: `90s`, `2m`, `1h`, `1500ms`; seconds without a unit.
struct TimeSpan {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  /// What was typed, or an error that says what may be.
  static func typed(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(argument: text) else {
      throw ValidationError("“\(text)” is no time: 90s, 2m, 1h, 1500ms, and at most 31 days")
    }
    return span
  }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    // What is longer than a month was not meant.
    guard let number = Int64(digits), number < 2_678_400_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(number)
    case "", "s": duration = .seconds(number)
    case "m", "min": duration = .seconds(number * 60)
    case "h": duration = .seconds(number * 3600)
    default: return nil
    }
    guard duration <= .seconds(2_678_400) else { return nil }
  }
}
