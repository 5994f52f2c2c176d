internal import XFRMKit

/// What a configuration comes to: entries as RFC 9061 has them, and the kernel's objects.
public struct Expansion: Sendable {
  /// Those of the configuration and those of its connections, the strongest first.
  public internal(set) var policies: [SPDEntry] = []
  public internal(set) var associations: [SADEntry] = []
  /// The kernel's objects.
  public internal(set) var state = DesiredState()
  var diagnostics = Diagnostics()

  /// What of it does not fit together, or the kernel would refuse.
  public var findings: [Diagnostic] { diagnostics.all }
  /// Errors that are not among them, being too many.
  public var omittedErrors: Int { diagnostics.omittedErrors }
  /// Whether there is no error among them.
  public var isUsable: Bool { !diagnostics.hasErrors }
}

extension Configuration {
  /// Makes entries of connections and the kernel's objects of entries.
  ///
  /// - Parameter bundles: The keys of connections that have generated ones.
  public func expanded(_ bundles: some KeyBundles) -> Expansion {
    var expansion = Expansion()
    expansion.state.namespace = namespace
    expansion.state.defaultActions = defaultActions
    expansion.state.watermarks = watermarks
    expansion.policies = policies
    expansion.associations = associations
    expand(into: &expansion, bundles)
    expansion.makePolicies()
    expansion.state.associations = expansion.associations.map(\.entry)
    expansion.makeInterfaces(connections)
    expansion.makeSettings(settings)
    expansion.check()
    return expansion
  }

  private func expand(into expansion: inout Expansion, _ bundles: some KeyBundles) {
    var found: [String: KeyBundle] = [:]
    for connection in connections {
      switch connection.keys {
      case .fixed(let incoming, let outgoing):
        found[connection.name] = KeyBundle(
          connection: connection.name, generation: 0, incoming: incoming, outgoing: outgoing)
      case .generated: found[connection.name] = bundles.current(of: connection.name)
      }
    }
    let requestIDs = requestIDs(found, &expansion.diagnostics)
    for connection in connections {
      if connection.keys == .generated, let problem = bundles.problem(of: connection.name) {
        expansion.diagnostics.error(
          connection.span, "the keys of \(connection.name) cannot be used: \(problem)",
          help: "put them back, or make others and go on to them: xfrmctl keys new "
            + "\(connection.name), xfrmctl rotate \(connection.name)")
        continue
      }
      guard let bundle = found[connection.name] else {
        expansion.diagnostics.error(
          connection.span, "\(connection.name) has no keys yet",
          help: "make them: xfrmctl keys new \(connection.name)")
        continue
      }
      let requestID = requestIDs[connection.name] ?? 0
      expansion.policies += connection.policies(bundle, requestID)
      let other = connection.keys == .generated ? bundles.other(of: connection.name) : nil
      expansion.associations += connection.associations(bundle, besides: other, requestID)
    }
  }

  /// The request ID of each connection: its own, that of its keys, or one made of its name.
  private func requestIDs(
    _ bundles: [String: KeyBundle], _ diagnostics: inout Diagnostics
  ) -> [String: UInt32] {
    var ids: [String: UInt32] = [:]
    var owners: [UInt32: String] = [:]
    for entry in policies where entry.requestID != 0 { owners[entry.requestID] = "an entry of spd" }
    for entry in associations { owners[entry.entry.association.requestID] = "an entry of sad" }
    for connection in connections {
      guard let id = connection.requestID ?? bundles[connection.name]?.requestID else { continue }
      if let owner = owners[id] {
        diagnostics.error(
          connection.span, "reqid \(id) of \(connection.name) is that of \(owner), too",
          help: "give each a reqid of its own, or none")
      }
      owners[id] = connection.name
      ids[connection.name] = id
    }
    // In alphabetical order, so that it is the same wherever a connection stands.
    for name in connections.map(\.name).sorted() where ids[name] == nil {
      var number = RequestIDs.number(of: name)
      while owners[Ranges.requestIDs.lowerBound + number] != nil {
        number = number % 0xff_ffff + 1
      }
      ids[name] = Ranges.requestIDs.lowerBound + number
      owners[Ranges.requestIDs.lowerBound + number] = name
    }
    return ids
  }
}
