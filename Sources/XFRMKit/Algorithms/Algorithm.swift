/// An authenticated cipher and its key: `struct xfrm_algo_aead`.
public struct AEAD: Equatable, Sendable {
  /// The kernel's name, such as `rfc4106(gcm(aes))`.
  public var name: String
  /// The cipher's key with its salt behind.
  public var key: Secret
  /// The integrity check value's length, in bits.
  public var checkBits: UInt32

  /// Takes everything as it is: what was read from a kernel, or what no table knows.
  public init(name: String, key: Secret, checkBits: UInt32) {
    self.name = name
    self.key = key
    self.checkBits = checkBits
  }

  /// Refuses lengths that the algorithm does not have.
  ///
  /// The salt belongs to the key. Without a length of check value it is the longest, 128 bits.
  public init(
    _ algorithm: AEADAlgorithm, key: Secret, checkBits: UInt32? = nil
  ) throws(AlgorithmError) {
    let checkBits = checkBits ?? algorithm.checkBits
    try algorithm.check(key)
    try algorithm.check(checkBits, among: algorithm.checkValues.map(\.bits))
    self.init(name: algorithm.name, key: key, checkBits: checkBits)
  }
}

/// A cipher and its key: `struct xfrm_algo`.
public struct Encryption: Equatable, Sendable {
  /// The kernel's name, such as `cbc(aes)`.
  public var name: String
  /// The cipher's key with its nonce, where it has one, behind.
  public var key: Secret

  /// Takes everything as it is: what was read from a kernel, or what no table knows.
  public init(name: String, key: Secret) {
    self.name = name
    self.key = key
  }

  /// Refuses keys of a length that the algorithm does not take.
  public init(_ algorithm: EncryptionAlgorithm, key: Secret) throws(AlgorithmError) {
    try algorithm.check(key)
    self.init(name: algorithm.name, key: key)
  }
}

/// A keyed hash, its key and how much of its output is sent: `struct xfrm_algo_auth`.
public struct Authentication: Equatable, Sendable {
  /// The kernel's name, such as `hmac(sha256)`.
  public var name: String
  /// As long as the hash for HMACs (RFC 2104); kernels take keys of every length for those.
  public var key: Secret
  /// Bits of the integrity check value; `nil` leaves them to the kernel, which for `hmac(sha256)`
  /// takes 96 and not the 128 of RFC 4868.
  public var truncationBits: UInt32?

  /// Takes everything as it is: what was read from a kernel, or what no table knows.
  public init(name: String, key: Secret, truncationBits: UInt32?) {
    self.name = name
    self.key = key
    self.truncationBits = truncationBits
  }

  /// Refuses lengths that no peer would expect; the kernel checks hardly any of them.
  ///
  /// Without a length of check value it is what RFCs prescribe, not the kernel's own choice.
  public init(
    _ algorithm: AuthenticationAlgorithm, key: Secret, truncationBits: UInt32? = nil
  ) throws(AlgorithmError) {
    let truncationBits = truncationBits ?? algorithm.checkBits
    try algorithm.check(key)
    try algorithm.check(truncationBits, among: algorithm.validCheckBits)
    self.init(name: algorithm.name, key: key, truncationBits: truncationBits)
  }
}

/// A compression algorithm: `struct xfrm_algo` without a key.
public struct Compression: Equatable, Sendable {
  /// The kernel's name, such as `deflate`.
  public var name: String

  /// Takes the name as it is: what was read from a kernel, or what no table knows.
  public init(name: String) { self.name = name }

  /// Compresses with an algorithm of the table.
  public init(_ algorithm: CompressionAlgorithm) { self.init(name: algorithm.name) }
}
