import XFRMKit

// A list may have a million entries: numbers and addresses are written straight into the output.

extension [UInt8] {
  mutating func append(text: StaticString) {
    // Sound: the text is constant, and as long as it says.
    unsafe append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(text: String) { append(contentsOf: text.utf8) }

  mutating func append(decimal number: UInt64) {
    let start = count
    var rest = number
    repeat {
      append(UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0"))
      rest /= 10
    } while rest > 0
    var (low, high) = (start, count - 1)
    while low < high {
      swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }

  /// Two digits.
  private mutating func append(pair number: Int64) {
    append(UInt8(truncatingIfNeeded: number / 10) + UInt8(ascii: "0"))
    append(UInt8(truncatingIfNeeded: number % 10) + UInt8(ascii: "0"))
  }

  mutating func append(_ prefix: IPPrefix) {
    append(prefix.address)
    append(UInt8(ascii: "/"))
    append(decimal: UInt64(prefix.length))
  }

  /// ISO 8601 in UTC: `2026-11-22T06:44:00Z`. Years of more than four digits have a sign.
  mutating func append(_ time: Timestamp) {
    let day = Int64(time.seconds / 86_400)
    let second = Int64(time.seconds % 86_400)
    append(daysSince1970: day)
    append(UInt8(ascii: "T"))
    append(pair: second / 3600)
    append(UInt8(ascii: ":"))
    append(pair: second / 60 % 60)
    append(UInt8(ascii: ":"))
    append(pair: second % 60)
    if let microseconds = time.microseconds {
      append(UInt8(ascii: "."))
      for divisor: Int64 in [10_000, 100, 1] { append(pair: Int64(microseconds) / divisor % 100) }
    }
    append(UInt8(ascii: "Z"))
  }

  /// Counts in eras of 400 years that begin in March, so that leap days come last (Howard Hinnant,
  /// “chrono-compatible low-level date algorithms”).
  private mutating func append(daysSince1970 days: Int64) {
    let shifted = days + 719_468
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
    if year > 9999 { append(UInt8(ascii: "+")) }
    append(decimal: year)
    append(UInt8(ascii: "-"))
    append(pair: month)
    append(UInt8(ascii: "-"))
    append(pair: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
