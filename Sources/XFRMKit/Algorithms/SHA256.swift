internal import Glibc

/// SHA-256 (FIPS 180-4), for fingerprints only: what a kernel protects packets with is its own.
package enum SHA256 {
  /// The state before anything was hashed.
  package static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]

  /// Bytes that are hashed at a time.
  static let blockBytes = 64

  /// The hash of so many bytes, as eight words.
  ///
  /// - Parameters:
  ///   - state: Where to go on from.
  ///   - blocks: How many blocks led there.
  package static func digest(
    _ bytes: Span<UInt8>, from state: [UInt32] = initialState, after blocks: Int = 0
  ) -> [UInt32] {
    var state = state
    var schedule = [UInt32](repeating: 0, count: 64)
    // A byte that ends the message and its length in eight more must fit.
    for block in 0...(bytes.count + 8) / blockBytes {
      for word in 0..<14 {
        schedule[word] = bigEndian(bytes, at: block * blockBytes + word * 4)
      }
      if block == (bytes.count + 8) / blockBytes {
        let bits = UInt64(blocks * blockBytes + bytes.count) * 8
        schedule[14] = UInt32(truncatingIfNeeded: bits >> 32)
        schedule[15] = UInt32(truncatingIfNeeded: bits)
      } else {
        for word in 14..<16 {
          schedule[word] = bigEndian(bytes, at: block * blockBytes + word * 4)
        }
      }
      compress(&schedule, into: &state)
    }
    wipe(&schedule)
    return state
  }

  /// The state after one block.
  static func state(after block: Span<UInt8>) -> [UInt32] {
    var state = initialState
    var schedule = [UInt32](repeating: 0, count: 64)
    for word in 0..<16 { schedule[word] = bigEndian(block, at: word * 4) }
    compress(&schedule, into: &state)
    wipe(&schedule)
    return state
  }

  /// Four bytes of the message with the bit that ends it.
  private static func bigEndian(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
    // Behind that bit there are zeros.
    guard offset <= bytes.count else { return 0 }
    var word: UInt32 = 0
    for index in offset..<offset + 4 {
      let byte: UInt8 = index < bytes.count ? bytes[index] : index == bytes.count ? 0x80 : 0
      word = word << 8 | UInt32(byte)
    }
    return word
  }

  /// - Parameter schedule: The block in its first sixteen words.
  private static func compress(_ schedule: inout [UInt32], into state: inout [UInt32]) {
    for index in 16..<64 {
      let early = schedule[index - 15]
      let late = schedule[index - 2]
      let small = early.rotated(by: 7) ^ early.rotated(by: 18) ^ early >> 3
      let large = late.rotated(by: 17) ^ late.rotated(by: 19) ^ late >> 10
      schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let sum = e.rotated(by: 6) ^ e.rotated(by: 11) ^ e.rotated(by: 25)
      let first = h &+ sum &+ (e & f ^ ~e & g) &+ constants[index] &+ schedule[index]
      let other = a.rotated(by: 2) ^ a.rotated(by: 13) ^ a.rotated(by: 22)
      let second = other &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  private static func wipe(_ words: inout [UInt32]) {
    unsafe words.withUnsafeMutableBytes { bytes in
      // Sound: exactly the array's own bytes are overwritten.
      if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
    }
  }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}

extension UInt32 {
  /// Its bits turned to the right.
  fileprivate func rotated(by bits: UInt32) -> UInt32 { self >> bits | self << (32 - bits) }
}
