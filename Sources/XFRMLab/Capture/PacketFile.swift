internal import Glibc
internal import XFRMKit

/// A file of packets that Wireshark, tcpdump and others read: pcap, with times in nanoseconds.
public struct PacketFile: ~Copyable, Sendable {
  private let descriptor: Int32
  private let path: String

  /// Begins the file anew, for nobody else to read: packets may be in clear.
  ///
  /// - Parameter path: Where it is to be.
  public init(at path: String) throws(LabError) {
    // Sound: the path outlives the call.
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system("open \(path)", .current) }
    do throws(LabError) {
      // It may have been there, for all to read.
      guard fchmod(descriptor, 0o600) == 0 else { throw .system("close off \(path)", .current) }
      try Self.write(Self.header, to: descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Adds a packet behind the others.
  ///
  /// - Parameter packet: With its link layer's header: from a ``PacketRecorder``.
  public borrowing func append(_ packet: CapturedPacket) throws(LabError) {
    try Self.write(Self.record(packet), to: descriptor, path)
  }

  // MARK: Layout, in this machine's byte order

  /// What a file begins with. All packets come from Ethernet, or from what looks like it.
  static let header =
    bytes([0xa1b2_3c4d] as [UInt32])  // Times are in nanoseconds.
    + bytes([2, 4] as [UInt16])
    // Times are UTC; the longest packet; Ethernet.
    + bytes([0, 0, 262_144, 1] as [UInt32])

  static func record(_ packet: CapturedPacket) -> [UInt8] {
    let kept = UInt32(packet.frame.count)
    return bytes([
      packet.seconds, packet.nanoseconds, kept,
      max(kept, UInt32(packet.length + packet.linkBytes)),
    ]) + packet.frame
  }

  private static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    // Sound: exactly the array's own bytes are copied.
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(LabError) {
    // Sound: the bytes outlive the call.
    guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw .system("write \(path)", .current)
    }
  }
}
