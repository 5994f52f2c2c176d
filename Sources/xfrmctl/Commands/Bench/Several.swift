import ArgumentParser
import XFRMKit

/// Values of an option in one word, with commas between them; none twice.
struct Several<Value: Hashable & Sendable>: Sendable {
  var values: [Value]

  init(_ values: [Value]) {
    self.values = values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// - Parameter parse: Makes a value of what is between commas.
  init(_ argument: String, _ parse: (String) throws -> Value) rethrows {
    self.init(
      try argument.split(separator: ",", omittingEmptySubsequences: false)
        .map { try parse(String($0)) })
  }
}

extension Several: ExpressibleByArgument where Value: ArgumentPart {
  init?(argument: String) {
    let parts = Several<Value?>(argument) { Value(part: $0) }.values
    guard !parts.contains(nil) else { return nil }
    self.init(parts.compactMap(\.self))
  }

  var defaultValueDescription: String { values.map(\.part).joined(separator: ",") }
}

/// What can be one of ``Several`` on a command line.
protocol ArgumentPart {
  init?(part: String)
  var part: String { get }
}

extension Int: ArgumentPart {
  init?(part: String) { self.init(part) }
  var part: String { "\(self)" }
}

extension Mode: ArgumentPart {
  init?(part: String) {
    switch part {
    case "tunnel": self = .tunnel
    case "transport": self = .transport
    default: return nil
    }
  }
  var part: String { "\(self)" }
}
