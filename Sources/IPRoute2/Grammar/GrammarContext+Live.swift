internal import Glibc
internal import Synchronization

extension GrammarContext {
  /// The running system's names of protocols, and the interfaces of the calling thread's network
  /// namespace. There are still no keys.
  public static let live: GrammarContext = {
    let protocols = ProtocolNumbers()
    var context = GrammarContext()
    let builtIn = context.protocolNumber
    context.protocolNumber = { protocols.number($0) ?? builtIn($0) }
    context.interfaceIndex = liveInterface
    context.protocolName = SystemNames.live.proto
    return context
  }()

  /// iproute2 takes `if7` for the interface with the number 7, whether there is one or not.
  private static func liveInterface(_ name: String) -> Int32? {
    // Sound: the name is terminated and only read.
    let index = unsafe if_nametoindex(name)
    if index > 0 { return Int32(exactly: index) }
    return name.hasPrefix("if") ? Int32(name.dropFirst(2)) : nil
  }
}

/// Remembers what `/etc/protocols` says: each look-up reads the file, and a batch has many.
private final class ProtocolNumbers: Sendable {
  private let known = Mutex<[String: UInt8?]>([:])

  func number(_ name: String) -> UInt8? {
    known.withLock { known in
      if let number = known[name] { return number }
      let number = Self.lookUp(name)
      // Whoever writes the words must not be able to fill the memory.
      if known.count < 1000 { known[name] = .some(number) }
      return number
    }
  }

  private static func lookUp(_ name: String) -> UInt8? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { scratch in
      // Sound: what is found points into the scratch space, and is read before that goes.
      var entry = unsafe protoent()
      var found: UnsafeMutablePointer<protoent>?
      let result = unsafe getprotobyname_r(
        name, &entry, scratch.baseAddress, scratch.count, &found)
      guard result == 0, let number = unsafe found?.pointee.p_proto else { return nil }
      return UInt8(exactly: number)
    }
  }
}
