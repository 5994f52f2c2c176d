internal import Netlink
internal import XFRMKit

extension IPText {
  /// Appends what /etc/protocols calls a protocol, or its number.
  mutating func append(protocolName proto: IPProtocol) {
    if let name = names.proto(proto.rawValue) {
      out.append(name: name)
    } else {
      out.append(decimal: proto.rawValue)
    }
  }

  /// Appends a network device's name, or `if` and its number.
  mutating func append(interface index: UInt32) {
    if index == 0 {
      out.append("*")
    } else if let name = names.interface(index) {
      out.append(name: name)
    } else {
      out.append("if")
      out.append(decimal: index)
    }
  }

  mutating func append(_ timestamp: Timestamp) {
    let now = names.system.now()
    guard let time = names.system.localTime(now.seconds) else { return }
    switch timestamp {
    case .short:
      out.append("[")
      out.append(time, separator: UInt8(ascii: "T"))
      out.append(".")
      out.append(decimal: now.microseconds, digits: 6)
      out.append("] ")
    case .long:
      out.append("Timestamp: ")
      out.append(asctime: time)
      out.append(" ")
      out.append(decimal: now.microseconds)
      out.append(" usec\n")
    }
  }

  mutating func append(namespace: Int32?) {
    if let namespace, namespace >= 0 {
      out.append("[nsid ")
      out.append(decimal: UInt32(bitPattern: namespace))
      out.append("]")
    } else {
      out.append("[nsid current]")
    }
  }
}

extension ByteBuffer {
  // A generic function is specialised in its own module only.
  /// Appends a number in decimal, with zeros in front up to so many digits.
  mutating func append(
    decimal number: some UnsignedInteger & FixedWidthInteger, digits least: Int = 1
  ) {
    append(decimal: UInt64(truncatingIfNeeded: number), digits: least)
  }

  /// Appends a date and a time as ISO 8601 has them.
  mutating func append(_ time: CalendarTime, separator: UInt8) {
    append(decimal: Int64(time.year))
    append("-")
    append(decimal: UInt(time.month), digits: 2)
    append("-")
    append(decimal: UInt(time.day), digits: 2)
    append(separator)
    appendClock(time)
  }

  /// Appends a date and a time as C's `asctime` has them.
  fileprivate mutating func append(asctime time: CalendarTime) {
    append(Self.weekdays[time.weekday])
    append(" ")
    append(Self.months[time.month - 1])
    append(time.day < 10 ? "  " : " ")
    append(decimal: UInt(time.day))
    append(" ")
    appendClock(time)
    append(" ")
    append(decimal: Int64(time.year))
  }

  private mutating func appendClock(_ time: CalendarTime) {
    append(decimal: UInt(time.hour), digits: 2)
    append(":")
    append(decimal: UInt(time.minute), digits: 2)
    append(":")
    append(decimal: UInt(time.second), digits: 2)
  }

  private static let weekdays: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
