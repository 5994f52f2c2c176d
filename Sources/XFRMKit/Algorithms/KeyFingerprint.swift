/// What stands for a key where it is not to be shown: equal for equal keys, and nothing else can be
/// learnt from it.
///
/// It is made with a salt. Fingerprints compare only if they were made with the same one; as long as
/// nobody knows the salt of another day, nobody knows whether the keys are still the same. A short
/// or guessable key can be found by whoever has salt and fingerprint, as it can be from packets.
public struct KeyFingerprint: Sendable {
  /// What the fingerprints were made with.
  public let salt: [UInt8]
  private let innerState: [UInt32]
  private let outerState: [UInt32]

  /// Fingerprints that compare with others of the same salt.
  public init(salt: [UInt8]) {
    self.salt = salt
    // HMAC (RFC 2104): what is too long is hashed first.
    let key = salt.count > SHA256.blockBytes ? SHA256.digest(salt.span).bytes : salt
    let block = key + [UInt8](repeating: 0, count: SHA256.blockBytes - key.count)
    let inner = block.map { $0 ^ 0x36 }
    let outer = block.map { $0 ^ 0x5c }
    innerState = SHA256.state(after: inner.span)
    outerState = SHA256.state(after: outer.span)
  }

  /// Fingerprints with a salt of 16 bytes that nobody else has, from the system's random number
  /// generator.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(salt: (0..<16).map { _ in generator.next() })
  }

  /// Sixteen hexadecimal digits: the first eight bytes of HMAC-SHA-256.
  public func of(_ key: Secret) -> String {
    let code = key.withBytes { authenticationCode(of: $0) }
    let digits = String(UInt64(code[0]) << 32 | UInt64(code[1]), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// HMAC-SHA-256 of the bytes, with the salt as its key.
  func authenticationCode(of bytes: Span<UInt8>) -> [UInt32] {
    let inner = SHA256.digest(bytes, from: innerState, after: 1)
    let bytes = inner.bytes
    return SHA256.digest(bytes.span, from: outerState, after: 1)
  }
}

extension [UInt32] {
  /// The bytes of the words, the highest of each first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 4)
    for word in self {
      for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return bytes
  }
}
