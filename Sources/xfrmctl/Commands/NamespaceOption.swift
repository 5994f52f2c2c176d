import ArgumentParser
import XFRMKit

/// Which network namespace a command is about.
struct NamespaceOption: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("netns")],
    help: ArgumentHelp("Look into a named network namespace.", valueName: "name"))
  var name: String?

  func connect() throws(Failure) -> XFRMClient {
    var namespace: NetworkNamespace?
    if let name {
      do { namespace = try NetworkNamespace(name: name) } catch {
        throw Failure(namespace: name, error)
      }
    }
    do { return try XFRMClient(in: namespace) } catch {
      if let name, case .system(.enterNamespace, _) = error.failure {
        throw Failure(namespace: name, error.failure)
      }
      throw Failure(error)
    }
  }
}
