/// Quantities as people read them.
enum Text {
  /// `12,345`
  static func count(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3), digits[index - 1] != "-" {
        grouped.append(",")
      }
      grouped.append(digit)
    }
    return grouped
  }

  /// `1 node`, `12,345 nodes`
  static func plural(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `16.0 MiB`, `512 B`
  static func bytes(_ number: some BinaryInteger) -> String {
    var value = Double(number)
    for unit in ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] {
      if value < 1023.95 || unit == "PiB" {
        let tenths = (value * 10).rounded() / 10
        return unit == "B" ? "\(number) B" : "\(tenths) \(unit)"
      }
      value /= 1024
    }
    return "\(number) B"
  }

  /// `2026-11-22T06:44:00Z`
  static func time(_ secondsSince1970: UInt64) -> String {
    var bytes: [UInt8] = []
    bytes.append(Timestamp(seconds: secondsSince1970))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `2026-11-22T06:44:00Z (3 h 20 min ago)`; without the age if it is not known what time it is.
  static func time(_ secondsSince1970: UInt64, now: UInt64?) -> String {
    guard let now, now >= secondsSince1970 else { return time(secondsSince1970) }
    return "\(time(secondsSince1970)) (\(duration(now - secondsSince1970)) ago)"
  }

  /// `45 s`, `1 h 30 min`, `3 d`: at most two units.
  static func duration(_ seconds: UInt64) -> String {
    let units: [(name: String, seconds: UInt64)] = [
      ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1),
    ]
    guard let first = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0 s" }
    let whole = "\(count(seconds / units[first].seconds)) \(units[first].name)"
    guard first + 1 < units.count else { return whole }
    let rest = seconds % units[first].seconds / units[first + 1].seconds
    return rest == 0 ? whole : "\(whole) \(rest) \(units[first + 1].name)"
  }

  /// Fills up with spaces on the right.
  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Fills up with spaces on the left.
  static func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Puts text into the middle.
  static func center(_ text: String, _ width: Int, filledWith fill: Character = " ") -> String {
    let space = max(0, width - text.count)
    let left = String(repeating: fill, count: space / 2)
    return left + text + String(repeating: fill, count: space - space / 2)
  }

  /// Breaks text at spaces into lines of at most so many characters; longer words stay whole.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? "\(word)" : " \(word)"
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Sets parts side by side, two spaces apart, in as many lines as that takes; only a part that is
  /// longer than a line is broken.
  static func flow(_ parts: [String], width: Int = 76) -> [String] {
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + 2 + part.count <= width {
        lines[lines.count - 1] = last + "  " + part
      } else {
        lines += wrap(part, width: width)
      }
    }
    return lines
  }

  /// `0xfc00`
  static func hex(_ number: some UnsignedInteger) -> String { "0x" + String(number, radix: 16) }
}
