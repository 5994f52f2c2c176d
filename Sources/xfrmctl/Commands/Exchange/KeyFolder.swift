import ArgumentParser

/// A folder that references to keys are about.
enum KeyFolder {
  /// - Throws: If no reference in a configuration can name what is in it, wherever that one lies.
  static func validate(_ path: String, of option: String) throws {
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      throw ValidationError("\(option) takes an absolute path without blanks")
    }
  }
}
