import XFRMKit

/// What decides whether a packet matches. A mask that is absent is all ones.
struct SelectorJSON: Encodable {
  var source: String
  var destination: String
  var `protocol`: String?
  var sourcePort: UInt16?
  var sourcePortMask: UInt16?
  var destinationPort: UInt16?
  var destinationPortMask: UInt16?
  var icmpType: UInt16?
  var icmpTypeMask: UInt16?
  var icmpCode: UInt16?
  var icmpCodeMask: UInt16?
  var mobilityHeaderType: UInt16?
  var mobilityHeaderTypeMask: UInt16?
  var greKey: UInt32?
  var greKeyMask: UInt32?
  var interfaceIndex: Int32?
  var userID: UInt32?

  init(_ selector: Selector) {
    source = "\(selector.source)"
    destination = "\(selector.destination)"
    `protocol` = selector.proto == .any ? nil : "\(selector.proto)".lowercased()
    switch selector.proto {
    case .icmp, .icmpv6:
      (icmpType, icmpTypeMask) = selector.sourcePort.json
      (icmpCode, icmpCodeMask) = selector.destinationPort.json
    case .mobilityHeader:
      (mobilityHeaderType, mobilityHeaderTypeMask) = selector.sourcePort.json
      (destinationPort, destinationPortMask) = selector.destinationPort.json
    case .gre:
      greKey = selector.greKey?.value
      greKeyMask = selector.greKey.flatMap { $0.mask == .max ? nil : $0.mask }
    default:
      (sourcePort, sourcePortMask) = selector.sourcePort.json
      (destinationPort, destinationPortMask) = selector.destinationPort.json
    }
    interfaceIndex = selector.interfaceIndex == 0 ? nil : selector.interfaceIndex
    userID = selector.user == 0 ? nil : selector.user
  }
}

extension Selector.Port {
  /// `nil` for any; a mask only where not every bit counts.
  fileprivate var json: (UInt16?, UInt16?) {
    self == .any ? (nil, nil) : (value, mask == .max ? nil : mask)
  }
}
