internal import Glibc
public import XFRMKit

/// Looks at a host until it is told to stop, and changes nothing.
public struct HostObservation: ~Copyable, Sendable {
  private var evidence: HostEvidence
  private let namespace: NetworkNamespace?
  private var monitor: XFRMMonitor

  /// Begins to look.
  ///
  /// - Parameters:
  ///   - namespace: Where; the calling thread's network namespace if `nil`.
  ///   - name: How the host is called in the diagnosis; empty for the one that is asked.
  public init(of namespace: NetworkNamespace? = nil, name: String = "") throws(XFRMError) {
    let heard = try XFRMMonitor(of: [.mappings, .expiry], in: namespace)
    var seen = HostEvidence()
    seen.name = name
    seen.before = try HostEvidence.Sample(in: namespace)
    self.namespace = namespace
    evidence = seen
    monitor = heard
  }

  /// Stops, and tells what was seen.
  public consuming func finish() throws(XFRMError) -> HostEvidence {
    evidence.after = try HostEvidence.Sample(in: namespace)
    try hear()
    var client = try XFRMClient(in: namespace)
    evidence.defaultActions = try client.knownDefaultActions()
    evidence.hashing = try client.knownHashing()
    do throws(NetlinkError) {
      try readRoutes()
      evidence.readFiles(
        try Self.run(in: namespace) { [links = evidence.links] in SettingTexts(links) })
    } catch {
      throw XFRMError("look at interfaces, routes and settings", error)
    }
    // A kernel without nf_tables has no rules of it.
    evidence.rules = (try? Self.rules(namespace)) ?? []
    return evidence
  }

  private mutating func hear() throws(XFRMError) {
    var heard: [XFRMEvent.Content] = []
    repeat {
      do throws(XFRMError) {
        guard try monitor.next(milliseconds: 0, { event, _ in heard.append(event.content) })
        else { break }
      } catch {
        // So many that some were lost: those that were heard say enough.
        guard error.failure == .overrun else { throw error }
      }
    } while true
    for content in heard {
      switch content {
      case .mapping(let mapping): evidence.mappings.append(mapping)
      case .associationExpired(let expiry) where expiry.isHard:
        evidence.expired.append(expiry.association)
      default: break
      }
    }
  }

  private mutating func readRoutes() throws(NetlinkError) {
    var route = try RouteConnection(in: namespace)
    evidence.links = try route.links()
    evidence.addresses = try route.addresses()
    evidence.routes = try route.routes()
    for interface in try route.interfaces(XFRMInterface.self) {
      evidence.interfaceIDs.insert(interface.kind.id)
      if interface.kind.collectsMetadata { evidence.hasEveryInterfaceID = true }
    }
  }

  private static func rules(
    _ namespace: NetworkNamespace?
  ) throws(NetlinkError) -> [FilterRule] {
    var filter = try NetfilterConnection(in: namespace)
    return try filter.rules()
  }

  fileprivate static func run<Value: Sendable>(
    in namespace: NetworkNamespace?, _ body: @escaping @Sendable () -> Value
  ) throws(NetlinkError) -> Value {
    guard let namespace else { return body() }
    return try namespace.run { () throws(NetlinkError) in body() }
  }
}

extension HostEvidence.Sample {
  init(in namespace: NetworkNamespace?) throws(XFRMError) {
    var client = try XFRMClient(in: namespace)
    policies = try client.policies()
    associations = try client.associations()
    do throws(NetlinkError) {
      counters = try ErrorCounters(of: namespace)
      let texts = try HostObservation.run(in: namespace) { CounterTexts() }
      reversePathDrops = texts.reversePathDrops
      unforwarded = texts.unforwarded
    } catch {
      throw XFRMError("read the counters", error)
    }
    time = UInt64(Glibc.time(nil))
  }
}
