internal import XFRMKit

/// What the kernel answered to everything that it was asked.
struct ProbeResults: Sendable {
  /// Counting SAs in the caller's own network namespace.
  var interface = Probe(outcome: .notRun(.unwanted))
  /// The same in a private one.
  var privateInterface = Probe(outcome: .notRun(.unwanted))
  /// Each check's own.
  var probes: [CheckID: Probe] = [:]

  subscript(id: CheckID) -> Probe {
    get { probes[id] ?? Probe(outcome: .notRun(.unwanted)) }
    set { probes[id] = newValue }
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
  ///
  /// - Parameters:
  ///   - definitions: The checks whose probes are put.
  ///   - loadingModules: If `false`, nothing is asked that may make the kernel load a module.
  ///   - progress: Told of every question before it is put.
  init(
    asking definitions: [CheckDefinition], loadingModules: Bool = true,
    progress: CheckProgress.Observer? = nil
  ) {
    let questions = definitions.compactMap { check in check.probe.map { (check, $0) } }
    guard let obstacle = ask(questions, loadingModules: loadingModules, progress) else { return }
    privateInterface.outcome = obstacle
    for (check, _) in questions { self[check.id] = Probe(outcome: obstacle) }
  }

  /// - Returns: What became of all questions, if they could not be put one by one.
  private mutating func ask(
    _ questions: [(CheckDefinition, KernelProbe)], loadingModules: Bool,
    _ progress: CheckProgress.Observer?
  ) -> ProbeOutcome? {
    // Opening the socket would load xfrm_user.
    guard loadingModules || NetlinkFamily.xfrm.isRegistered else {
      interface.outcome = .notRun(.mightLoadModules)
      return .notRun(.mightLoadModules)
    }
    interface = Probe.measure {
      do throws(XFRMError) {
        var client = try XFRMClient()
        return .works(try client.count())
      } catch {
        return .refused(error)
      }
    }
    if let denial = interface.outcome.denial, denial.cause == .noNetlinkInterface {
      return .notRun(.noInterface)
    }

    let namespace: NetworkNamespace
    do throws(NetlinkError) {
      namespace = try NetworkNamespace.create()
    } catch {
      return .notRun(.noNamespace(error))
    }
    var session: ProbeSession
    do throws(XFRMError) {
      session = try ProbeSession(namespace)
    } catch {
      return .refused(error)
    }
    let clock = ContinuousClock()
    let start = clock.now
    do throws(XFRMError) {
      privateInterface.outcome = .works(try session.xfrm.count())
    } catch {
      privateInterface.outcome = .refused(error)
    }
    privateInterface.duration = clock.now - start
    for (index, (check, probe)) in questions.enumerated() {
      progress?(CheckProgress(check.title, index + 1, of: questions.count))
      self[check.id] = probe.put(to: &session, loadingModules: loadingModules)
    }
    return nil
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
