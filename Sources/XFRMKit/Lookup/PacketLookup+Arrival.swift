/// Why a packet is not let in. The kernel counts it under the name that is the raw value.
public enum ArrivalRefusal: String, Hashable, Sendable {
  /// An SA that it came through is not for it, by its own selector.
  case associationMismatch = "XfrmInStateMismatch"
  /// No policy is for it, and the default action is block, or it came out of a tunnel.
  case noPolicy = "XfrmInNoPols"
  /// A policy blocks it.
  case blockingPolicy = "XfrmInPolBlock"
  /// The policies have six templates or more together.
  case tooManyTemplates = "XfrmInBufferError"
  /// It did not come as the templates ask, or came out of a tunnel that none of them asks for.
  case templateMismatch = "XfrmInTmplMismatch"
}

extension PacketLookup {
  /// Why a packet is not let in, or not forwarded; `nil` if it is: the kernel's
  /// `__xfrm_policy_check`.
  ///
  /// Kernels differ in two things. Where an SA's selector is of another family than the packet inside,
  /// those since 6.4 hold prefixes of length 0 for a match; here it is a mismatch. And 5.15 to 6.3,
  /// where they lack a later fix, drop what a policy without templates lets in if the default action
  /// is block, and count `XfrmInNoStates`; here it is let in.
  ///
  /// - Parameters:
  ///   - query: The packet as it is inside, and where it is looked at.
  ///   - path: The SAs that it came through, the outermost first; none for one in clear.
  public func refusal(
    of query: PacketQuery, through path: [SecurityAssociation] = []
  ) -> ArrivalRefusal? {
    guard path.allSatisfy({ $0.selectorMismatch(with: query.packet) == nil }) else {
      return .associationMismatch
    }
    let hit = policies(for: query)
    if hit.isEmpty {
      let isLetIn = defaultActions[query.direction] != .block && !path.hasOuterHeader
      return isLetIn ? nil : .noPolicy
    }
    var templates: [Template] = []
    for policy in hit {
      guard policy.action == .allow else { return .blockingPolicy }
      templates += policy.templates
      guard templates.count <= Self.mostTemplates else { return .tooManyTemplates }
    }
    if hit.count > 1, query.packet.source.family == .ipv6 {
      // Sorting is stable.
      templates.sort { $0.mode.place < $1.mode.place }
    }
    var rest = path[...]
    for template in templates.reversed() {
      guard template.takes(from: &rest, query.interfaceID) else { return .templateMismatch }
    }
    return rest.hasOuterHeader ? .templateMismatch : nil
  }
}

extension Template {
  /// Takes away what it is content with, and what lies outside of that; whether it is: the kernel's
  /// `xfrm_policy_ok`.
  ///
  /// - Parameters:
  ///   - path: The SAs that no other template has asked for, the outermost first.
  ///   - interfaceID: That of the interface that the packet came by.
  fileprivate func takes(
    from path: inout ArraySlice<SecurityAssociation>, _ interfaceID: UInt32
  ) -> Bool {
    // The kernel does not even look for it.
    if isOptional, mode == .transport { return true }
    for index in path.indices {
      if admits(path[index], interfaceID: interfaceID) {
        path = path[(index + 1)...]
        return true
      }
      if path[index].mode != .transport { break }
    }
    return isOptional
  }
}

extension Collection<SecurityAssociation> {
  /// Whether there is one that nobody may come through unasked: only transport mode has nothing that
  /// the packet's own addresses could belie.
  fileprivate var hasOuterHeader: Bool { contains { $0.mode != .transport } }
}

extension Mode {
  /// Where the kernel puts templates of two IPv6 policies: the innermost first.
  fileprivate var place: Int {
    switch self {
    case .transport: 1
    case .routeOptimization, .inTrigger: 2
    case .tunnel, .beet, .iptfs: 3
    default: 4
    }
  }
}
