import XFRMKit

/// The names of the bits that are set, where there is one as `ip xfrm` spells it; the others
/// together as a number.
private func names(_ bits: UInt32, _ names: [(bit: UInt32, name: String)]) -> [String] {
  let known = names.reduce(0) { $0 | $1.bit }
  let unknown = bits & ~known
  return names.filter { bits & $0.bit != 0 }.map(\.name)
    + (unknown == 0 ? [] : [Text.hex(unknown)])
}

extension SecurityAssociation {
  /// Both kinds of flags.
  var flagNames: [String] {
    let plain: [(Flags, String)] = [
      (.noECN, "noecn"), (.decapsulateDSCP, "decap-dscp"), (.noPathMTUDiscovery, "nopmtudisc"),
      (.wildcardReceive, "wildrecv"), (.icmp, "icmp"), (.anyFamily, "af-unspec"),
      (.align4, "align4"), (.extendedSequenceNumbers, "esn"),
    ]
    let extra: [(ExtraFlags, String)] = [
      (.dontEncapsulateDSCP, "dont-encap-dscp"), (.sequenceMayWrap, "oseq-may-wrap"),
    ]
    return names(UInt32(flags.rawValue), plain.map { (UInt32($0.rawValue), $1) })
      + names(extraFlags?.rawValue ?? 0, extra.map { ($0.rawValue, $1) })
  }

  /// The mark that packets leave with, and which bits of it are set.
  var outgoingMark: Mark? { outputMark.map { Mark($0, mask: outputMarkMask ?? .max) } }
}

extension Policy {
  var flagNames: [String] {
    let flags: [(Flags, String)] = [
      (.localOK, "localok"), (.icmp, "icmp"), (.acquirePerCPU, "acquire-per-cpu"),
    ]
    return names(UInt32(self.flags.rawValue), flags.map { (UInt32($0.rawValue), $1) })
  }
}

extension SecurityAssociation.Offload {
  /// `packet offload in on interface 3`
  var text: String {
    "\(kind) offload \(flags.contains(.incoming) ? "in" : "out") on interface \(interfaceIndex)"
  }

  /// How much of the work the device does.
  var kind: String { flags.contains(.packet) ? "packet" : "crypto" }
}

struct OffloadJSON: Encodable {
  var interfaceIndex: Int32
  /// `crypto` or `packet`
  var kind: String
  /// `in` or `out`
  var direction: String

  init(_ offload: SecurityAssociation.Offload) {
    interfaceIndex = offload.interfaceIndex
    kind = offload.kind
    direction = offload.flags.contains(.incoming) ? "in" : "out"
  }
}
