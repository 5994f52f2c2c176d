import Glibc
import IPRoute2
import XFRMKit

/// Fetches keys that do not stand in the command line, where every user of the host could read them.
enum KeyLoader {
  @Sendable
  static func key(_ source: KeySource, _ use: KeyUse) throws(KeyUnavailable) -> Secret {
    switch source {
    case .generated: return try generate(use)
    case .file(let path): return try read(path)
    case .standardInput:
      return try decode(try bytes(STDIN_FILENO, "stdin"), from: "stdin")
    case .environment(let name): return try variable(name)
    }
  }

  static func variable(_ name: String) throws(KeyUnavailable) -> Secret {
    // Sound: nothing changes the environment of this process.
    guard let value = unsafe getenv(name) else { throw KeyUnavailable("\(name) is not set") }
    return try decode(Array(unsafe String(cString: value).utf8), from: name)
  }

  private static func generate(_ use: KeyUse) throws(KeyUnavailable) -> Secret {
    let algorithm: (any KeyedAlgorithm)? =
      switch use.kind {
      case .aead: AEADAlgorithm(named: use.algorithm)
      case .encryption: EncryptionAlgorithm(named: use.algorithm)
      case .authentication: AuthenticationAlgorithm(named: use.algorithm)
      }
    guard let algorithm else {
      throw KeyUnavailable("how long a key of \(use.algorithm) has to be is not known here")
    }
    return algorithm.randomKey()
  }

  static func read(_ path: String) throws(KeyUnavailable) -> Secret {
    // Sound: the text outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw KeyUnavailable("\(path): \(SystemErrno.current)") }
    defer { close(descriptor) }
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw KeyUnavailable("\(path): \(SystemErrno.current)")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw KeyUnavailable("\(path) can be read by others: chmod 600 \(path)")
    }
    return try decode(try bytes(descriptor, path), from: path)
  }

  /// All there is, but no more than any key has.
  private static func bytes(
    _ descriptor: Int32, _ name: String
  ) throws(KeyUnavailable) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: longestText + 1)
    var count = 0
    while count < bytes.count {
      // Sound: so many bytes are left.
      let length = unsafe bytes.withUnsafeMutableBytes { space in
        unsafe Glibc.read(descriptor, space.baseAddress?.advanced(by: count), space.count - count)
      }
      if length == 0 { break }
      if length > 0 {
        count += length
      } else if errno != EINTR {
        throw KeyUnavailable("\(name): \(SystemErrno.current)")
      }
    }
    guard count <= longestText else { throw KeyUnavailable("\(name) is too long for a key") }
    return Array(bytes.prefix(count))
  }

  /// Hexadecimal digits, with or without `0x` in front, and white space around them.
  static func decode(_ text: [UInt8], from name: String) throws(KeyUnavailable) -> Secret {
    var digits = text[...]
    while let last = digits.last, last <= 0x20 { digits.removeLast() }
    while let first = digits.first, first <= 0x20 { digits.removeFirst() }
    if digits.starts(with: "0x".utf8) { digits = digits.dropFirst(2) }
    guard !digits.isEmpty else { throw KeyUnavailable("\(name) is empty") }
    guard digits.count <= longestText else { throw KeyUnavailable("\(name) is too long for a key") }
    guard digits.count.isMultiple(of: 2) else {
      throw KeyUnavailable("\(name) has an odd number of hexadecimal digits")
    }
    var bytes = [UInt8](repeating: 0, count: digits.count / 2)
    // They are a key, and an array does not wipe itself.
    defer { for index in bytes.indices { bytes[index] = 0 } }
    for (place, digit) in digits.enumerated() {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue else {
        throw KeyUnavailable("\(name) does not hold a key in hexadecimal digits")
      }
      bytes[place / 2] = bytes[place / 2] << 4 | UInt8(value)
    }
    return Secret(bytes.span)
  }

  private static let longestText = 2048
}
