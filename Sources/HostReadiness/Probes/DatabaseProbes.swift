internal import XFRMKit

// Questions to the databases that no protocol's module is needed for.

extension KernelProbe {
  /// Lists and counts everything.
  static let queries = KernelProbe(mayLoadModules: false) { session in
    ProbeOutcome("count and list SAs and policies") { () throws(XFRMError) in
      _ = try session.xfrm.sadInfo()
      _ = try session.xfrm.spdInfo()
      _ = try session.xfrm.associations()
      _ = try session.xfrm.policies()
    }
  }

  /// Listens to what IKE daemons listen to.
  static let events = KernelProbe(mayLoadModules: false) { session in
    let namespace = session.namespace
    return ProbeOutcome("listen to acquires, expiries, migrations and mappings") {
      () throws(XFRMError) in
      _ = try XFRMMonitor(of: [.acquire, .expiry, .migrations, .mappings], in: namespace)
    }
  }

  /// Has the kernel choose an SPI out of those that charon asks for.
  static let allocation = KernelProbe(mayLoadModules: false) { session in
    let request = SPIRequest(
      from: .documentation(2, .ipv4), to: .documentation(1, .ipv4), mode: .tunnel,
      range: 0xc000_0000...0xcfff_ffff)
    do throws(XFRMError) {
      let larval = try session.xfrm.allocateSPI(request)
      try session.xfrm.delete(larval.id)
      return request.range.contains(larval.spi.rawValue)
        ? .works("allocate an \(request)")
        : .different(request: "allocate an \(request)", difference: "SPI \(larval.spi)")
    } catch {
      return .refused(error)
    }
  }

  /// Adds a policy in every direction, with a template for a tunnel.
  static func policies(_ family: AddressFamily) -> KernelProbe {
    KernelProbe(mayLoadModules: false) { session in
      let template = Template(
        from: .documentation(1, family), to: .documentation(2, family), mode: .tunnel,
        requestID: 1)
      let request = "add policies in, out and fwd for \(family)"
      do throws(XFRMError) {
        var difference: String?
        for policy in Policy.everyDirection(.any(family), template) {
          let another = try session.xfrm.tryOut(policy)
          difference = difference ?? another
        }
        if let difference { return .different(request: request, difference: difference) }
        return .works(request)
      } catch {
        return .refused(error)
      }
    }
  }

  /// Has packets dropped that no policy matches, and lets them pass again.
  static let defaultActions = KernelProbe(mayLoadModules: false) { session in
    let asked = DefaultActions(incoming: .block, forwarded: .block, outgoing: .block)
    do throws(XFRMError) {
      let before = try session.xfrm.defaultActions()
      try session.xfrm.perform(.setDefaultActions(asked))
      let found = try session.xfrm.defaultActions()
      try session.xfrm.perform(.setDefaultActions(before))
      let request = "set default actions"
      return found == asked
        ? .works(request) : .different(request: request, difference: "\(found.outgoing)")
    } catch {
      return .refused(error)
    }
  }

  /// Whether the kernel moves SAs to other addresses.
  static let migration = KernelProbe(mayLoadModules: false) { session in
    .init("ask for a migration of nothing", .migration, in: session.namespace)
  }

  /// What the caller's own network namespace holds already.
  static let leftovers = KernelProbe(mayLoadModules: false) { _ in
    let request = "count SAs and policies of this network namespace"
    do throws(XFRMError) {
      var client = try XFRMClient()
      let associations = try client.sadInfo().count
      let policies = try client.spdInfo().count
      guard associations + policies > 0 else { return .works(request) }
      return .different(
        request: request, difference: "\(associations) SAs, \(policies) policies")
    } catch {
      return .refused(error)
    }
  }
}

extension ProbeOutcome {
  /// Asks about a feature in a way that changes nothing.
  fileprivate init(_ request: String, _ feature: Feature, in namespace: NetworkNamespace) {
    var features = KernelFeatures()
    switch features.probe(feature, in: namespace) {
    case .present: self = .works(request)
    case .absent: self = .different(request: request, difference: "no \(feature)")
    case .unknown(.failed(let error)): self = .refused(error)
    case .unknown: self = .notRun(.unwanted)
    @unknown default: self = .notRun(.unwanted)
    }
  }
}
