import XFRMKit

extension Selector: Described {
  /// A protocol, port or mask that is absent restricts nothing.
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("source", value?.source)
    field("destination", value?.destination)
    field("family", value?.unusualFamily)
    field("protocol", value?.namedProtocol)
    let ports = value.map { SelectorPorts($0) }
    field("sourcePort", ports?.source?.value)
    field("sourcePortMask", ports?.source?.partialMask)
    field("destinationPort", ports?.destination?.value)
    field("destinationPortMask", ports?.destination?.partialMask)
    field("icmpType", ports?.icmpType?.value)
    field("icmpTypeMask", ports?.icmpType?.partialMask)
    field("icmpCode", ports?.icmpCode?.value)
    field("icmpCodeMask", ports?.icmpCode?.partialMask)
    field("mobilityHeaderType", ports?.mobilityHeaderType?.value)
    field("mobilityHeaderTypeMask", ports?.mobilityHeaderType?.partialMask)
    field("greKey", ports?.greKey?.value)
    field("greKeyMask", ports?.greKey.flatMap { $0.mask == .max ? nil : $0.mask })
    field("interfaceIndex", value?.interfaceIndex.nonzero)
    field("userID", value?.user.nonzero)
  }

  /// Where the addresses do not tell.
  private var unusualFamily: AddressFamily? { family == source.family ? nil : family }
  private var namedProtocol: IPProtocol? { proto == .any ? nil : proto }
}

/// What a selector's two port fields stand for, by its protocol; `nil` if any will do.
struct SelectorPorts {
  var source: Selector.Port?
  var destination: Selector.Port?
  var icmpType: Selector.Port?
  var icmpCode: Selector.Port?
  var mobilityHeaderType: Selector.Port?
  var greKey: (value: UInt32, mask: UInt32)?

  init(_ selector: Selector) {
    let first = selector.sourcePort == .any ? nil : selector.sourcePort
    let second = selector.destinationPort == .any ? nil : selector.destinationPort
    switch selector.proto {
    case .icmp, .icmpv6: (icmpType, icmpCode) = (first, second)
    case .mobilityHeader: (mobilityHeaderType, destination) = (first, second)
    case .gre: greKey = selector.greKey
    default: (source, destination) = (first, second)
    }
  }
}

extension Selector.Port {
  /// `nil` if every bit counts.
  fileprivate var partialMask: UInt16? { mask == .max ? nil : mask }
}

extension Selector {
  /// What stands in the places of both ports for GRE.
  var greKey: (value: UInt32, mask: UInt32)? {
    guard sourcePort != .any || destinationPort != .any else { return nil }
    return (
      UInt32(sourcePort.value) << 16 | UInt32(destinationPort.value),
      UInt32(sourcePort.mask) << 16 | UInt32(destinationPort.mask)
    )
  }

  /// Itself, unless it is what an SA has that may carry anything.
  var restriction: Selector? {
    guard family == .unspecified else { return self }
    let any = Selector.any(source.family)
    var open = self
    open.family = any.family
    return open == any ? nil : self
  }
}

/// Protocols whose packets a selector tells apart by something other than ports.
extension IPProtocol {
  static var gre: Self { Self(rawValue: 47) }
  /// Mobile IPv6.
  static var mobilityHeader: Self { Self(rawValue: 135) }
}
