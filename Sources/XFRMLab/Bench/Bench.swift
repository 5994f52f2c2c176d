public import XFRMKit

/// What ESP between two gateways gets through on this machine, beside the same path without it.
public struct Bench: Sendable {
  /// A proposal that is not measured, as the kernel does not take its SAs.
  public struct Omission: Sendable {
    public var proposal: ESPProposal
    public var reason: XFRMError
  }

  /// What is measured: the plan, without what this kernel does not have.
  public private(set) var plan: BenchPlan
  /// What it does not have.
  public private(set) var omissions: [Omission] = []
  /// For how long each point is measured.
  public let duration: Duration
  public private(set) var trials: [BenchTrial] = []
  private let sites: SiteToSite

  /// Builds two sites and asks the kernel for an SA of each proposal.
  ///
  /// What the kernel lacks is left out, be it all; every other refusal is thrown.
  ///
  /// - Parameters:
  ///   - plan: What is to be measured.
  ///   - duration: For how long each point.
  public init(_ plan: BenchPlan, for duration: Duration) throws(LabError) {
    // Asking loads IPv6 where that is a module, before there are namespaces that are to have it.
    guard SiteToSite.families.contains(plan.family) else {
      throw .notInThisKernel("measure over \(plan.family)", lacking: "\(plan.family)")
    }
    try self.init(plan, for: duration, on: SiteToSite([plan.family]))
  }

  /// - Parameter sites: With addresses of the plan's family.
  init(_ plan: BenchPlan, for duration: Duration, on sites: SiteToSite) throws(LabError) {
    self.plan = plan
    self.duration = duration
    self.sites = sites
    for proposal in plan.proposals {
      do throws(LabError) {
        try sites.removeProtection()
        _ = try sites.install(sites.plan(Protection(proposal, family: plan.family)))
      } catch .xfrm(let error) where error.isLackOfKernel {
        omissions.append(Omission(proposal: proposal, reason: error))
      }
    }
    self.plan.proposals.removeAll { proposal in
      omissions.contains { $0.proposal == proposal }
    }
  }

  /// Measures every point of the plan.
  ///
  /// - Parameter progress: Told what comes next.
  public mutating func run(progress: (BenchPoint) -> Void = { _ in }) throws(LabError) {
    trials = []
    for point in plan.points {
      progress(point)
      let protection = point.proposal.map {
        sites.plan(
          Protection($0, mode: point.mode, family: point.family), ports: point.ports)
      }
      trials.append(try BenchTrial(sites, protection, point, for: duration))
    }
  }
}

extension SiteToSite {
  /// Works out SAs for the UDP that goes from one site to the other, with a pair of them for each
  /// port.
  ///
  /// - Parameters:
  ///   - protection: How it is protected.
  ///   - ports: Those at site B.
  public func plan(_ protection: Protection, ports: ClosedRange<UInt16>) -> ProtectionPlan {
    var whole = plan(protection)
    (whole.a, whole.b) = (GatewayEntries(), GatewayEntries())
    for (number, port) in zip(1..., ports) {
      var part = plan(protection)
      part.a.narrow(to: UInt32(number), port, isSender: true)
      part.b.narrow(to: UInt32(number), port, isSender: false)
      whole.a += part.a
      whole.b += part.b
    }
    return whole
  }
}

extension GatewayEntries {
  fileprivate init() { self.init(associations: [], policies: []) }

  fileprivate static func += (left: inout GatewayEntries, right: GatewayEntries) {
    left.associations += right.associations
    left.policies += right.policies
  }

  /// Makes them those of one port.
  fileprivate mutating func narrow(to number: UInt32, _ port: UInt16, isSender: Bool) {
    for index in associations.indices {
      associations[index].spi.rawValue += number << 16
      associations[index].requestID = number
    }
    for index in policies.indices {
      policies[index].selector.proto = .udp
      if (policies[index].direction == .outgoing) == isSender {
        policies[index].selector.destinationPort = Selector.Port(port)
      } else {
        policies[index].selector.sourcePort = Selector.Port(port)
      }
      for template in policies[index].templates.indices {
        policies[index].templates[template].requestID = number
      }
    }
  }
}
