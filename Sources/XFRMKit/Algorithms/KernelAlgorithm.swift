/// An algorithm that the kernel's IPsec has a name for.
///
/// The tables hold what XFRM knows up to Linux 6.18. What they lack can be used all the same: the
/// initialisers of ``AEAD``, ``Encryption``, ``Authentication`` and ``Compression`` that take a name
/// check nothing.
public protocol KernelAlgorithm: Hashable, Sendable, CustomStringConvertible {
  /// Every algorithm of the kind.
  static var all: [Self] { get }

  /// The name that the kernel lists SAs with: `cbc(aes)`.
  var name: String { get }
  /// Another name that the kernel takes when an SA is added: `aes`.
  var shortName: String? { get }
  /// What people call it: `AES-CBC`.
  var title: String { get }
  /// The modules without which the kernel does not know it. Often one has a twin for the processor
  /// at hand, such as aesni_intel for aes_generic, or is built in.
  var modules: [String] { get }
}

extension KernelAlgorithm {
  /// Finds an algorithm by either name; `nil` says that the table lacks it, not that kernels do.
  public init?(named name: String) {
    guard let found = Self.all.first(where: { $0.name == name || $0.shortName == name }) else {
      return nil
    }
    self = found
  }

  public var description: String { title }
}

/// An algorithm that takes a key.
public protocol KeyedAlgorithm: KernelAlgorithm {
  /// The lengths of key that it takes.
  var keys: KeyLengths { get }
}

extension KeyedAlgorithm {
  /// Makes a key of the greatest length, with its salt, from the system's random number generator.
  public func randomKey() -> Secret { .random(count: keys.longest) }

  /// Makes a key, with its salt, from the system's random number generator.
  ///
  /// - Parameter bits: Of the key proper, without the salt.
  public func randomKey(bits: Int) throws(AlgorithmError) -> Secret {
    guard keys.keyBits.contains(bits) else {
      throw .keyBits(algorithm: title, valid: keys, bits: bits)
    }
    return .random(count: bits / 8 + keys.saltBytes)
  }

  func takes(_ key: Secret) -> Bool { keys.totalBytes.contains(key.count) }

  func check(_ key: Secret) throws(AlgorithmError) {
    guard takes(key) else {
      throw .keyLength(algorithm: title, valid: keys, bytes: key.count)
    }
  }

  func check(_ bits: UInt32, among valid: [UInt32]) throws(AlgorithmError) {
    guard valid.contains(bits) else {
      throw .checkLength(algorithm: title, valid: valid, bits: bits)
    }
  }
}
