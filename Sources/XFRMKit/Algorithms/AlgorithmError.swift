/// Why an algorithm cannot be used as asked; found out before any kernel is.
@nonexhaustive
public enum AlgorithmError: Error, Hashable, Sendable {
  /// The key, with its salt, has a length that the algorithm does not take.
  case keyLength(algorithm: String, valid: KeyLengths, bytes: Int)
  /// A key was to be made of a length that the algorithm does not take.
  case keyBits(algorithm: String, valid: KeyLengths, bits: Int)
  /// No integrity check value of the algorithm has this length.
  case checkLength(algorithm: String, valid: [UInt32], bits: UInt32)
}

extension AlgorithmError: CustomStringConvertible {
  /// `AES-GCM keys are 20, 28 or 36 bytes including the 4-byte salt; this one has 16`
  public var description: String {
    switch self {
    case .keyLength(let algorithm, let valid, let bytes):
      valid.longest == 0
        ? "\(algorithm) takes no key; this one has \(bytes) bytes"
        : "\(algorithm) keys are \(valid); this one has \(bytes)"
    case .keyBits(let algorithm, let valid, let bits):
      "\(algorithm) keys have \(valid.keyBits.alternatives(step: 8)) bits; "
        + "\(bits) were asked for"
    case .checkLength(let algorithm, let valid, let bits):
      "\(algorithm) check values have \(valid.map(Int.init).alternatives(step: 1)) bits; "
        + "\(bits) were asked for"
    }
  }
}
