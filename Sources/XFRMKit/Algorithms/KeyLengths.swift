/// The lengths of key that an algorithm takes.
public struct KeyLengths: Hashable, Sendable {
  /// Bytes of the key proper, shortest first; only 0 for an algorithm without a key.
  public let keyBytes: [Int]
  /// Bytes of salt behind the key; RFC 3686 calls them a nonce.
  public let saltBytes: Int

  init(_ keyBytes: [Int], saltBytes: Int = 0) {
    self.keyBytes = keyBytes
    self.saltBytes = saltBytes
  }

  /// Bytes that the kernel is given, key and salt, shortest first.
  public var totalBytes: [Int] { keyBytes.map { $0 + saltBytes } }

  /// Bytes that the kernel is given for the longest key.
  public var longest: Int { (keyBytes.last ?? 0) + saltBytes }

  /// Bits of the key proper in a key that has its salt behind.
  func bits(of key: Secret) -> Int { (key.count - saltBytes) * 8 }

  /// Bits of the key proper, as the algorithm's name gives them: 256 for AES-256.
  public var keyBits: [Int] { keyBytes.map { $0 * 8 } }
}

extension KeyLengths: CustomStringConvertible {
  /// `20, 28 or 36 bytes including the 4-byte salt`
  public var description: String {
    let salt = saltBytes > 0 ? " including the \(saltBytes)-byte salt" : ""
    return "\(totalBytes.alternatives(step: 1)) bytes\(salt)"
  }
}

extension [Int] {
  /// `96, 128 or 256`; numbers that all follow each other become `5 to 16`.
  func alternatives(step: Int) -> String {
    guard let first, let last, count > 1 else { return first.map { "\($0)" } ?? "none" }
    if count > 2, zip(self, dropFirst()).allSatisfy({ $1 - $0 == step }) {
      return "\(first) to \(last)"
    }
    return dropLast().map { "\($0)" }.joined(separator: ", ") + " or \(last)"
  }
}
