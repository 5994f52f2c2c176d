/// Why something asked of the kernel's IPsec databases did not come about.
public struct XFRMError: Error, Hashable, Sendable {
  /// What was asked, in the user's words: `add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000`.
  public var request: String
  /// What the kernel or the way to it said.
  public var failure: NetlinkError
  /// What probably lies behind it, where that is known.
  public var cause: RefusalCause?

  /// Explains why something failed that is no ``Operation``; without a cause, the one that the
  /// failure tells by itself.
  public init(_ request: String, _ failure: NetlinkError, cause: RefusalCause? = nil) {
    self.request = request
    self.failure = failure
    self.cause = cause ?? RefusalCause(of: failure)
  }

  /// Explains why a change failed.
  public init(_ operation: Operation, _ failure: NetlinkError) {
    self.init("\(operation)", failure, cause: RefusalCause(of: failure, to: operation))
  }

  init(_ query: Query, _ failure: NetlinkError) {
    self.init("\(query)", failure, cause: RefusalCause(of: failure, to: query))
  }

  /// What the kernel answered, if it did.
  public var refusal: KernelRefusal? {
    if case .refused(let refusal) = failure { refusal } else { nil }
  }
}

extension XFRMError: CustomStringConvertible {
  /// One line: what was asked, what the kernel said, why.
  public var description: String {
    "cannot \(request): \(failure)" + (cause.map { ": \($0.explanation)" } ?? "")
  }
}
