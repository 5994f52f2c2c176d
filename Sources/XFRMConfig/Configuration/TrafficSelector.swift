public import XFRMKit

/// Which packets an entry is for, seen from this host: RFC 9061, `traffic-selector`.
public struct TrafficSelector: Hashable, Sendable {
  /// Addresses of this side.
  public var local: IPPrefix
  /// Addresses of the other side, of the same family.
  public var remote: IPPrefix
  /// The protocol inside.
  public var proto: IPProtocol
  /// Ports of this side; all if empty.
  public var localPorts: [ClosedRange<UInt16>]
  /// Ports of the other side; all if empty.
  public var remotePorts: [ClosedRange<UInt16>]
  /// For ICMP and ICMPv6, which have no ports.
  public var icmp: ICMPSelector?

  /// Everything between two prefixes.
  public init(
    local: IPPrefix, remote: IPPrefix, proto: IPProtocol = .any,
    localPorts: [ClosedRange<UInt16>] = [], remotePorts: [ClosedRange<UInt16>] = [],
    icmp: ICMPSelector? = nil
  ) {
    self.local = local
    self.remote = remote
    self.proto = proto
    self.localPorts = localPorts
    self.remotePorts = remotePorts
    self.icmp = icmp
  }
}

/// Which ICMP messages are meant.
public struct ICMPSelector: Hashable, Sendable {
  public var type: UInt8
  /// Every one if `nil`.
  public var code: UInt8?

  /// Messages of a type.
  public init(type: UInt8, code: UInt8? = nil) {
    self.type = type
    self.code = code
  }
}

extension TrafficSelector {
  /// How many selectors of the kernel it takes.
  var selectorCount: Int {
    max(1, localPorts.portBlocks.count) * max(1, remotePorts.portBlocks.count)
  }

  /// The kernel's selectors for packets that leave, or come in: one for each pair of blocks of
  /// ports.
  ///
  /// - Parameter isOutgoing: Whether this side is the source.
  func selectors(isOutgoing: Bool) -> [Selector] {
    var selector = Selector(
      from: isOutgoing ? local : remote, to: isOutgoing ? remote : local, proto: proto)
    if let icmp {
      // The kernel has the type in the place of the source port, whichever way packets go.
      selector.sourcePort = Selector.Port(UInt16(icmp.type))
      selector.destinationPort = icmp.code.map { Selector.Port(UInt16($0)) } ?? .any
      return [selector]
    }
    let locals = localPorts.isEmpty ? [.any] : localPorts.portBlocks
    let remotes = remotePorts.isEmpty ? [.any] : remotePorts.portBlocks
    return locals.flatMap { local in
      remotes.map { remote in
        selector.sourcePort = isOutgoing ? local : remote
        selector.destinationPort = isOutgoing ? remote : local
        return selector
      }
    }
  }
}
