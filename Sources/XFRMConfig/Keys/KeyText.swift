internal import Glibc
package import XFRMKit

/// Keys in hexadecimal digits that stand somewhere outside configurations and command lines.
package enum KeyText {
  /// The key in a file.
  package static func file(
    _ path: String, _ rules: FileRules
  ) throws(KeyProblem) -> Secret {
    let text = try KeyProblem.from { () throws(StoreProblem) in
      try SecretFile.read(path, atMost: Secret.longestText, rules)
    }
    return try Secret(hexadecimal: text, from: path)
  }

  /// The key that standard input brings.
  package static func standardInput() throws(KeyProblem) -> Secret {
    let text = try KeyProblem.from { () throws(StoreProblem) in
      try SecretFile.read(STDIN_FILENO, "stdin", atMost: Secret.longestText)
    }
    return try Secret(hexadecimal: text, from: "stdin")
  }

  /// The key in a variable of the environment.
  package static func variable(_ name: String) throws(KeyProblem) -> Secret {
    guard let value = environment(name) else { throw KeyProblem("\(name) is not set") }
    return try Secret(hexadecimal: Secret(value.utf8Span.span), from: name)
  }

  /// `nil` for what is not set.
  static func environment(_ name: String) -> String? {
    // Sound: nothing changes the environment of this process.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
