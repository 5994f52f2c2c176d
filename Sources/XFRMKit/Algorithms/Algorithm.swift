/// An authenticated cipher and its key: `struct xfrm_algo_aead`.
public struct AEAD: Equatable, Sendable {
  /// The kernel's name, such as `rfc4106(gcm(aes))`.
  public var name: String
  /// The cipher's key with its salt behind.
  public var key: Secret
  /// The integrity check value's length, in bits.
  public var checkBits: UInt32

  public init(name: String, key: Secret, checkBits: UInt32) {
    self.name = name
    self.key = key
    self.checkBits = checkBits
  }
}

/// A cipher and its key: `struct xfrm_algo`.
public struct Encryption: Equatable, Sendable {
  /// The kernel's name, such as `cbc(aes)`.
  public var name: String
  public var key: Secret

  public init(name: String, key: Secret) {
    self.name = name
    self.key = key
  }
}

/// A keyed hash, its key and how much of its output is sent: `struct xfrm_algo_auth`.
public struct Authentication: Equatable, Sendable {
  /// The kernel's name, such as `hmac(sha256)`.
  public var name: String
  public var key: Secret
  /// Bits of the integrity check value; `nil` leaves them to the kernel, which for `hmac(sha256)`
  /// takes 96 and not the 128 of RFC 4868.
  public var truncationBits: UInt32?

  public init(name: String, key: Secret, truncationBits: UInt32?) {
    self.name = name
    self.key = key
    self.truncationBits = truncationBits
  }
}

/// A compression algorithm: `struct xfrm_algo` without a key.
public struct Compression: Equatable, Sendable {
  /// The kernel's name, such as `deflate`.
  public var name: String

  public init(name: String) { self.name = name }
}
