internal import XFRMKit
internal import XFRMLab

/// What became of packets sent through tunnels between private network namespaces.
struct TrafficFindings: Sendable {
  /// A trial, or why it came to nothing.
  struct Attempt<Trial: Sendable>: Sendable {
    var protection: Protection
    var outcome: Result<Trial, LabError>
    var duration: Duration = .zero
  }

  /// Why there was nothing to send packets through.
  var failure: LabError?
  /// By the check that judges them, as all that follow.
  var tunnels: [CheckID: [Attempt<TunnelTrial>]] = [:]
  var lengths: [CheckID: Attempt<MTUTrial>] = [:]
  /// `nil` if it was not to be measured.
  var throughput: [CheckID: Attempt<ThroughputTrial>]?

  /// - Parameter isMeasuring: Whether throughput is to be measured, too.
  init(isMeasuring: Bool) {
    throughput = isMeasuring ? [:] : nil
  }
}

extension TrafficFindings {
  /// Builds two sites and sends packets through every tunnel that a profile wants and the kernel
  /// has granted SAs for.
  mutating func run(
    _ profile: Profile, _ probes: ProbeResults, _ progress: CheckProgress.Observer?
  ) {
    let families = [AddressFamily.ipv4, .ipv6].filter(probes.grantsESP)
    guard !families.isEmpty else { return }
    let sites: SiteToSite
    do throws(LabError) {
      progress?(CheckProgress("building two sites"))
      sites = try SiteToSite(families)
    } catch {
      failure = error
      return
    }
    // What the profile does not ask for is not tried.
    let wanted = Set(CheckDefinition.all(for: profile).map(\.id))
    for tunnel in LiveTunnel.all
    where wanted.contains(tunnel.id) && families.contains(tunnel.family) {
      tunnels[tunnel.id] = tunnel.protections(for: profile).map { protection in
        progress?(CheckProgress("packets through \(protection.title)"))
        return Attempt(protection) { () throws(LabError) in
          try TunnelTrial(sites, sites.plan(protection))
        }
      }
    }
    for family in families {
      guard let proposal = profile.proposals.first,
        wanted.contains(.liveMTU(family))
      else { continue }
      let protection = Protection(proposal, family: family)
      progress?(CheckProgress("packets as long as they may be over \(family)"))
      lengths[.liveMTU(family)] = Attempt(protection) { () throws(LabError) in
        try MTUTrial(sites, sites.plan(protection))
      }
    }
    guard throughput != nil, families.contains(.ipv4) else { return }
    for proposal in LiveCipher.all where wanted.contains(.liveBench(proposal)) {
      let protection = Protection(proposal)
      progress?(CheckProgress("measuring \(proposal)"))
      throughput?[.liveBench(proposal)] = Attempt(protection) { () throws(LabError) in
        try ThroughputTrial(sites, sites.plan(protection), for: LiveCipher.duration)
      }
    }
  }
}

extension TrafficFindings.Attempt {
  fileprivate init(_ protection: Protection, _ body: () throws(LabError) -> Trial) {
    let clock = ContinuousClock()
    let start = clock.now
    self.protection = protection
    do throws(LabError) { outcome = .success(try body()) } catch { outcome = .failure(error) }
    duration = clock.now - start
  }

  var trial: Trial? { if case .success(let trial) = outcome { trial } else { nil } }

  /// The kernel's no to an SA or a policy.
  var denial: XFRMError? {
    guard case .failure(.xfrm(let error)) = outcome, error.isAboutTheKernel else { return nil }
    return error
  }

  /// What kept it from being carried out and is not about the kernel's IPsec.
  var obstacle: LabError? {
    guard case .failure(let error) = outcome, denial == nil else { return nil }
    return error
  }
}

extension ProbeResults {
  /// Whether the kernel has granted an ESP SA over a family.
  func grantsESP(_ family: AddressFamily) -> Bool {
    self[.esp(over: family)].outcome.works
  }
}

extension Findings {
  /// Whether what a check takes was asked for.
  func meets(_ demand: Demand?) -> Bool {
    switch demand {
    case nil: true
    case .traffic: traffic != nil
    case .throughput: traffic?.throughput != nil
    }
  }
}
