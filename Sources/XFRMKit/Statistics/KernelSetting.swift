internal import Glibc

/// How the kernel treats SAs and policies of a network namespace: `net.core.xfrm_…`.
///
/// A namespace that the initial user namespace does not own has these values but does not show them
/// (`ENOENT`).
public enum KernelSetting: String, Hashable, Sendable, CaseIterable {
  /// Time after which the kernel announces a checkpoint, in tenths of a second; 10 at first.
  case checkpointTenths = "xfrm_aevent_etime"
  /// Packets after which the kernel announces a checkpoint; 2 at first.
  case checkpointPackets = "xfrm_aevent_rseqth"
  /// 1, as at first: drop packets that wait for an SA. 0: hold some of them back.
  case dropsWhileLarval = "xfrm_larval_drop"
  /// How long a larval SA waits to be completed, in seconds; 30 at first.
  case acquireSeconds = "xfrm_acq_expires"

  /// Reads it in a network namespace, the calling thread's if `nil`.
  public func value(in namespace: NetworkNamespace? = nil) throws(NetlinkError) -> UInt32 {
    try Self.run(in: namespace) { () throws(NetlinkError) in
      var text = [UInt8](repeating: 0, count: 32)
      let count = try file(O_RDONLY, .readSetting) { descriptor in
        // Sound: the buffer outlives the call.
        unsafe read(descriptor, &text, text.count)
      }
      let digits = String(decoding: text[..<count], as: UTF8.self).prefix { $0 != "\n" }
      guard let value = UInt32(digits) else { throw .system(.readSetting, .invalidArgument) }
      return value
    }
  }

  /// Changes it in a network namespace, the calling thread's if `nil`.
  public func set(_ value: UInt32, in namespace: NetworkNamespace? = nil) throws(NetlinkError) {
    try Self.run(in: namespace) { () throws(NetlinkError) in
      let text = Array("\(value)\n".utf8)
      _ = try file(O_WRONLY, .writeSetting) { descriptor in
        // Sound: the buffer outlives the call.
        unsafe write(descriptor, text, text.count)
      }
    }
  }

  private func file(
    _ flags: Int32, _ operation: NetlinkError.Operation, _ use: (Int32) -> Int
  ) throws(NetlinkError) -> Int {
    // Sound: the text outlives the call.
    let descriptor = unsafe open("/proc/sys/net/core/\(rawValue)", flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation, .current) }
    defer { close(descriptor) }
    let count = use(descriptor)
    guard count >= 0 else { throw .system(operation, .current) }
    return count
  }

  private static func run<Value: Sendable>(
    in namespace: NetworkNamespace?,
    _ body: @escaping @Sendable () throws(NetlinkError) -> Value
  ) throws(NetlinkError) -> Value {
    if let namespace { try namespace.run(body) } else { try body() }
  }
}
