internal import CNetlink

extension SADInfo {
  /// Reads the payload of `XFRM_MSG_NEWSADINFO`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    self.init()
    try reader.skip(4)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch UInt32(attribute.type.rawValue) {
      case XFRMA_SAD_CNT.rawValue: count = try payload.read()
      case XFRMA_SAD_HINFO.rawValue:
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
      switch UInt32(attribute.type.rawValue) {
      case XFRMA_SPD_INFO.rawValue:
        incoming = try payload.read()
        outgoing = try payload.read()
        forwarded = try payload.read()
        socketIncoming = try payload.read()
        socketOutgoing = try payload.read()
        socketForwarded = try payload.read()
      case XFRMA_SPD_HINFO.rawValue:
        bucketMask = try payload.read()
        maximumBuckets = try payload.read()
      case XFRMA_SPD_IPV4_HTHRESH.rawValue: thresholdIPv4 = try payload.read(HashThreshold.self)
      case XFRMA_SPD_IPV6_HTHRESH.rawValue: thresholdIPv6 = try payload.read(HashThreshold.self)
      default: break
      }
    }
  }
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
