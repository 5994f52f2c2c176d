import Glibc
import IPRoute2
import XFRMConfig
import XFRMKit

/// A configuration that is to be planned or applied, and what it comes to.
struct ManagedConfiguration {
  var recorded: RecordedConfiguration
  var state: DesiredState
  /// Of a saved plan.
  var saved: SavedPlan?

  /// Reads a configuration, and tells of what is wrong with it.
  init(_ options: ConfigOptions) throws {
    let loaded = options.read()
    let (_, _, expansion) = try ConfigOptions.expand(loaded, NoBundles())
    recorded = RecordedConfiguration(
      file: options.file, host: options.chosenHost, variables: options.variables,
      texts: loaded.sources)
    state = expansion.state
  }

  /// Reads a configuration or a saved plan.
  init(orPlan options: ConfigOptions) throws {
    // What cannot be read is told of as a configuration's fault.
    let bytes = (try? ConfigurationFiles.content(of: options.file)) ?? []
    guard let saved = SavedPlan(bytes) else {
      try self.init(options)
      return
    }
    try self.init(saved.configuration)
    self.saved = saved
  }

  /// One that was recorded.
  init(_ recorded: RecordedConfiguration) throws {
    self.recorded = recorded
    let (_, _, expansion) = try ConfigOptions.expand(recorded.load(), NoBundles())
    state = expansion.state
  }
}

/// There are no generated keys.
struct NoBundles: KeyBundles {
  func current(of connection: String) -> KeyBundle? { nil }
}

/// Fetches keys that a configuration refers to.
enum ConfiguredKeys {
  static func keyed(_ entry: AssociationEntry) throws(KeyProblem) -> SecurityAssociation {
    guard let reference = entry.key else {
      return entry.keyed(with: Secret([UInt8]().span)) ?? entry.association
    }
    let material = try key(reference)
    guard let association = entry.keyed(with: material) else {
      throw KeyProblem(
        "\(reference) has \(material.count) bytes, and \(entry.protection.keyBytes) are needed")
    }
    return association
  }

  private static func key(_ reference: KeyReference) throws(KeyProblem) -> Secret {
    do throws(KeyUnavailable) {
      switch reference {
      case .file(let path): return try KeyLoader.read(path)
      case .environment(let name): return try KeyLoader.variable(name)
      case .credential(let name):
        // Sound: nothing changes the environment of this process.
        guard let folder = unsafe getenv("CREDENTIALS_DIRECTORY") else {
          throw KeyUnavailable("\(reference): systemd handed over no credentials")
        }
        return try KeyLoader.read("\(unsafe String(cString: folder))/\(name)")
      case .bundle: throw KeyUnavailable("\(reference): there is no such bundle")
      }
    } catch {
      throw KeyProblem(error.reason)
    }
  }
}
