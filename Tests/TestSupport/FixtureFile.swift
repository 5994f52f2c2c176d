internal import Glibc

/// Files that lie in the folder `Fixtures` beside the source of a test.
public enum FixtureFile {
  /// A file's text.
  public static func text(of name: String, here: String = #filePath) -> String {
    let path = path(name, here)
    // Sound: every read stays within the chunk, and the descriptor is closed once.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    precondition(!bytes.isEmpty, "cannot read \(path)")
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names of what is in a folder, sorted.
  public static func names(in folder: String, here: String = #filePath) -> [String] {
    let path = path(folder, here)
    var names: [String] = []
    guard let directory = unsafe opendir(path) else { preconditionFailure("cannot read \(path)") }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      // Sound: the name ends with a zero inside the entry, which lives until the next call.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func path(_ name: String, _ here: String) -> String {
    here.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Fixtures/\(name)"
  }

  /// A file's lines that are not empty.
  public static func lines(of name: String, here: String = #filePath) -> [Substring] {
    text(of: name, here: here).split(separator: "\n")
  }
}

/// Reads hexadecimal digits. Blanks mean nothing; `00*24` is 24 zero bytes.
public func hex(_ text: some StringProtocol) -> [UInt8] {
  var bytes: [UInt8] = []
  for word in text.split(whereSeparator: \.isWhitespace) {
    let parts = word.split(separator: "*")
    let digits = parts[0].compactMap(\.hexDigitValue)
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      bytes.append(UInt8(digits[index] << 4 | digits[index + 1]))
    }
    if parts.count == 2, let count = Int(parts[1]), let last = bytes.last {
      bytes += repeatElement(last, count: count - 1)
    }
  }
  return bytes
}
