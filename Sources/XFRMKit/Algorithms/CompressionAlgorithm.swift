/// A way to compress packets, for IPComp.
public struct CompressionAlgorithm: KernelAlgorithm {
  public let name: String
  public let title: String
  /// Bytes that a packet must have to be worth compressing; the kernel leaves shorter ones alone.
  public let thresholdBytes: Int
  /// The transform ID that IANA registers for IKEv2's notification of IPComp.
  public let ikeTransform: UInt8
  /// `SADB_X_CALG_…`
  public let pfKeyNumber: UInt8
  /// Empty for algorithms that no kernel has implemented.
  public let modules: [String]

  /// Compression algorithms have none.
  public var shortName: String? { nil }
  /// What RFC 8221 says about it.
  public var requirement: RequirementLevel? { .may }

  private init(
    _ name: String, _ title: String, number: UInt8, thresholdBytes: Int, modules: [String]
  ) {
    self.name = name
    self.title = title
    self.thresholdBytes = thresholdBytes
    ikeTransform = number
    pfKeyNumber = number
    self.modules = modules
  }
}

// MARK: - The table

extension CompressionAlgorithm {
  /// RFC 2394.
  public static let deflate = CompressionAlgorithm(
    "deflate", "DEFLATE", number: 2, thresholdBytes: 90, modules: ["deflate"])
  /// RFC 2395.
  public static let lzs = CompressionAlgorithm(
    "lzs", "LZS", number: 3, thresholdBytes: 90, modules: [])
  /// RFC 3051.
  public static let lzjh = CompressionAlgorithm(
    "lzjh", "LZJH", number: 4, thresholdBytes: 50, modules: [])

  public static let all = [deflate, lzs, lzjh]
}
