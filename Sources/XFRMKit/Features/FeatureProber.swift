/// Puts questions to the kernel in one network namespace.
struct FeatureProber: ~Copyable {
  private let namespace: NetworkNamespace
  /// Nobody else is in there, so an SA may be there for a moment.
  private let isPrivate: Bool
  private var xfrm: NetlinkConnection

  /// Connects to a namespace, to a new one if `nil`.
  init(in namespace: NetworkNamespace?) throws(XFRMError) {
    let place: NetworkNamespace
    do throws(NetlinkError) {
      place = if let namespace { namespace } else { try NetworkNamespace.create() }
    } catch {
      throw XFRMError("make a network namespace", error)
    }
    try self.init(in: place, isPrivate: namespace == nil)
  }

  init(in namespace: NetworkNamespace, isPrivate: Bool) throws(XFRMError) {
    do {
      xfrm = try NetlinkConnection(.xfrm, in: namespace)
    } catch {
      throw XFRMError("connect to the kernel's IPsec databases", error)
    }
    self.namespace = namespace
    self.isPrivate = isPrivate
  }

  mutating func answer(to feature: Feature) -> Feature.Answer {
    switch feature {
    case .message(let type): return askMessage(type)
    case .attribute(let type): return ask(AttributeProbe(type: type), about: feature)
    case .subPolicies: return ask(SubPolicyProbe(), about: feature)
    case .interface, .metadataCollectingInterface: return askInterface(feature)
    case .iptfs(let family): return askIPTFS(family)
    case .proto(_, let family), .mode(_, let family), .encapsulation(_, let family):
      return ask(feature, family)
    case .compression: return ask(feature, .ipv4)
    case .aead, .encryption, .authentication:
      // ESP over either family will do to learn about an algorithm.
      let answer = ask(feature, .ipv4)
      guard case .absent(.noProtocol?) = answer else { return answer }
      let other = ask(feature, .ipv6)
      return other == .present ? other : answer
    }
  }

  // MARK: Messages, attributes, sub policies

  private mutating func ask(
    _ probe: some FeatureProbe, about feature: Feature
  ) -> Feature.Answer {
    do throws(NetlinkError) {
      try xfrm.execute(probe)
      return feature.undecided(.unanswered)
    } catch {
      return error.refusal.flatMap { probe.answer(to: $0) } ?? feature.undecided(error)
    }
  }

  private mutating func askMessage(_ type: MessageType) -> Feature.Answer {
    let answer = ask(MessageProbe(messageType: type), about: .message(type))
    guard answer == .present, type == .migrate || type == .migrateState else { return answer }
    // Every kernel of their time knows these, but what they ask for may not be built in.
    return ask(
      MessageProbe(messageType: type, hasWrongAttribute: false), about: .message(type))
  }

  // MARK: Interfaces

  private func askInterface(_ feature: Feature) -> Feature.Answer {
    do throws(NetlinkError) {
      var route = try RouteConnection(in: namespace)
      try route.add(InterfaceName("xfrmprobe"), InterfaceProbe())
      return feature.undecided(.unanswered)
    } catch {
      return error.refusal.flatMap { InterfaceProbe.answer(to: $0, about: feature) }
        ?? feature.undecided(error)
    }
  }

  // MARK: SAs

  private mutating func ask(_ feature: Feature, _ family: AddressFamily) -> Feature.Answer {
    guard var probe = AssociationProbe(feature, family) else { return .unknown(.cannotTell) }
    var failure = tryOut(probe.request, probe.association.id)
    if let refusal = failure?.refusal, probe.isAmbiguous(refusal) {
      guard isPrivate else { return .unknown(.needsPrivateNamespace) }
      probe.hasFlaw = false
      failure = tryOut(probe.request, probe.association.id)
    }
    guard let failure else { return .present }
    let answer = failure.refusal.flatMap { probe.answer(to: $0) }
    if case .absent(.noProtocol(_, .ipv6)?) = answer, !AddressFamily.ipv6.isActive {
      // Whether the protocol is there shows only once IPv6 is.
      return feature.undecided(failure, .noIPv6)
    }
    return answer ?? feature.undecided(failure)
  }

  /// Adds an SA, which may fail, and then deletes it, which may not; says what failed.
  mutating func tryOut(
    _ addition: Operation, _ id: SecurityAssociationID
  ) -> NetlinkError? {
    do throws(NetlinkError) {
      try xfrm.execute(addition)
      try xfrm.execute(Operation.deleteAssociation(id))
      return nil
    } catch {
      return error
    }
  }

  /// The mode may be there without the code that does its work. With the code, an incoming SA has
  /// a time after which it gives up on packets.
  private mutating func askIPTFS(_ family: AddressFamily) -> Feature.Answer {
    let feature = Feature.iptfs(family)
    let mode = ask(feature, family)
    guard mode == .present, var probe = AssociationProbe(feature, family) else { return mode }
    guard isPrivate else { return .unknown(.needsPrivateNamespace) }
    probe.hasFlaw = false
    do throws(NetlinkError) {
      try xfrm.execute(probe.request)
      let found = try xfrm.fetch(Query.association(probe.association.id)) {
        (message) throws(MalformedMessage) in try SecurityAssociation(from: message.reader)
      }
      try xfrm.execute(Operation.deleteAssociation(probe.association.id))
      return found.iptfs.dropTimeMicroseconds == nil ? .absent(nil) : .present
    } catch {
      return feature.undecided(error)
    }
  }
}

extension Feature {
  /// What is left if the kernel's reason to refuse has nothing to do with the feature.
  fileprivate func undecided(
    _ failure: NetlinkError, _ cause: RefusalCause? = nil
  ) -> Feature.Answer {
    .unknown(.failed(XFRMError("find out about \(self)", failure, cause: cause)))
  }
}

extension NetlinkError {
  fileprivate var refusal: KernelRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}
