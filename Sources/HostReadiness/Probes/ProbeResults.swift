internal import XFRMKit

/// What the kernel answered to everything that it was asked.
struct ProbeResults: Sendable {
  /// Counting SAs in the caller's own network namespace.
  var interface = Probe(outcome: .notRun(.unwanted))
  /// The same in a private one.
  var privateInterface = Probe(outcome: .notRun(.unwanted))
  var esp: [ESPVariant: Probe] = [:]

  subscript(variant: ESPVariant) -> Probe {
    esp[variant] ?? Probe(outcome: .notRun(.unwanted))
  }

  /// What kept the probes from being done in a private namespace.
  var namespaceFailure: NetlinkError? {
    if case .notRun(.noNamespace(let error)) = privateInterface.outcome { error } else { nil }
  }
}

extension ProbeResults {
  /// Asks the running kernel. What it is asked to change, it changes in a network namespace made
  /// for that, which goes away with everything in it.
  ///
  /// Asking makes a kernel load the modules that it needs for its answers, where it can.
  init(asking variants: [ESPVariant]) {
    interface = Probe.measure {
      do throws(XFRMError) {
        var client = try XFRMClient()
        return .works(try client.count())
      } catch {
        return .refused(error)
      }
    }
    if let denial = interface.outcome.denial, denial.cause == .noNetlinkInterface {
      privateInterface.outcome = .notRun(.noInterface)
      for variant in variants { esp[variant] = Probe(outcome: .notRun(.noInterface)) }
      return
    }

    let namespace: NetworkNamespace
    do throws(NetlinkError) {
      namespace = try NetworkNamespace.create()
    } catch {
      privateInterface.outcome = .notRun(.noNamespace(error))
      for variant in variants { esp[variant] = Probe(outcome: .notRun(.noNamespace(error))) }
      return
    }
    do throws(XFRMError) {
      var client = try XFRMClient(in: namespace)
      privateInterface = Probe.measure {
        do throws(XFRMError) {
          return .works(try client.count())
        } catch {
          return .refused(error)
        }
      }
      for variant in variants { esp[variant] = Probe.measure { variant.probe(&client) } }
    } catch {
      privateInterface.outcome = .refused(error)
      for variant in variants { esp[variant] = Probe(outcome: .refused(error)) }
    }
  }
}

extension XFRMClient {
  /// `3 SAs, 12 policies`
  fileprivate mutating func count() throws(XFRMError) -> String {
    let associations = try sadInfo().count
    let policies = try spdInfo().count
    return "\(associations) \(associations == 1 ? "SA" : "SAs"), "
      + "\(policies) \(policies == 1 ? "policy" : "policies")"
  }
}
