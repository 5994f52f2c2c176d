internal import CNetlink
internal import Glibc

/// An interface of any kind, as far as all have something in common.
public struct Link: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// The kernel's number for it.
  public var index: Int32
  /// Whether it was brought up.
  public var isUp = false
  /// Whether it is the host's way to itself.
  public var isLoopback = false
  /// The longest packet that it takes, in bytes.
  public var mtu: UInt32 = 0
  /// What the kernel calls its kind, such as `veth`; devices of hardware have none.
  public var kind: String?

  /// An interface of which no more is known.
  public init(_ name: String = "", index: Int32 = 0) {
    self.name = name
    self.index = index
  }
}

extension Link {
  /// Reads the payload of `RTM_NEWLINK`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let info: InterfaceInfo = try reader.read()
    self.init(index: info.index)
    isUp = info.isUp
    isLoopback = info.flags & UInt32(IFF_LOOPBACK) != 0
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .interfaceName: name = try payload.readText()
      case .mtu: mtu = try payload.read()
      case .linkInfo: kind = try Self.kind(in: attribute.attributes)
      default: break
      }
    }
  }

  private static func kind(
    in info: consuming AttributeReader
  ) throws(MalformedMessage) -> String? {
    while let attribute = try info.next() {
      var payload = attribute.reader
      if attribute.type == .linkKind { return try payload.readText() }
    }
    return nil
  }
}
