internal import CNetlink

/// Bytes that all of a lab's traffic carries, so that a capture can tell whether it can be read.
///
/// What a packet calls itself proves little: ESP without encryption is ESP too.
enum TrafficMarker {
  static let bytes = Array("xfrm:lab:traffic".utf8)

  /// A piece of payload with the marker at its start and every so often.
  static func payload(_ count: Int) -> [UInt8] {
    (0..<count).map { index in
      let place = index % period
      return place < bytes.count ? bytes[place] : UInt8(truncatingIfNeeded: index)
    }
  }

  /// Whether the marker stands somewhere in a packet.
  static func isReadable(in packet: Span<UInt8>) -> Bool {
    // Sound: both buffers outlive the call.
    unsafe packet.withUnsafeBytes { packet in
      unsafe bytes.withUnsafeBytes { marker in
        unsafe cnl_contains(packet.baseAddress, packet.count, marker.baseAddress, marker.count) != 0
      }
    }
  }

  /// So that the first part of each segment of a stream has it whole.
  private static let period = 127
}
