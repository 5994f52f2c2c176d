internal import Netlink

/// Remembers what the system was asked for: each look-up of a name opens a file or a socket.
struct NameCache {
  let system: SystemNames
  private var protocols: [UInt8: String?] = [:]
  private var interfaces: [UInt32: String?] = [:]
  /// Times that were told, as text, each in the place of its lowest bits: few are told again after
  /// many others.
  private var times = [(seconds: UInt64, text: [UInt8])](repeating: (0, []), count: 64)

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

  /// A local time as text. The kernel's number is taken for one with a sign, as iproute2 does.
  mutating func time(_ seconds: UInt64) -> [UInt8] {
    let place = Int(seconds % UInt64(times.count))
    if times[place].seconds != seconds || times[place].text.isEmpty {
      times[place] = (seconds, lookUp(time: seconds))
    }
    return times[place].text
  }

  private func lookUp(time seconds: UInt64) -> [UInt8] {
    var text = ByteBuffer(capacity: 32)
    if let time = system.localTime(Int64(bitPattern: seconds)) {
      text.append(time, separator: UInt8(ascii: " "))
    } else {
      text.append(decimal: seconds)
    }
    return text.bytes.indices.map { text.bytes[$0] }
  }
}
