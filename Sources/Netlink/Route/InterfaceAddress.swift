/// An address of the host, and the network behind the interface that has it.
public struct InterfaceAddress: Hashable, Sendable {
  /// The address, and how many of its bits are the network's.
  public var prefix: IPPrefix
  /// The number of the interface that has it.
  public var interfaceIndex: UInt32

  /// An address of an interface.
  public init(prefix: IPPrefix, interfaceIndex: UInt32) {
    self.prefix = prefix
    self.interfaceIndex = interfaceIndex
  }
}

extension InterfaceAddress {
  /// Reads the payload of `RTM_NEWADDR`; `nil` if it is of another family than IPv4 and IPv6.
  init?(from reader: consuming ByteReader) throws(MalformedMessage) {
    let info: InterfaceAddressInfo = try reader.read()
    let family = AddressFamily(rawValue: UInt16(info.family))
    var address: IPAddress?
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      // Where both are given, this one is the host's, and the other that of its peer.
      case .localAddress: address = try payload.readAddress(family)
      case .interfaceAddress where address == nil: address = try payload.readAddress(family)
      default: break
      }
    }
    guard let address else { return nil }
    self.init(
      prefix: IPPrefix(address, length: info.prefixLength), interfaceIndex: info.index)
  }
}

extension ByteReader {
  /// Reads an address as long as its family has it; `nil` of any other family.
  mutating func readAddress(_ family: AddressFamily) throws(MalformedMessage) -> IPAddress? {
    switch family {
    case .ipv4: .v4(UInt32(bigEndian: try read()))
    case .ipv6: .v6(UInt64(bigEndian: try read()), UInt64(bigEndian: try read()))
    default: nil
    }
  }
}
