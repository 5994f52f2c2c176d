import ArgumentParser

/// How the report of a check is put out.
enum CheckFormat: String, CaseIterable {
  case text
  case json
  case junit
  case html
  case markdown
  /// The lines that the grep script of guides prints.
  case legacy
}

extension CheckFormat {
  init(argument: String) throws {
    guard let format = CheckFormat(rawValue: argument) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no format “\(argument)”; formats are \(names)")
    }
    self = format
  }
}
