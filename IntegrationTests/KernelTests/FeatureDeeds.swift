import XFRMKit

/// What a kernel is only able to do if it has a feature.
struct Deed: Sendable {
  var feature: Feature
  /// In a namespace of its own.
  private var body: @Sendable (NetworkNamespace) throws -> Void

  /// What the kernel said against it; `nil` if it was done.
  func carryOut() -> (any Error)? {
    do {
      try body(try NetworkNamespace.create())
      return nil
    } catch {
      return error
    }
  }

  static var all: [Deed] {
    var deeds = [subPolicies, defaultActions, migration, direction, cpu]
    deeds.append(interface(.interface, XFRMInterface(id: 7)))
    deeds.append(interface(.metadataCollectingInterface, .metadataCollecting))
    if Bed.hasESP { deeds.append(natKeepalive) }
    for family in [AddressFamily.ipv4, .ipv6] {
      deeds += protocols(family) + encapsulations(family)
      if Bed.hasESP { deeds += modes(family) }
    }
    return deeds
  }

  // MARK: SAs

  private static func protocols(_ family: AddressFamily) -> [Deed] {
    [IPProtocol.esp, .ah, .ipComp].map { proto in
      Deed(feature: .proto(proto, family)) { namespace in
        var xfrm = try XFRMClient(in: namespace)
        try xfrm.add(sample(proto, family))
      }
    }
  }

  private static func encapsulations(_ family: AddressFamily) -> [Deed] {
    [Encapsulation.Kind.espInUDP, .espInTCP].map { kind in
      Deed(feature: .encapsulation(kind, family)) { namespace in
        var xfrm = try XFRMClient(in: namespace)
        var association = sample(.esp, family)
        association.encapsulation = Encapsulation(kind)
        try xfrm.add(association)
      }
    }
  }

  private static func modes(_ family: AddressFamily) -> [Deed] {
    [Mode.transport, .tunnel, .beet, .iptfs].map { mode in
      Deed(feature: .mode(mode, family)) { namespace in
        var xfrm = try XFRMClient(in: namespace)
        var association = sample(.esp, family)
        association.mode = mode
        if mode == .iptfs { association.direction = .outgoing }
        try xfrm.add(association)
      }
    }
  }

  private static func sample(
    _ proto: IPProtocol, _ family: AddressFamily
  ) -> SecurityAssociation {
    let isV6 = family == .ipv6
    var association = SecurityAssociation(
      from: isV6 ? .v6(0x2001_0db8 << 32, 3) : .v4(0xc000_0203),
      to: isV6 ? .v6(0x2001_0db8 << 32, 4) : .v4(0xc000_0204), spi: 0x2000, proto: proto,
      mode: .tunnel)
    switch proto {
    case .ipComp:
      association.compression = Compression(name: "deflate")
    case .ah:
      association.authentication = Authentication(
        name: "hmac(sha256)", key: .random(count: 32), truncationBits: 128)
    default:
      ESPProposal.aes256sha256.protect(&association)
    }
    return association
  }

  private static let natKeepalive = Deed(feature: .attribute(.natKeepalive)) { namespace in
    var xfrm = try XFRMClient(in: namespace)
    var association = sample(.esp, .ipv4)
    association.encapsulation = Encapsulation(.espInUDP)
    association.direction = .outgoing
    association.natKeepaliveSeconds = 20
    try xfrm.add(association)
    try expect(try xfrm.association(association.id).natKeepaliveSeconds == 20)
  }

  // MARK: Reserved SPIs, which take no protocol

  private static let direction = Deed(feature: .attribute(.direction)) { namespace in
    try expect(try reserved(in: namespace).direction == .incoming)
  }

  private static let cpu = Deed(feature: .attribute(.cpu)) { namespace in
    try expect(try reserved(in: namespace).cpu == 0)
  }

  private static func reserved(in namespace: NetworkNamespace) throws -> SecurityAssociation {
    var xfrm = try XFRMClient(in: namespace)
    var request = SPIRequest(from: .v4(0xc000_0203), to: .v4(0xc000_0204), mode: .tunnel)
    request.direction = .incoming
    request.cpu = 0
    return try xfrm.allocateSPI(request)
  }

  // MARK: Policies and interfaces

  private static let subPolicies = Deed(feature: .subPolicies) { namespace in
    var xfrm = try XFRMClient(in: namespace)
    var policy = Policy(.any(.ipv4), direction: .outgoing, action: .block)
    policy.kind = .sub
    try xfrm.add(policy)
  }

  private static let defaultActions = Deed(feature: .defaultActions) { namespace in
    var xfrm = try XFRMClient(in: namespace)
    var actions = try xfrm.defaultActions()
    actions.forwarded = .block
    try xfrm.perform(.setDefaultActions(actions))
    try expect(try xfrm.defaultActions() == actions)
  }

  private static let migration = Deed(feature: .migration) { namespace in
    var xfrm = try XFRMClient(in: namespace)
    let old = Migration.Entry.Endpoints(from: .v4(0xc000_0203), to: .v4(0xc000_0204))
    let new = Migration.Entry.Endpoints(from: .v4(0xc000_0205), to: .v4(0xc000_0204))
    do throws(XFRMError) {
      try xfrm.perform(
        .migrate(
          Migration(
            .any(.ipv4), direction: .outgoing,
            entries: [Migration.Entry(from: old, to: new, mode: .tunnel)])))
    } catch {
      // It looked for the policy, and there is none.
      guard error.cause == .missing else { throw error }
    }
  }

  private static func interface(_ feature: Feature, _ interface: XFRMInterface) -> Deed {
    Deed(feature: feature) { namespace in
      var route = try RouteConnection(in: namespace)
      try route.add(InterfaceName("xfrm7"), interface)
      try expect(try route.interfaces(XFRMInterface.self).map(\.kind) == [interface])
    }
  }

  /// The kernel agreed, and did nothing.
  private struct WithoutEffect: Error {}

  private static func expect(_ hasEffect: Bool) throws {
    guard hasEffect else { throw WithoutEffect() }
  }
}
