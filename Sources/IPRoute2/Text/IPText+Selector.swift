internal import Netlink
internal import XFRMKit

extension IPText {
  /// Appends a selector, and ends its line.
  ///
  /// - Parameter family: What its addresses are read by if it leaves that open.
  mutating func append(_ selector: Selector, orOf family: AddressFamily) {
    let family = selector.family == .unspecified ? family : selector.family
    out.append("src ")
    append(selector.source, as: family)
    out.append("dst ")
    append(selector.destination, as: family)
    if selector.proto != .any {
      out.append("proto ")
      append(protocolName: selector.proto)
      out.append(" ")
    }
    appendPorts(selector)
    if selector.interfaceIndex > 0 {
      out.append("dev ")
      append(interface: UInt32(bitPattern: selector.interfaceIndex))
      out.append(" ")
    }
    if tellsNumbers {
      out.append("uid ")
      out.append(decimal: selector.user)
    }
    endLine()
  }

  /// A port is told if bits of it count, but not which bits.
  private mutating func appendPorts(_ selector: Selector) {
    let source = selector.sourcePort
    let destination = selector.destinationPort
    switch selector.proto.ports {
    case .ports:
      append("sport ", source)
      append("dport ", destination)
    case .icmp:
      append("type ", source)
      append("code ", destination)
    case .gre where source.mask | destination.mask != 0:
      out.append("key ")
      out.append(decimal: UInt32(source.value) << 16 | UInt32(destination.value))
      out.append(" ")
    case .gre: break
    case .mobility:
      append("type ", source)
      if destination.mask != 0, tellsNumbers {
        // In the byte order of the network, whatever this host's.
        out.append("(dport) 0x")
        out.append(hex: UInt32(destination.value.bigEndian), digits: 4)
        out.append(" ")
      }
    }
  }

  private mutating func append(_ word: StaticString, _ port: Selector.Port) {
    guard port.mask != 0 else { return }
    out.append(word)
    out.append(decimal: port.value)
    out.append(" ")
  }

  private mutating func append(_ prefix: IPPrefix, as family: AddressFamily) {
    append(prefix.address, as: family)
    out.append("/")
    out.append(decimal: prefix.length)
    out.append(" ")
  }

  /// Appends an address read as one of `family`, of which the model's need not be: it takes what is
  /// left open for IPv4.
  mutating func append(_ address: IPAddress, as family: AddressFamily) {
    switch (family, address) {
    case (.ipv4, .v4), (.ipv6, .v6): out.append(address)
    case (.ipv4, .v6(let high, _)): out.append(.v4(UInt32(high >> 32)))
    case (.ipv6, .v4(let bits)): out.append(.v6(UInt64(bits) << 32, 0))
    default: out.append("???")
    }
  }
}
