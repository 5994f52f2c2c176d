internal import CNetlink

extension SADInfo {
  /// Reads the payload of `XFRM_MSG_NEWSADINFO`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    self.init()
    try reader.skip(4)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .countSA: count = try payload.read()
      case .hashInfoSA:
        buckets = try payload.read()
        maximumBuckets = try payload.read()
      default: break
      }
    }
  }
}

extension SPDInfo {
  /// Reads the payload of `XFRM_MSG_NEWSPDINFO`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    self.init()
    try reader.skip(4)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .countPolicies:
        incoming = try payload.read()
        outgoing = try payload.read()
        forwarded = try payload.read()
        socketIncoming = try payload.read()
        socketOutgoing = try payload.read()
        socketForwarded = try payload.read()
      case .hashInfoPolicies:
        bucketMask = try payload.read()
        maximumBuckets = try payload.read()
      case .thresholdIPv4: thresholdIPv4 = try payload.read(HashThreshold.self)
      case .thresholdIPv6: thresholdIPv6 = try payload.read(HashThreshold.self)
      default: break
      }
    }
  }
}

/// `XFRMA_SPD_…`: these messages number their attributes for themselves.
extension AttributeType {
  static var countSA: Self { Self(rawValue: UInt16(XFRMA_SAD_CNT.rawValue)) }
  static var hashInfoSA: Self { Self(rawValue: UInt16(XFRMA_SAD_HINFO.rawValue)) }
  static var countPolicies: Self { Self(rawValue: UInt16(XFRMA_SPD_INFO.rawValue)) }
  static var hashInfoPolicies: Self { Self(rawValue: UInt16(XFRMA_SPD_HINFO.rawValue)) }
  static var thresholdIPv4: Self { Self(rawValue: UInt16(XFRMA_SPD_IPV4_HTHRESH.rawValue)) }
  static var thresholdIPv6: Self { Self(rawValue: UInt16(XFRMA_SPD_IPV6_HTHRESH.rawValue)) }
}

extension SPDInfo.HashThreshold: WireStruct {
  public static var size: Int { 2 }

  public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("lbits", &localBits)
    try wire.field("rbits", &remoteBits)
  }
}
