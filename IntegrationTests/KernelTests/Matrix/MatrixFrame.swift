import XFRMLab

/// A captured packet that somebody changes on its way.
struct MatrixFrame {
  private(set) var bytes: [UInt8]
  private let header: Int
  private var isV6: Bool { bytes[header] >> 4 == 6 }

  init(_ packet: CapturedPacket) {
    bytes = packet.frame
    header = packet.linkBytes
    isInUDP = packet.kind == .espInUDP
  }

  private let isInUDP: Bool

  /// Where what follows the IP header begins.
  private var payload: Int { header + (isV6 ? 40 : 20) }

  /// Where ESP or AH begins.
  var protected: Int { payload + (isInUDP ? 8 : 0) }

  mutating func flip(_ bit: UInt8 = 1, at offset: Int) { bytes[offset] ^= bit }

  /// DSCP and ECN of the outermost header.
  var trafficClass: UInt8 {
    get { isV6 ? bytes[header] << 4 | bytes[header + 1] >> 4 : bytes[header + 1] }
    set {
      if isV6 {
        bytes[header] = bytes[header] & 0xf0 | newValue >> 4
        bytes[header + 1] = bytes[header + 1] & 0x0f | newValue << 4
      } else {
        let old = word(at: header)
        bytes[header + 1] = newValue
        adjust(checksumAt: header + 10, from: old, to: word(at: header))
      }
    }
  }

  /// The port that ESP-in-UDP comes from.
  var sourcePort: UInt16 {
    get { word(at: payload) }
    set {
      let old = sourcePort
      set(newValue, at: payload)
      // 0 stands for none.
      if word(at: payload + 6) != 0 { adjust(checksumAt: payload + 6, from: old, to: newValue) }
    }
  }

  private func word(at offset: Int) -> UInt16 {
    UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  private mutating func set(_ value: UInt16, at offset: Int) {
    bytes[offset] = UInt8(value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  /// Without adding everything up again (RFC 1624).
  private mutating func adjust(checksumAt offset: Int, from old: UInt16, to new: UInt16) {
    var sum = UInt32(~word(at: offset)) + UInt32(~old) + UInt32(new)
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    set(~UInt16(truncatingIfNeeded: sum), at: offset)
  }
}
