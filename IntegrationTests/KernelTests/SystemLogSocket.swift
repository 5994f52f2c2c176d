import Glibc

/// Where programs find the system's log, if a link leads there.
struct SystemLogSocket: ~Copyable {
  private struct Unusable: Error {}

  private let descriptor: Int32

  init(at path: String) throws {
    descriptor = socket(AF_UNIX, 2, 0)  // SOCK_DGRAM has another type in each build
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // Sound: what is copied is no longer than what it is copied to.
    let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { space in
      guard path.utf8.count < space.count else { return false }
      unsafe space.copyBytes(from: path.utf8)
      return true
    }
    // Sound: the address outlives the call, which reads so many bytes of it.
    let result = unsafe withUnsafeBytes(of: &address) { bytes in
      unsafe bind(
        descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(bytes.count))
    }
    guard fits, result == 0 else { throw Unusable() }
  }

  deinit { close(descriptor) }

  /// What was left there since it was asked last.
  func lines() -> [String] {
    var lines: [String] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      // Sound: there is room for so many bytes.
      let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return lines }
      lines.append(String(decoding: bytes[..<count], as: UTF8.self))
    }
  }
}
