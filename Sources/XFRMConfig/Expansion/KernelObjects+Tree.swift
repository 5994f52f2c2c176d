internal import XFRMKit

extension PolicyEntry {
  var tree: YAMLNode {
    YAMLNode([
      ("name", YAMLNode("\(name)")),
      ("role", YAMLNode(role.rawValue)),
      ("policy", YAMLNode("\(policy)")),
      ("ports", policy.selector.portText.map { YAMLNode($0) }),
      ("action", YAMLNode("\(policy.action)")),
      ("priority", YAMLNode(policy.priority)),
      ("templates", templates),
      ("pinned-to", pinnedTo.map { YAMLNode("\($0)") }),
    ])
  }

  private var templates: YAMLNode? {
    guard !policy.templates.isEmpty else { return nil }
    return YAMLNode(
      policy.templates.map { template in
        let ends =
          template.mode.hasOuterAddresses ? " \(template.source) → \(template.destination)" : ""
        return YAMLNode(
          "\(template.proto) \(template.mode)\(ends) reqid \(template.requestID)"
            + (template.isOptional ? " optional" : ""))
      })
  }
}

extension Selector {
  /// Values and masks, where a mask says more than one port.
  fileprivate var portText: String? {
    let ports = [("from", sourcePort), ("to", destinationPort)].filter { $0.1 != .any }
    guard ports.contains(where: { $0.1.mask != .max }) else { return nil }
    return ports.map { "\($0.0) \($0.1.value)/0x\(String($0.1.mask, radix: 16))" }
      .joined(separator: " ")
  }
}

extension AssociationEntry {
  var kernelTree: YAMLNode {
    let id =
      name.generation == 0
      ? "\(association.proto) SA \(association.source) → \(association.destination)"
      : "\(association.id)"
    let algorithms: String
    switch protection {
    case .esp(let proposal): algorithms = proposal.algorithms.map(\.name).joined(separator: ", ")
    case .ah(let hash, let bits): algorithms = "\(hash.name), \(bits) bits"
    case .ipComp(let algorithm): algorithms = algorithm.name
    }
    return YAMLNode([
      ("name", YAMLNode("\(name)")),
      ("sa", YAMLNode(id)),
      ("mode", YAMLNode("\(association.mode)")),
      ("reqid", YAMLNode(association.requestID)),
      ("algorithms", YAMLNode(algorithms)),
      ("key", key.map { YAMLNode("\($0)") }),
    ])
  }
}

extension InterfaceEntry {
  var tree: YAMLNode {
    YAMLNode([
      ("name", YAMLNode(name)),
      ("if-id", YAMLNode(interfaceID)),
      ("mtu", mtu.map { YAMLNode($0) }),
      ("addresses", addresses.isEmpty ? nil : YAMLNode(addresses.map { YAMLNode("\($0)") })),
    ])
  }
}

extension RouteEntry {
  var tree: YAMLNode {
    YAMLNode([
      ("destination", YAMLNode("\(destination)")),
      ("interface", YAMLNode(interface)),
      ("source", source.map { YAMLNode("\($0)") }),
    ])
  }
}

extension RouteGuard {
  var tree: YAMLNode {
    YAMLNode([
      ("name", YAMLNode("\(name)")),
      ("destination", YAMLNode("\(destination)")),
      ("metric", YAMLNode(Self.metric(destination.family))),
    ])
  }
}

extension Mode {
  /// As configurations have it.
  var word: String {
    switch self {
    case .transport: "transport"
    case .tunnel: "tunnel"
    case .beet: "beet"
    case .iptfs: "iptfs"
    default: "\(rawValue)"
    }
  }
}

extension IPProtocol {
  /// As configurations have it.
  var word: String { self == .ah ? "ah" : self == .ipComp ? "ipcomp" : "esp" }
}
