import ArgumentParser
import XFRMKit

/// Values of an option in one word, with commas between them; none twice.
struct Several<Value: Hashable & Sendable>: Sendable {
  var values: [Value]

  init(_ values: [Value]) { self.values = values }

  /// `nil` if a part is no such value.
  fileprivate init?(_ argument: String, _ parse: (String) -> Value?) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = []
    for part in parts {
      guard let value = parse(String(part)) else { return nil }
      if !values.contains(value) { values.append(value) }
    }
  }
}

extension Several: ExpressibleByArgument where Value: ArgumentPart {
  init?(argument: String) { self.init(argument) { Value(part: $0) } }

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

extension ESPProposal: ArgumentPart {
  init?(part: String) { self.init(named: part) }
  var part: String { name }
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
