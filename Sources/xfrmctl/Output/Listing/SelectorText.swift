import XFRMKit

extension Selector {
  /// All that decides whether a packet matches: `10.1.0.0/16 → 10.2.0.0/16 TCP`, `to port 443`.
  var parts: [String] {
    var parts = ["\(source) → \(destination)" + (proto == .any ? "" : " \(proto)")]
    switch proto {
    case .icmp, .icmpv6:
      parts += [sourcePort.text("type"), destinationPort.text("code")].compactMap { $0 }
    case .mobilityHeader:
      parts += [sourcePort.text("type"), destinationPort.text("to port")].compactMap { $0 }
    case .gre:
      if let greKey {
        parts.append(
          "key \(greKey.value)" + (greKey.mask == .max ? "" : "/\(Text.hex(greKey.mask))"))
      }
    default:
      parts +=
        [sourcePort.text("from port"), destinationPort.text("to port")].compactMap { $0 }
    }
    if interfaceIndex != 0 { parts.append("interface \(interfaceIndex)") }
    if user != 0 { parts.append("user \(user)") }
    return parts
  }
}

extension Selector.Port {
  /// `to port 443`, `to port 1024/0xfc00`; `nil` if any will do.
  fileprivate func text(_ name: String) -> String? {
    guard self != .any else { return nil }
    return "\(name) \(value)" + (mask == .max ? "" : "/\(Text.hex(mask))")
  }
}
