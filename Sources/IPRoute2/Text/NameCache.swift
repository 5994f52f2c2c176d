internal import Netlink

/// Remembers what the system was asked for: each look-up of a name opens a file or a socket.
struct NameCache {
  let system: SystemNames
  private var protocols: [UInt8: String?] = [:]
  private var interfaces: [UInt32: String?] = [:]
  /// The time that was told last, as text.
  private(set) var lastTime: (seconds: UInt64, text: [UInt8])?

  init(_ system: SystemNames) { self.system = system }

  mutating func proto(_ number: UInt8) -> String? {
    if let known = protocols[number] { return known }
    let name = system.proto(number)
    protocols[number] = .some(name)
    return name
  }

  mutating func interface(_ index: UInt32) -> String? {
    if let known = interfaces[index] { return known }
    let name = system.interface(index)
    interfaces[index] = .some(name)
    return name
  }

  /// Makes a time the last one. The kernel's number is taken for one with a sign, as iproute2 does.
  mutating func lookUp(time seconds: UInt64) {
    var text = ByteBuffer(capacity: 32)
    if let time = system.localTime(Int64(bitPattern: seconds)) {
      text.append(time, separator: UInt8(ascii: " "))
    } else {
      text.append(decimal: seconds)
    }
    lastTime = (seconds, text.bytes.indices.map { text.bytes[$0] })
  }
}
