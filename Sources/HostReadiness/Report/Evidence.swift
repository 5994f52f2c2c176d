/// One thing that was asked or read, and what came back.
public struct Evidence: Hashable, Sendable {
  /// A request in the user's words, or a file: `add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000`,
  /// `/proc/config.gz`.
  public var source: String
  public var answer: String
  /// The symbol of the error number, such as `EPROTONOSUPPORT`.
  public var errno: String?
  /// The kernel's own words, unaltered.
  public var kernelWords: String?

  public init(
    _ source: String, _ answer: String, errno: String? = nil, kernelWords: String? = nil
  ) {
    self.source = source
    self.answer = answer
    self.errno = errno
    self.kernelWords = kernelWords
  }
}
