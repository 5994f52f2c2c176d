internal import Netlink
internal import XFRMKit

/// A question to the running kernel that is asked by doing.
struct KernelProbe: Sendable {
  /// Whether the kernel may load a module to answer. Only requests of which that is known are sent
  /// where nothing is to be loaded.
  var mayLoadModules = true
  /// Asks, and leaves the namespace as it was.
  var ask: @Sendable (inout ProbeSession) -> ProbeOutcome

  /// Asks unless that might load a module which is not to be loaded.
  func put(to session: inout ProbeSession, loadingModules: Bool) -> Probe {
    guard loadingModules || !mayLoadModules else {
      return Probe(outcome: .notRun(.mightLoadModules))
    }
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = ask(&session)
    return Probe(outcome: outcome, duration: clock.now - start)
  }
}

/// A network namespace made for probes, and the ways into it.
struct ProbeSession: ~Copyable {
  let namespace: NetworkNamespace
  /// To the IPsec databases.
  var xfrm: XFRMClient
  /// To interfaces, addresses and routes.
  var route: RouteConnection

  init(_ namespace: NetworkNamespace) throws(XFRMError) {
    // Both before any is kept: what is half made cannot be taken apart.
    let xfrm = try XFRMClient(in: namespace)
    let route: RouteConnection
    do throws(NetlinkError) {
      route = try RouteConnection(in: namespace)
    } catch {
      throw XFRMError("connect to the kernel's interfaces and routes", error)
    }
    self.namespace = namespace
    self.xfrm = xfrm
    self.route = route
  }
}

extension ProbeOutcome {
  /// Does something, which works unless it throws.
  init(_ request: String, _ body: () throws(XFRMError) -> Void) {
    do throws(XFRMError) {
      try body()
      self = .works(request)
    } catch {
      self = .refused(error)
    }
  }
}
