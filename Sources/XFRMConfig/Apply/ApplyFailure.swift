public import XFRMKit

/// Why a plan was not carried out to its end.
public enum ApplyFailure: Error, Sendable {
  /// The kernel refused a step.
  case refused(ObjectName, XFRMError)
  /// The kernel did not answer, so that it is not known what of the last steps is done.
  case unreachable(XFRMError)
  /// The kernel has something else than what it was asked for.
  case different([Difference])
  case noKey(ObjectName, KeyProblem)
  case host(ObjectName, HostProblem)
  /// What has a successor still carries packets.
  case inUse([ObjectName])
  case journal(StoreProblem)

  /// What of an object was not taken; nothing if it is not there at all.
  public struct Difference: Hashable, Sendable {
    public var object: ObjectName
    public var untaken: [Untaken]
  }
}

extension ApplyFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let object, let error): "\(object): \(error)"
    case .unreachable(let error): "\(error)"
    case .different(let differences):
      differences.map { difference in
        difference.untaken.isEmpty
          ? "\(difference.object) is not there, though the kernel accepted it"
          : "\(difference.object): "
            + difference.untaken.map(\.description).joined(separator: ", ")
      }.joined(separator: "; ")
    case .noKey(let object, let problem): "\(object): \(problem)"
    case .host(let object, let problem): "\(object): \(problem)"
    case .inUse(let objects):
      "packets still leave through \(objects.prefix(3).map(\.description).joined(separator: ", "))"
        + (objects.count > 3 ? " and \(objects.count - 3) more" : "")
    case .journal(let problem): "\(problem)"
    }
  }
}

/// Why there is no key for an SA.
public struct KeyProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String

  /// - Parameter explanation: It must not quote any key.
  public init(_ explanation: String) { description = explanation }
}

/// Why a setting, an interface or a route could not be changed.
public struct HostProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ explanation: String) { description = explanation }
}

/// Where what is about to be done is written down.
protocol JournalWriter: ~Copyable {
  /// Returns when the records would survive the end of this process.
  mutating func append(_ records: [JournalRecord]) throws(StoreProblem)
}

/// What connections need of the host besides its databases.
protocol HostSettings {
  mutating func add(_ interface: InterfaceEntry) throws(HostProblem)
  mutating func delete(_ interface: InterfaceEntry) throws(HostProblem)
  /// Takes an address from an interface, which keeps its others, and the host some routes.
  mutating func delete(
    _ address: IPPrefix, from interface: InterfaceEntry, keeping routes: [RouteEntry]
  ) throws(HostProblem)
  mutating func add(_ route: RouteEntry, replacing old: RouteEntry?) throws(HostProblem)
  mutating func delete(_ route: RouteEntry) throws(HostProblem)
  /// Those of some routes that packets to their addresses do not take.
  mutating func ineffective(_ routes: [RouteEntry]) throws(HostProblem) -> [RouteEntry]
  mutating func add(_ guard: RouteGuard) throws(HostProblem)
  mutating func delete(_ guard: RouteGuard) throws(HostProblem)
  /// Those of some guards of routes that are not there.
  mutating func lacking(_ guards: [RouteGuard]) throws(HostProblem) -> [RouteGuard]
  mutating func change(_ setting: SettingEntry) throws(HostProblem)
  mutating func wait(_ duration: Duration)
}
