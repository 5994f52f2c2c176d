internal import Glibc
internal import XFRMKit

/// A variable below /proc/sys.
struct SystemSetting {
  private let name: String
  private let path: String

  /// - Parameter name: As sysctl spells it: points between the parts, and a slash for a point that
  ///   belongs to one, as some interfaces' names have it.
  init(_ name: String) {
    self.name = name
    path =
      "/proc/sys/"
      + String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
  }

  /// Its value, with single blanks between numbers; `nil` if this kernel has none.
  func value(in namespace: NetworkNamespace?) throws(HostProblem) -> String? {
    try run(in: namespace) { [path] in
      // Sound: the text outlives the call.
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        return errno == ENOENT ? .success(nil) : .failure(.current)
      }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      // Sound: the read stays within the buffer.
      let count = unsafe read(descriptor, &bytes, bytes.count)
      guard count >= 0 else { return .failure(.current) }
      return .success(Self.normalized(String(decoding: bytes[..<count], as: UTF8.self)))
    }
  }

  /// Gives it a value.
  func set(_ value: String, in namespace: NetworkNamespace?) throws(HostProblem) {
    _ = try run(in: namespace) { [path] in
      // Sound: the text outlives the call.
      let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return .failure(.current) }
      defer { close(descriptor) }
      let bytes = Array("\(value)\n".utf8)
      // Sound: the bytes outlive the call. The kernel takes them whole or not at all, even where it
      // says that it took one, as of net.ipv6.conf.all.forwarding.
      return unsafe write(descriptor, bytes, bytes.count) > 0 ? .success(nil) : .failure(.current)
    }
  }

  /// Numbers of a list are set apart in one way here and in another there.
  static func normalized(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  /// In a namespace's own thread: there the files below /proc/sys/net are those of the namespace.
  private func run(
    in namespace: NetworkNamespace?,
    _ body: @escaping @Sendable () -> Result<String?, SystemErrno>
  ) throws(HostProblem) -> String? {
    let result: Result<String?, SystemErrno>
    do throws(NetlinkError) {
      result = try namespace.map { (space) throws(NetlinkError) in try space.run(body) } ?? body()
    } catch {
      throw HostProblem("\(name): \(error)")
    }
    switch result {
    case .success(let value): return value
    case .failure(let errno): throw HostProblem("\(name): \(errno)")
    }
  }
}
