import XFRMDiagnosis
import XFRMKit
import XFRMLab

extension DoctorLab.Fault {
  typealias Fault = DoctorLab.Fault

  /// By what is done.
  static let all: [String: Fault] = associations.merging(policies) { $1 }
    .merging(surroundings) { $1 }.merging(whileSending) { $1 }

  private static func sender(
    _ expected: CauseID, _ change: @escaping @Sendable (inout SecurityAssociation) -> Void
  ) -> Fault {
    Fault(expected: expected, change: { $0.changeForth(atSender: true, change) })
  }

  private static func receiver(
    _ expected: CauseID, _ change: @escaping @Sendable (inout SecurityAssociation) -> Void
  ) -> Fault {
    Fault(expected: expected, change: { $0.changeForth(atSender: false, change) })
  }

  private static func outgoing(
    _ expected: CauseID, _ change: @escaping @Sendable (inout Policy) -> Void
  ) -> Fault {
    Fault(expected: expected, change: { $0.changeOutgoing(change) })
  }

  private static func template(
    _ expected: CauseID, _ change: @escaping @Sendable (inout Template) -> Void
  ) -> Fault {
    outgoing(expected) { policy in
      for index in policy.templates.indices { change(&policy.templates[index]) }
    }
  }

  private static let associations: [String: Fault] = [
    "sender's request ID": sender(.requestID) { $0.requestID = 9 },
    "receiver's request ID": receiver(.requestID) { $0.requestID = 9 },
    "another key": receiver(.key) { association in
      let length = association.aead?.key.count ?? 0
      association.aead?.key = .random(count: length)
    },
    "another algorithm": receiver(.algorithm) { association in
      if let proposal = ESPProposal(named: "chacha20poly1305") { proposal.protect(&association) }
    },
    "shorter check value": receiver(.checkValue) { $0.aead?.checkBits = 64 },
    "ESN at one end": receiver(.extendedNumbers) { association in
      association.flags.insert(.extendedSequenceNumbers)
      association.replayWindow = 0
      association.extendedReplayState = ExtendedReplayState(window: 32)
    },
    "sequence began anew": receiver(.restarted) { association in
      var state = ReplayState()
      state.incomingSequence = 5_000
      association.replayState = state
    },
    "sequence used up": sender(.exhausted) { association in
      var state = ReplayState()
      state.outgoingSequence = .max
      association.replayState = state
    },
    "an SPI of the sender's alone": sender(.unknownSPI) { $0.spi = 0x1003 },
    "swapped SPIs": Fault(
      expected: .swappedSPIs,
      change: { plan in
        for index in plan.b.associations.indices {
          plan.b.associations[index].spi =
            plan.b.associations[index].spi == 0x1001 ? 0x2002 : 0x1001
        }
      }),
    "a mark at the SA": sender(.mark) { $0.mark = Mark(5) },
    "an SA for one address": sender(.selector) { association in
      association.selector = Selector(
        from: IPPrefix(.v4(0x0a01_0000), length: 24), to: IPPrefix(.v4(0x0a02_0009)))
    },
    "receiver expects UDP": receiver(.encapsulation) {
      $0.encapsulation = Encapsulation(.espInUDP)
    },
    "no SA": Fault(
      expected: .noAssociation,
      change: { plan in plan.a.associations.removeAll { $0.destination == .v4(0xc000_0202) } }),
    "another port than the NAT's": Fault(
      expected: .mapping, isInUDP: true,
      change: { $0.changeForth(atSender: true) { $0.encapsulation?.sourcePort = 4501 } }),
    "nobody at port 4500": Fault(
      expected: .noEncapsulationSocket, isInUDP: true, keepsSockets: false),
  ]

  private static let policies: [String: Fault] = [
    "no out policy": Fault(
      expected: .noOutgoingPolicy,
      change: { plan in plan.a.policies.removeAll { $0.direction == .outgoing } }),
    "no policies at all": Fault(
      expected: .noPolicies,
      change: { plan in
        plan.a.policies = []
        plan.b.policies = []
      }),
    "no fwd policy": Fault(
      expected: .noForwardingPolicy,
      change: { plan in plan.b.policies.removeAll { $0.direction == .forwarded } }),
    "no in policy": Fault(
      expected: .noIncomingPolicy, reachesGateway: true,
      change: { plan in plan.b.policies.removeAll { $0.direction == .incoming } }),
    "a policy before it": Fault(
      expected: .shadowed,
      change: { plan in
        guard var other = plan.a.policies.first(where: { $0.direction == .outgoing }) else {
          return
        }
        other.templates = []
        other.priority = 10
        other.selector.user = 1
        plan.a.policies.append(other)
      }),
    "block": outgoing(.blockingPolicy) { $0.action = .block },
    "default block": Fault(
      expected: .blockingDefault,
      prepare: { lab in
        var xfrm = try lab.a.xfrm()
        try xfrm.perform(.setDefaultActions(DefaultActions(forwarded: .block)))
      }),
    "template to nowhere": template(.templateAddress) { $0.destination = .v4(0xc000_024d) },
    "template from elsewhere": template(.templateAddress) { $0.source = .v4(0xc000_024d) },
    "template's mode": template(.mode) { $0.mode = .transport },
    "template's SPI": template(.templateSPI) { $0.spi = 0x9999 },
    "interface ID": Fault(
      expected: .interfaceID,
      change: { plan in
        for index in plan.a.policies.indices { plan.a.policies[index].interfaceID = 42 }
        for index in plan.a.associations.indices { plan.a.associations[index].interfaceID = 42 }
      }),
  ]

