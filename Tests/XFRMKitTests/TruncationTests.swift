import Netlink
import Testing

@testable import XFRMKit

/// No cut of any message traps, and only these are no errors:
///
/// - A message whose length is cut with it, behind an attribute or in the padding that follows
///   one (or behind the fixed part): that is a good message with fewer attributes.
/// - An acknowledgement cut behind its code of 0, and a refusal behind its code if it announces no
///   explanation: nobody reads on.
/// - A message that is not read yet, cut anywhere behind its header.
@Suite("A message that is cut")
struct TruncationTests {
  /// Messages of different makes: of those with the same attributes one is enough.
  private static let messages: [Fixtures.Message] = {
    var seen: Set<[Int]> = []
    return Fixtures.messages.filter { message in
      guard !message.name.hasPrefix("trunc-") else { return false }
      let attributes = Cuts(message).attributes
      return seen.insert(
        [Int(message.type.rawValue)] + attributes.flatMap { [$0.type, $0.length] }
      )
      .inserted
    }
  }()

  @Test("short of what its header says is an error wherever the cut is")
  func datagrams() {
    for message in Fixtures.messages {
      #expect(message.bytes.count >= 16)
      for count in 1..<message.bytes.count {
        let cut = Array(message.bytes.prefix(count))
        do throws(MalformedMessage) {
          try walk(cut)
          Issue.record("\(message.name) cut to \(count) bytes passes for whole")
        } catch {
          continue
        }
      }
    }
  }

  @Test("with its length is an error but where an attribute ends", arguments: messages)
  func lengths(message: Fixtures.Message) throws {
    let cuts = Cuts(message)
    for count in 1...message.bytes.count {
      var cut = Array(message.bytes.prefix(count))
      for index in cut.indices.prefix(4) {
        cut[index] = UInt8(truncatingIfNeeded: count >> (8 * index))
      }
      do throws(MalformedMessage) {
        let content = try Content(cut)
        #expect(cuts.isGood(count), "\(count) bytes")
        // What it says is what the whole says up to there.
        if message.isAssociation || message.isPolicy, !cuts.leavesOutBitmap {
          let written = content?.payload(.asReceived) ?? []
          #expect(written.starts(with: cut[16...]), "\(count) bytes")
          #expect(written.count - (count - 16) < 4)
        }
      } catch {
        #expect(!cuts.isGood(count), "\(count) bytes: \(error)")
      }
    }
  }

  /// Bytes taken out of an attribute whose length says so. Only lists, texts and what is not read
  /// can be good then.
  @Test("within an attribute, with both lengths, is an error", arguments: messages)
  func attributes(message: Fixtures.Message) throws {
    guard message.isAssociation || message.isPolicy else { return }
    for attribute in Cuts(message).attributes {
      for length in 4..<attribute.length {
        let isGood =
          switch attribute.type {
          case 5: (length - 4) % 64 == 0  // XFRMA_TMPL: fewer templates
          case 23: length == 28  // XFRMA_REPLAY_ESN_VAL: no bitmap
          case 16: length >= 10  // XFRMA_POLICY_TYPE: 6 bytes count
          case let type: !Self.known.contains(type)
          }
        var bytes = message.bytes
        bytes.replaceSubrange(
          attribute.offset + length..<attribute.offset + (attribute.length + 3) & ~3,
          with: repeatElement(0, count: (4 - length % 4) % 4))
        patch(&bytes, at: 0, bytes.count)
        patch(&bytes, at: attribute.offset, length)
        do throws(MalformedMessage) {
          _ = try Content(bytes)
          #expect(isGood, "attribute \(attribute.type) of \(length) bytes")
        } catch {
          #expect(!isGood, "attribute \(attribute.type) of \(length) bytes: \(error)")
        }
      }
    }
  }

  /// Attributes that are read; the rest are kept as they come.
  private static let known: Set = [
    1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 21, 22, 23, 24, 28, 29, 30, 31, 32, 33,
    34, 35, 36, 37, 39, 40, 41,
  ]

  private func walk(_ datagram: [UInt8]) throws(MalformedMessage) {
    var messages = MessageReader(datagram.span)
    while (try messages.next()) != nil {}
  }

  private func patch(_ bytes: inout [UInt8], at offset: Int, _ length: Int) {
    bytes[offset] = UInt8(truncatingIfNeeded: length)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: length >> 8)
  }
}

/// Where a message may be cut, found without the code under test.
private struct Cuts {
  struct Attribute {
    var type: Int
    var offset: Int
    var length: Int
  }

  /// Bytes of header and fixed part; `nil` for a message that is not read.
  private var fixed: Int?
  private(set) var attributes: [Attribute] = []
  private var isExplained = false

  init(_ message: Fixtures.Message) {
    let bytes = message.bytes
    switch message.type.rawValue {
    case 16, 26: fixed = 16 + 224
    case 19, 25: fixed = 16 + 168
    case 34, 36: fixed = 16 + 4
    case 2, 3:
      // A code that is not 0, and NLM_F_ACK_TLVS.
      isExplained = bytes[16] != 0 && bytes[7] & 2 != 0
      // NLM_F_CAPPED: the echo is a header, else the whole request.
      fixed = isExplained ? 20 + (bytes[7] & 1 != 0 ? 16 : Int(bytes[20])) : 20
    default: fixed = nil
    }
    guard let fixed, isExplained || !(2...3 ~= message.type.rawValue) else { return }
    var offset = fixed
    while offset + 4 <= bytes.count {
      let length = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
      let type = Int(bytes[offset + 2]) | Int(bytes[offset + 3] & 0x3f) << 8
      attributes.append(Attribute(type: type, offset: offset, length: length))
      offset += (length + 3) & ~3
    }
  }

  /// Whether a message cut to `count` bytes is whole in itself.
  func isGood(_ count: Int) -> Bool {
    guard let fixed else { return count >= 16 }
    if attributes.isEmpty { return count >= fixed }
    return count == fixed
      || attributes.contains { ($0.offset + $0.length...$0.offset + ($0.length + 3) & ~3) ~= count }
  }

  /// Written back, such a message is longer.
  var leavesOutBitmap: Bool { attributes.contains { $0.type == 23 && $0.length == 28 } }
}
