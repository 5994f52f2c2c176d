internal import Glibc

extension PacketLookup {
  /// Reads the databases of a client's namespace.
  ///
  /// - Parameters:
  ///   - client: Who asks.
  ///   - time: Now, in seconds since 1970; `nil` if nobody looked at a clock.
  public init(reading client: inout XFRMClient, at time: UInt64? = nil) throws(XFRMError) {
    self.init(
      policies: try client.policies(), associations: try client.associations(),
      defaultActions: try client.knownDefaultActions(),
      hashing: try client.knownHashing(), time: time)
  }
}

extension XFRMClient {
  /// What becomes of packets that no policy matches; `nil` if the kernel is older than 5.15 and
  /// accepts them all.
  public mutating func knownDefaultActions() throws(XFRMError) -> DefaultActions? {
    do throws(XFRMError) {
      return try defaultActions()
    } catch {
      guard error.refusal?.errno == .invalidArgument else { throw error }
      return nil
    }
  }

  /// Which policies the kernel finds by hash, and before others; `nil` since Linux 6.12, where that
  /// decides nothing.
  public mutating func knownHashing() throws(XFRMError) -> SPDInfo? {
    Self.prefersHashed ? try spdInfo() : nil
  }

  /// Whether this kernel is older than Linux 6.12. Nothing but packets would tell its order.
  private static var prefersHashed: Bool {
    var names = utsname()
    // Sound: uname fills every field with a terminated text.
    unsafe uname(&names)
    let text = unsafe withUnsafeBytes(of: &names.release) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let numbers = text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { return false }
    return (numbers[0], numbers[1]) < (6, 12)
  }
}
