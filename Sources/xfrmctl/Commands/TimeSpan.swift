import ArgumentParser

/// A time as it is typed: `90s`, `2m`, `1h`, `1500ms`; seconds without a unit.
struct TimeSpan: ExpressibleByArgument {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }

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

  var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
