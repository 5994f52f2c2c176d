internal import XFRMKit

extension AssociationSettings {
  /// What an SA of the kernel has besides its ends and algorithms.
  ///
  /// - Parameters:
  ///   - kernel: The SA.
  ///   - direction: Which way its packets go.
  ///   - missing: Is told what there are no words for.
  init(
    _ kernel: SecurityAssociation, _ direction: SPDEntry.Direction, _ missing: inout [String]
  ) throws(Inexpressible) {
    self.init()
    let isExtended = kernel.flags.contains(.extendedSequenceNumbers)
    extendedSequenceNumbers = isExtended
    replayWindow = kernel.extendedReplayState?.window ?? UInt32(kernel.replayWindow)
    if kernel.proto == .ipComp { replayWindow = 0 }
    let extra = kernel.extraFlags ?? []
    sequenceMayWrap = extra.contains(.sequenceMayWrap)
    mark = kernel.mark
    interfaceID = kernel.interfaceID
    outputMark = kernel.outputMark.map { Mark($0, mask: kernel.outputMarkMask ?? .max) }
    lifetime = Self.lifetime(kernel.lifetime, &missing)
    encapsulation = try kernel.encapsulation.map { (value) throws(Inexpressible) in
      try Self.encapsulation(value, direction)
    }
    outerHeader(kernel, extra, &missing)
    missing += kernel.wordless
  }

  private mutating func outerHeader(
    _ kernel: SecurityAssociation, _ extra: SecurityAssociation.ExtraFlags,
    _ missing: inout [String]
  ) {
    let clears = kernel.flags.contains(.noPathMTUDiscovery)
    let hidesDSCP = extra.contains(.dontEncapsulateDSCP)
    if kernel.mode.hasOuterAddresses {
      clearsDontFragment = clears
      copiesDSCP = !hidesDSCP
    } else if clears || hidesDSCP {
      missing.append("flags of an outer header")
    }
    guard let bytes = kernel.trafficFlowPadding else { return }
    if kernel.mode == .tunnel, kernel.proto == .esp, (1...65_535).contains(bytes) {
      trafficFlowPadding = bytes
    } else {
      missing.append("padding")
    }
  }

  /// Ports as this end has them.
  private static func encapsulation(
    _ kernel: Encapsulation, _ direction: SPDEntry.Direction
  ) throws(Inexpressible) -> Encapsulation {
    guard [.espInUDP, .espInTCP].contains(kernel.kind), kernel.sourcePort > 0,
      kernel.destinationPort > 0
    else { throw Inexpressible("it is wrapped otherwise: \(kernel.kind)") }
    var value = kernel
    if value.originalAddress?.isUnspecified == true { value.originalAddress = nil }
    if direction == .inbound { swap(&value.sourcePort, &value.destinationPort) }
    return value
  }

  private static func lifetime(_ kernel: Lifetime, _ missing: inout [String]) -> Lifetime {
    var lifetime = kernel
    if kernel.soft.secondsFromUse != 0 || kernel.hard.secondsFromUse != 0 {
      missing.append("lifetimes from the first use")
      lifetime.soft.secondsFromUse = 0
      lifetime.hard.secondsFromUse = 0
    }
    if kernel.soft.packets == 0 || kernel.hard.packets == 0 {
      missing.append("a lifetime of no packet")
      if kernel.soft.packets == 0 { lifetime.soft.packets = Lifetime.unlimited }
      if kernel.hard.packets == 0 { lifetime.hard.packets = Lifetime.unlimited }
    }
    if kernel.soft.bytes == 0 || kernel.hard.bytes == 0 {
      missing.append("a lifetime of no byte")
      if kernel.soft.bytes == 0 { lifetime.soft.bytes = Lifetime.unlimited }
      if kernel.hard.bytes == 0 { lifetime.hard.bytes = Lifetime.unlimited }
    }
    let most = Reader.mostSeconds
    if kernel.soft.secondsFromAdd > most || kernel.hard.secondsFromAdd > most {
      missing.append("a lifetime of more than \(most) s")
      if kernel.soft.secondsFromAdd > most { lifetime.soft.secondsFromAdd = 0 }
      if kernel.hard.secondsFromAdd > most { lifetime.hard.secondsFromAdd = 0 }
    }
    if lifetime.dropLateLimits() { missing.append("soft limits no sooner than hard ones") }
    return lifetime
  }
}

extension Lifetime {
  /// Removes soft limits that come no sooner than the hard ones of their kind.
  fileprivate mutating func dropLateLimits() -> Bool {
    let before = self
    if hard.secondsFromAdd != 0, soft.secondsFromAdd >= hard.secondsFromAdd {
      soft.secondsFromAdd = 0
    }
    if hard.bytes != Self.unlimited, soft.bytes >= hard.bytes { soft.bytes = Self.unlimited }
    if hard.packets != Self.unlimited, soft.packets >= hard.packets {
      soft.packets = Self.unlimited
    }
    // What was unlimited said nothing.
    return self != before
  }
}

extension SecurityAssociation {
  /// What of it a configuration has no words for, and can do without.
  fileprivate var wordless: [String] {
    var missing: [String] = []
    let known: Flags = [.extendedSequenceNumbers, .anyFamily, .noPathMTUDiscovery]
    if !flags.subtracting(known).isEmpty { missing.append("flags") }
    if !selector.isOpen { missing.append("a selector") }
    if careOfAddress != nil { missing.append("a care-of address") }
    if offload != nil { missing.append("offload to a device") }
    if cpu != nil { missing.append("a CPU") }
    if securityContext != nil { missing.append("a security context") }
    if iptfs != IPTFSOptions(), mode == .iptfs { missing.append("settings of IP-TFS") }
    if natKeepaliveSeconds != nil { missing.append("NAT keepalives") }
    if mappingThresholdSeconds != nil { missing.append("a threshold for changes of mapping") }
    if !otherAttributes.isEmpty { missing.append("attributes that are unknown") }
    return missing
  }
}

extension Selector {
  /// Whether it is for every packet, of one family or of both.
  fileprivate var isOpen: Bool {
    source.length == 0 && destination.length == 0 && proto == .any && sourcePort.mask == 0
      && destinationPort.mask == 0 && interfaceIndex == 0 && user == 0
  }
}
