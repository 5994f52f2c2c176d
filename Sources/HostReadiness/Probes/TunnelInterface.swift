internal import Netlink

/// A virtual tunnel interface (VTI) over IPv4: what is routed into it is marked with its keys.
struct TunnelInterface4: ReadableInterfaceKind {
  static let name = "vti"
  private var keys = TunnelKeys()
  var hasKeys: Bool { keys.areAsAsked }

  init() {}

  init(from data: consuming AttributeReader) throws(MalformedMessage) {
    keys = try TunnelKeys(from: data)
  }

  func encode(into data: inout MessageBuilder) {
    data.append(.tunnelLocal) { $0.append(bigEndian: UInt32(0xc000_0201)) }
    data.append(.tunnelRemote) { $0.append(bigEndian: UInt32(0xc000_0202)) }
    TunnelKeys.encode(into: &data)
  }
}

/// The same over IPv6.
struct TunnelInterface6: ReadableInterfaceKind {
  static let name = "vti6"
  private var keys = TunnelKeys()
  var hasKeys: Bool { keys.areAsAsked }

  init() {}

  init(from data: consuming AttributeReader) throws(MalformedMessage) {
    keys = try TunnelKeys(from: data)
  }

  func encode(into data: inout MessageBuilder) {
    for (type, host) in [(AttributeType.tunnelLocal, UInt64(1)), (.tunnelRemote, 2)] {
      data.append(type) {
        $0.append(bigEndian: UInt64(0x2001_0db8_0000_0000))
        $0.append(bigEndian: host)
      }
    }
    TunnelKeys.encode(into: &data)
  }
}

/// The marks that packets get on their way in and out.
private struct TunnelKeys {
  private static let asked: UInt32 = 42
  private var incoming: UInt32 = 0
  private var outgoing: UInt32 = 0
  var areAsAsked: Bool { incoming == Self.asked && outgoing == Self.asked }

  init() {}

  init(from data: consuming AttributeReader) throws(MalformedMessage) {
    while let attribute = try data.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .tunnelIncomingKey: incoming = UInt32(bigEndian: try payload.read())
      case .tunnelOutgoingKey: outgoing = UInt32(bigEndian: try payload.read())
      default: break
      }
    }
  }

  static func encode(into data: inout MessageBuilder) {
    data.append(.tunnelIncomingKey) { $0.append(bigEndian: asked) }
    data.append(.tunnelOutgoingKey) { $0.append(bigEndian: asked) }
  }
}

/// `IFLA_VTI_…` of linux/if_tunnel.h
extension AttributeType {
  fileprivate static var tunnelIncomingKey: Self { Self(rawValue: 2) }
  fileprivate static var tunnelOutgoingKey: Self { Self(rawValue: 3) }
  fileprivate static var tunnelLocal: Self { Self(rawValue: 4) }
  fileprivate static var tunnelRemote: Self { Self(rawValue: 5) }
}
