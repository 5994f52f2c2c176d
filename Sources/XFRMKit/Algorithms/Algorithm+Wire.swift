/// What comes before the key in `struct xfrm_algo`, `xfrm_algo_auth` and `xfrm_algo_aead`.
struct AlgorithmHeader {
  static let nameSize = 64
  var name: String
  var keyBits: UInt32
  /// `alg_trunc_len` or `alg_icv_len`; `struct xfrm_algo` has none.
  var checkBits: UInt32?

  init(name: String, key: Secret, checkBits: UInt32?) {
    self.name = name
    keyBits = UInt32(truncatingIfNeeded: key.count * 8)
    self.checkBits = checkBits
  }

  init(from reader: inout ByteReader, hasCheckBits: Bool) throws(MalformedMessage) {
    name = try reader.readText(width: Self.nameSize)
    keyBits = try reader.read()
    checkBits = hasCheckBits ? try reader.read() : nil
  }

  func encode(into message: inout MessageBuilder) {
    message.append(name, paddedTo: Self.nameSize)
    message.append(keyBits)
    if let checkBits { message.append(checkBits) }
  }
}

extension ByteReader {
  /// Reads an algorithm and the key behind it.
  fileprivate mutating func readAlgorithm(
    hasCheckBits: Bool
  ) throws(MalformedMessage) -> (header: AlgorithmHeader, key: Secret) {
    let header = try AlgorithmHeader(from: &self, hasCheckBits: hasCheckBits)
    return (header, Secret(try read(byteCount: (Int(header.keyBits) + 7) / 8)))
  }
}

extension MessageBuilder {
  fileprivate mutating func append(_ header: AlgorithmHeader, key: Secret) {
    header.encode(into: &self)
    key.withBytes { append($0) }
  }
}

extension AEAD {
  init(from reader: inout ByteReader) throws(MalformedMessage) {
    let (header, key) = try reader.readAlgorithm(hasCheckBits: true)
    self.init(name: header.name, key: key, checkBits: header.checkBits ?? 0)
  }

  func encode(into message: inout MessageBuilder) {
    message.append(AlgorithmHeader(name: name, key: key, checkBits: checkBits), key: key)
  }
}

extension Encryption {
  init(from reader: inout ByteReader) throws(MalformedMessage) {
    let (header, key) = try reader.readAlgorithm(hasCheckBits: false)
    self.init(name: header.name, key: key)
  }

  func encode(into message: inout MessageBuilder) {
    message.append(AlgorithmHeader(name: name, key: key, checkBits: nil), key: key)
  }
}

extension Authentication {
  init(from reader: inout ByteReader, isTruncated: Bool) throws(MalformedMessage) {
    let (header, key) = try reader.readAlgorithm(hasCheckBits: isTruncated)
    self.init(name: header.name, key: key, truncationBits: header.checkBits)
  }

  /// Writes `struct xfrm_algo_auth`, or `struct xfrm_algo` without the truncation.
  func encode(into message: inout MessageBuilder, isTruncated: Bool) {
    message.append(
      AlgorithmHeader(name: name, key: key, checkBits: isTruncated ? truncationBits ?? 0 : nil),
      key: key)
  }
}

extension Compression {
  init(from reader: inout ByteReader) throws(MalformedMessage) {
    self.init(name: try reader.readAlgorithm(hasCheckBits: false).header.name)
  }

  func encode(into message: inout MessageBuilder) {
    message.append(AlgorithmHeader(name: name, key: .empty, checkBits: nil), key: .empty)
  }
}
