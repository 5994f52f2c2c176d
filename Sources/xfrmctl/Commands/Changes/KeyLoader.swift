import IPRoute2
import XFRMConfig
import XFRMKit

/// Fetches keys that do not stand in the command line, where every user of the host could read them.
enum KeyLoader {
  @Sendable
  static func key(_ source: KeySource, _ use: KeyUse) throws(KeyUnavailable) -> Secret {
    do throws(KeyProblem) {
      switch source {
      case .generated: return try generate(use)
      // It may be a pipe that a shell made: `@<(…)`
      case .file(let path): return try KeyText.file(path, [.closed, .fileOrPipe])
      case .standardInput: return try KeyText.standardInput()
      case .environment(let name): return try KeyText.variable(name)
      }
    } catch {
      throw KeyUnavailable(error.description)
    }
  }

  private static func generate(_ use: KeyUse) throws(KeyProblem) -> Secret {
    let algorithm: (any KeyedAlgorithm)? =
      switch use.kind {
      case .aead: AEADAlgorithm(named: use.algorithm)
      case .encryption: EncryptionAlgorithm(named: use.algorithm)
      case .authentication: AuthenticationAlgorithm(named: use.algorithm)
      }
    guard let algorithm else {
      throw KeyProblem("how long a key of \(use.algorithm) has to be is not known here")
    }
    return algorithm.randomKey()
  }
}
