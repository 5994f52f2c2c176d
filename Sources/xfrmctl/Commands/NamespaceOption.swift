import ArgumentParser
import XFRMKit

/// Which network namespace a command is about.
struct NamespaceOption: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("netns")],
    help: ArgumentHelp("Look into a named network namespace.", valueName: "name"),
    completion: .custom { _, _, _ in Self.names })
  var name: String?

  /// Those that `ip netns` lists.
  static var names: [String] { FileNames.list("/run/netns") }

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

  /// Runs `body` in the namespace, on a thread of its own, or right here if none is named.
  func enter<Value: Sendable>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let name else { return try body() }
    let outcome: Result<Value, Failure>
    do throws(NetlinkError) {
      outcome = try NetworkNamespace(name: name).run { () throws(NetlinkError) in
        do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
      }
    } catch {
      throw Failure(namespace: name, error)
    }
    return try outcome.get()
  }
}
