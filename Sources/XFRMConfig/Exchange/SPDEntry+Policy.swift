internal import XFRMKit

extension SPDEntry {
  /// What a policy of the kernel says, for incoming or for outgoing packets.
  ///
  /// - Parameters:
  ///   - policy: Of the kernel.
  ///   - name: What the entry is called.
  init(_ policy: Policy, _ name: String) throws(Inexpressible) {
    if policy.direction.isOfSocket { throw Inexpressible("it belongs to a socket") }
    if policy.kind != .main { throw Inexpressible("it is a \(policy.kind) policy") }
    if policy.securityContext != nil { throw Inexpressible("it has a security context") }
    let isOutgoing = policy.direction == .outgoing
    let selector = try TrafficSelector(policy.selector, isOutgoing: isOutgoing)
    let action: Action
    switch policy.action {
    case .allow: action = policy.templates.isEmpty ? .bypass : .protect
    case .block: action = .discard
    default: throw Inexpressible("its \(policy.action) is unknown")
    }
    self.init(
      name, at: .start(of: ""), isOutgoing ? .outbound : .inbound, selector, action)
    mark = policy.mark
    interfaceID = policy.interfaceID
    guard action == .protect else { return }
    requestID = policy.templates[0].requestID
    for template in policy.templates {
      protections.append(try Protection(template, isOutgoing: isOutgoing))
      guard template.requestID == requestID else {
        throw Inexpressible("its templates have several reqids")
      }
    }
    if requestID == 0 { throw Inexpressible("its templates have reqid 0, which is any or none") }
  }
}

extension SPDEntry.Protection {
  fileprivate init(_ template: Template, isOutgoing: Bool) throws(Inexpressible) {
    self.init()
    guard [.esp, .ah, .ipComp].contains(template.proto) else {
      throw Inexpressible("a template has \(template.proto)")
    }
    guard [.transport, .tunnel, .beet, .iptfs].contains(template.mode) else {
      throw Inexpressible("a template has mode \(template.mode)")
    }
    guard !template.isOptional || template.proto == .ipComp else {
      throw Inexpressible("without an SA packets pass it in clear (level use)")
    }
    proto = template.proto
    mode = template.mode
    isOptional = template.isOptional
    guard mode.hasOuterAddresses else { return }
    ends =
      isOutgoing
      ? (template.source, template.destination) : (template.destination, template.source)
  }
}

extension TrafficSelector {
  /// What a selector of the kernel says, seen from this side.
  ///
  /// - Parameters:
  ///   - selector: Of a policy.
  ///   - isOutgoing: Whether this side is the source.
  fileprivate init(_ selector: Selector, isOutgoing: Bool) throws(Inexpressible) {
    if selector.interfaceIndex != 0 {
      throw Inexpressible("it is for the packets of one device only")
    }
    if selector.user != 0 { throw Inexpressible("its selector has a user (\(selector.user))") }
    let (source, destination) = (selector.source.network, selector.destination.network)
    self.init(
      local: isOutgoing ? source : destination, remote: isOutgoing ? destination : source,
      proto: selector.proto)
    guard selector.sourcePort.mask != 0 || selector.destinationPort.mask != 0 else { return }
    if proto == .icmp || proto == .icmpv6 {
      icmp = try ICMPSelector(selector)
    } else if ProtocolNames.hasPorts(proto) {
      let sources = try selector.sourcePort.ranges
      let destinations = try selector.destinationPort.ranges
      (localPorts, remotePorts) = isOutgoing ? (sources, destinations) : (destinations, sources)
    } else {
      throw Inexpressible("\(proto) has no ports here")
    }
  }
}

extension ICMPSelector {
  fileprivate init(_ selector: Selector) throws(Inexpressible) {
    let (type, code) = (selector.sourcePort, selector.destinationPort)
    guard type.mask == .max, let typeNumber = UInt8(exactly: type.value),
      code.mask == 0 || code.mask == .max, let codeNumber = UInt8(exactly: code.value)
    else { throw Inexpressible("its ICMP type and code are no numbers of one byte") }
    self.init(type: typeNumber, code: code.mask == 0 ? nil : codeNumber)
  }
}

extension Selector.Port {
  /// The ports in one piece; none for all.
  fileprivate var ranges: [ClosedRange<UInt16>] {
    get throws(Inexpressible) {
      if mask == 0 { return [] }
      let free = ~mask
      guard free & (free &+ 1) == 0 else {
        throw Inexpressible("its ports are no range: \(value)/0x\(String(mask, radix: 16))")
      }
      return [value & mask...value & mask | free]
    }
  }
}
