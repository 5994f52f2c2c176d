import Glibc
import IPRoute2
import Synchronization
import XFRMKit

extension GrammarContext {
  /// The running system's: interfaces of the calling thread's network namespace, and the protocols
  /// that it has names for. Keys are found elsewhere.
  static func system() -> GrammarContext {
    let cache = ProtocolCache()
    var context = GrammarContext()
    context.interfaceIndex = { name in
      guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
      // Sound: the text outlives the call.
      let index = unsafe if_nametoindex(name)
      if index > 0 { return Int32(clamping: index) }
      // The name that iproute2 has for an interface of which it knows the number only.
      guard name.hasPrefix("if"), let number = Int32(name.dropFirst(2)), number > 0 else {
        return nil
      }
      return number
    }
    context.protocolNumber = { cache.number(of: $0) }
    context.protocolName = { cache.name(of: $0) }
    return context
  }
}

/// Each look-up opens /etc/protocols, and a batch looks for the same few over and over.
private final class ProtocolCache: Sendable {
  private let numbers = Mutex<[String: UInt8?]>([:])

  func number(of name: String) -> UInt8? {
    numbers.withLock { numbers in
      if let known = numbers[name] { return known }
      let found = Self.lookUp(name)
      numbers[name] = .some(found)
      return found
    }
  }

  func name(of number: UInt8) -> String? { SystemNames.live.proto(number) }

  private static func lookUp(_ name: String) -> UInt8? {
    guard !name.utf8.contains(0) else { return nil }
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { scratch in
      // Sound: what is found points into the scratch space, and is copied before that goes.
      var entry = unsafe protoent()
      var found: UnsafeMutablePointer<protoent>?
      let result = unsafe getprotobyname_r(
        name, &entry, scratch.baseAddress, scratch.count, &found)
      guard result == 0, let number = unsafe found?.pointee.p_proto else { return nil }
      return UInt8(exactly: number)
    }
  }
}
