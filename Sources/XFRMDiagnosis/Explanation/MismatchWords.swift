public import XFRMKit

extension PacketMismatch {
  /// Says in what a policy and a packet differ: `for packets to 10.9.0.0/16`.
  ///
  /// - Parameter policy: What is not for the packet.
  public func words(of policy: Policy) -> String {
    switch self {
    case .direction: "for packets that go \(policy.direction)"
    case .interfaceID: "for interface ID \(policy.interfaceID ?? 0)"
    case .mark: "for marks \(policy.mark.map { "\($0)" } ?? "of any kind")"
    case .family: "for \(policy.selector.family)"
    default: words(of: policy.selector)
    }
  }

  /// Says in what a selector and a packet differ.
  ///
  /// - Parameter selector: What is not for the packet.
  public func words(of selector: Selector) -> String {
    switch self {
    case .family: "for \(selector.family)"
    case .destination: "for packets to \(selector.destination)"
    case .source: "for packets from \(selector.source)"
    case .proto: "for \(selector.proto)"
    case .sourcePort: "for source \(selector.sourcePort.words(selector.proto, "type"))"
    case .destinationPort:
      "for destination \(selector.destinationPort.words(selector.proto, "code"))"
    case .interface: "for interface \(selector.interfaceIndex)"
    case .direction, .interfaceID, .mark: "for other packets"
    }
  }
}

extension Selector.Port {
  /// `port 443`, `type 8`, `port 1024/0xfc00`
  fileprivate func words(_ proto: IPProtocol, _ standIn: String) -> String {
    let name = [.icmp, .icmpv6].contains(proto) ? standIn : "port"
    return "\(name) \(value)" + (mask == .max ? "" : "/0x\(String(mask, radix: 16))")
  }
}

extension AssociationMismatch {
  /// Says why an SA does not do for a template: `request ID 7, and 1 is asked for`.
  ///
  /// - Parameters:
  ///   - association: The SA.
  ///   - template: What asks for one.
  public func words(of association: SecurityAssociation, for template: Template) -> String {
    switch self {
    case .proto: "\(association.proto), and \(template.proto) is asked for"
    case .mode: "\(association.mode) mode, and \(template.mode) is asked for"
    case .family: "of \(association.family)"
    case .destination: "leads to \(association.destination)"
    case .source: "comes from \(association.source)"
    case .requestID:
      "request ID \(association.requestID), and \(template.requestID) is asked for"
    case .spi: "SPI \(association.spi), and \(template.spi) is asked for"
    case .interfaceID: "interface ID \(association.interfaceID ?? 0), the policy has another"
    case .mark: "mark \(association.mark.map { "\($0)" } ?? "none"), the policy has another"
    case .wildcard: "only for receiving"
    case .larval: "has no keys yet"
    case .selector(let mismatch): "its selector is \(mismatch.words(of: association.selector))"
    }
  }
}

extension PacketFate {
  /// Says what becomes of the packet, in one line.
  public var words: String {
    switch self {
    case .clear: "goes on in clear"
    case .clearOnly: "is let in if it came in clear; out of a tunnel it is dropped"
    case .protected(let ids):
      "leaves protected, through \(ids.map { "SPI \($0.spi)" }.joined(separator: ", then "))"
    case .needsProtection: "is let in only if it came through an SA"
    case .dropped(let reason): "is dropped: \(reason.words)"
    }
  }
}

extension DropReason {
  /// Completes “is dropped:”.
  public var words: String {
    switch self {
    case .blockingPolicy: "a policy blocks it"
    case .defaultAction: "no policy is for it, and the default action is block"
    case .noAssociation: "there is no SA as its policy asks"
    case .awaitsAssociation: "an SA was asked for, and nobody has answered yet"
    case .wrongDirection(let id): "SPI \(id.spi) is for packets that come in"
    case .tooManyTemplates: "its policies have more than five templates"
    }
  }
}
