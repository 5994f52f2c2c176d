import Glibc
import XFRMKit

/// A value of one field, before it is written in any form.
enum Scalar: Hashable {
  case count(UInt64)
  case signed(Int64)
  case flag(Bool)
  case text(String)
  /// What the kernel has a number for, by a name that never changes.
  case word(StaticWord)
  /// A number where a word is expected: this version has none for it.
  case raw(UInt64)
  case address(IPAddress)
  case prefix(IPPrefix)
  case time(Timestamp)

  static func word(_ text: StaticString) -> Scalar { .word(StaticWord(text: text)) }
}

/// A word of the program's own text, which needs no memory and no escaping.
struct StaticWord: Hashable {
  var text: StaticString

  static func == (left: Self, right: Self) -> Bool { "\(left.text)" == "\(right.text)" }
  func hash(into hasher: inout Hasher) { hasher.combine("\(text)") }
}

/// A moment, to the second or finer.
struct Timestamp: Hashable, Comparable {
  /// Since 1970.
  var seconds: UInt64
  /// `nil` where the kernel tells seconds only.
  var microseconds: UInt32?

  /// This moment, by the system's clock.
  static var now: Timestamp {
    var time = timespec()
    // Sound: the clock exists, and the result outlives the call.
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      seconds: UInt64(clamping: time.tv_sec), microseconds: UInt32(time.tv_nsec / 1000))
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.seconds, left.microseconds ?? 0) < (right.seconds, right.microseconds ?? 0)
  }
}

/// A number of the kernel's that there are words for.
protocol Worded {
  /// Its word, or its number if there is none.
  var word: Scalar { get }
}

// MARK: - Order

extension Scalar: Comparable {
  /// Numbers, addresses and times go by what they are, not by their digits.
  static func < (left: Scalar, right: Scalar) -> Bool {
    switch (left, right) {
    case (.address(let left), .address(let right)): left.sortKey < right.sortKey
    case (.prefix(let left), .prefix(let right)):
      left.address == right.address
        ? left.length < right.length : left.address.sortKey < right.address.sortKey
    case (.time(let left), .time(let right)): left < right
    default:
      if let left = left.number, let right = right.number {
        left < right
      } else if let left = left.characters, let right = right.characters {
        left < right
      } else {
        left.rank < right.rank
      }
    }
  }

  private var number: Int128? {
    switch self {
    case .count(let number), .raw(let number): Int128(number)
    case .signed(let number): Int128(number)
    case .flag(let isSet): isSet ? 1 : 0
    default: nil
    }
  }

  private var characters: String? {
    switch self {
    case .text(let text): text
    case .word(let word): "\(word.text)"
    default: nil
    }
  }

  /// Among values of different kinds, which one field has only where a word is missing.
  private var rank: Int {
    switch self {
    case .count, .signed, .flag: 0
    case .address: 1
    case .prefix: 2
    case .time: 3
    case .text, .word: 4
    case .raw: 5
    }
  }
}

extension IPAddress {
  /// IPv4 first.
  fileprivate var sortKey: (Int, UInt64, UInt64) {
    switch self {
    case .v4(let bits): (4, 0, UInt64(bits))
    case .v6(let high, let low): (6, high, low)
    }
  }
}