  private static func setting(
    _ expected: CauseID, _ name: String, _ value: String, back: String,
    at node: @escaping @Sendable (DoctorLab) -> Node
  ) -> Fault {
    Fault(
      expected: expected, prepare: { try node($0).setSysctl(name, to: value) },
      restore: { try node($0).setSysctl(name, to: back) })
  }

  private static let surroundings: [String: Fault] = [
    "forwarding off": setting(
      .forwardingOff, "net.ipv4.ip_forward", "0", back: "1", at: { $0.a }),
    "a server that forwards nothing": Fault(
      expected: .forwardingOff,
      change: { $0.servesAll() },
      prepare: { try $0.b.setSysctl("net.ipv4.ip_forward", to: "0") },
      restore: { try $0.b.setSysctl("net.ipv4.ip_forward", to: "1") }),
    "disable_xfrm": setting(
      .disabledIPsec, "net.ipv4.conf.wan.disable_xfrm", "1", back: "0", at: { $0.a }),
    "disable_policy": setting(
      .disabledPolicy, "net.ipv4.conf.wan.disable_policy", "1", back: "0", at: { $0.b }),
    "shorter MTU": Fault(
      expected: .mtu, prepare: { try $0.change($0.b) { try $0.changeInterface("wan", mtu: 1300) } },
      restore: { try $0.change($0.b) { try $0.changeInterface("wan", mtu: 1500) } }),
    "interface down": Fault(
      expected: .interfaceDown,
      prepare: { try $0.change($0.a) { try $0.changeInterface("wan", isUp: false) } },
      restore: { lab in
        try lab.change(lab.a) { try $0.changeInterface("wan", isUp: true) }
        try lab.restoreRoutes()
      }),
    "no route": Fault(
      expected: .noRoute, prepare: { try $0.change($0.a) { try $0.delete(Self.route) } },
      restore: { try $0.change($0.a) { try $0.add(Self.route) } }),
    "another way back": Fault(
      expected: .reversePath,
      prepare: { lab in
        try lab.b.setSysctl("net.ipv4.conf.wan.rp_filter", to: "1")
        try lab.change(lab.b) { try $0.add(Self.astray) }
      },
      restore: { lab in
        try lab.b.setSysctl("net.ipv4.conf.wan.rp_filter", to: "0")
        try lab.change(lab.b) { try $0.delete(Self.astray) }
      }),
  ]

  /// From A to the network behind B.
  private static let route: Route = {
    var route = Route(to: IPPrefix(.v4(0x0a02_0000), length: 24))
    route.gateway = .v4(0xc000_0202)
    return route
  }()

  /// From B to A's address, by the wrong interface.
  private static let astray: Route = {
    var route = Route(to: IPPrefix(.v4(0xc000_0201)))
    route.gateway = .v4(0x0a02_0002)
    return route
  }()

  private static let whileSending: [String: Fault] = [
    "hard limit": Fault(
      expected: .expired,
      meanwhile: { lab in
        var xfrm = try lab.a.xfrm()
        for association in try xfrm.associations()
        where association.destination == .v4(0xc000_0202) {
          try xfrm.perform(.expireAssociation(association.id, isHard: true))
        }
      }),
    "nobody answers": Fault(
      expected: .awaited,
      change: { plan in plan.a.associations.removeAll { $0.destination == .v4(0xc000_0202) } },
      beforehand: { lab in
        // While somebody listens the kernel asks, and waits for an answer.
        let listener = try XFRMMonitor(of: .acquire, in: lab.a.namespace)
        try lab.send(lab.sites.hostFlow(.ipv4))
        withExtendedLifetime(listener) {}
      }),
    "late packets": Fault(
      expected: .replayWindow,
      meanwhile: { lab in
        for sequence: UInt32 in [300, 100, 400] {
          try lab.send(lab.sites.hostFlow(.ipv4))
          try lab.count(from: sequence)
        }
      }),
  ]
}

extension DoctorLab {
  func change(
    _ node: Node, _ body: (inout RouteConnection) throws -> Void
  ) throws {
    var route = try RouteConnection(in: node.namespace)
    try body(&route)
  }

  fileprivate func restoreRoutes() throws {
    for family in SiteToSite.families {
      if family == .ipv6 {
        // An interface that goes down loses them.
        try a.addAddress(IPPrefix(sites.a.gatewayAddress(family), length: 64), to: "wan")
      }
      try a.addRoute(to: sites.b.network(family), via: sites.b.gatewayAddress(family))
    }
  }

  /// Lets A's SAs to B go on from a number.
  fileprivate func count(from sequence: UInt32) throws {
    var xfrm = try a.xfrm()
    for association in try xfrm.associations()
    where association.destination == .v4(0xc000_0202) && association.replayState != nil {
      var checkpoint = AssociationCheckpoint(association.id)
      var state = association.replayState ?? ReplayState()
      state.outgoingSequence = sequence
      checkpoint.replayState = state
      try xfrm.perform(.setCheckpoint(checkpoint))
    }
  }
}
