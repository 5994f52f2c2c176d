import IPRoute2
import Testing
import XFRMKit

/// What `ip xfrm` prints, read again.
@Suite("Listings")
struct ListingTests {
  private static let context: GrammarContext = {
    var context = GrammarContext()
    context.interfaceIndex = { ["lo": 1, "d0": 2][$0] }
    return context
  }()

  /// Without what is not read: times of day, counters, labels, and whether the kernel told the
  /// type of a policy.
  private func compared(_ text: String) -> [String] {
    text.replacing(#/ptype \w+ /#, with: "").split(whereSeparator: { $0 == "\n" || $0 == "\\" })
      .map(
        String.init
      ).filter { line in
        !["lastused", "(bytes), ", "  add ", "  replay-window ", "security context", "socket"]
          .contains { line.contains($0) } || line.contains("limit:")
      }
  }

  @Test("what is read says the same", arguments: Golden.states + Golden.policies)
  func goldens(_ capture: Golden.Capture) throws {
    let listing = try IPListing(capture.expected, context: Self.context)
    var text = IPText(capture.options, names: .capturing())
    for association in listing.associations { text.append(association) }
    for policy in listing.policies { text.append(policy) }
    guard !capture.expected.contains("socket ") else {
      #expect(listing.policies.allSatisfy { !$0.direction.isOfSocket })
      return
    }
    #expect(compared(text.string) == compared(capture.expected))
    #expect(
      listing.hidesKeys == capture.expected.contains(#/(enc|aead|auth|auth-trunc) \S+ <<Keys/#))
    #expect(listing.associations.count + listing.policies.count > 0)
  }

  private static let association = """
    src 10.0.0.1 dst 10.0.0.2
    \tproto esp spi 0x00000200 reqid 7 mode tunnel
    \treplay-window 0 flag af-unspec
    \taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128
    """

  @Test(
    "errors name the place, and what was expected",
    arguments: [
      ("hello", "line 1, column 1: “src”, with which an SA or a policy begins is expected"),
      ("src 10.0.0.1 dst 10.0.0", "line 1, column 18: an IP address is expected"),
      ("src 10.0.0.1 dst ::1", "line 1, column 21: an address of one family is expected"),
      ("src 10.0.0.1 dst 10.0.0.2", "line 2, column 1: “proto” is expected"),
      (
        "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0xg reqid 1 mode tunnel",
        "line 2, column 16: a number is expected"
      ),
      (
        "src 10.0.0.0/8 dst 10.0.0.0/8\n\tdir out",
        "line 2, column 9: “priority” is expected"
      ),
      (
        "src 10.0.0.0/8 dst 10.0.0.0/8\n\tdir out priority 5 ptype main x",
        "line 2, column 32: the end of the line is expected"
      ),
    ])
  func errors(_ text: String, _ expected: String) {
    do throws(ListingError) {
      _ = try IPListing(text)
      Issue.record("read: \(text)")
    } catch {
      #expect(error.description == expected)
    }
  }

  @Test("are read or refused wherever they are cut, and whatever a byte is changed to")
  func hostile() throws {
    #expect(try IPListing(Self.association).associations.count == 1)
    let bytes = Array(Self.association.utf8)
    var refused = 0
    for index in bytes.indices {
      for byte in [0x20, 0x30, 0x5c, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        for part in [changed, Array(bytes[..<index])] {
          do throws(ListingError) {
            _ = try IPListing(String(decoding: part, as: UTF8.self))
          } catch {
            refused += 1
            #expect(!error.description.contains("0102"))
          }
        }
      }
    }
    #expect(refused > bytes.count)
    // What is no listing is not read to its end.
    for (text, line) in [
      ("hello\n" + String(repeating: "src ", count: 1000), 0),
      (String(repeating: "\n", count: 4_000_000), 4_000_000),
    ] {
      let error = #expect(throws: ListingError.self) { try IPListing(text) }
      #expect(error?.line == line)
    }
    #expect(throws: ListingError.self) {
      try IPListing(String(repeating: "src ", count: 1000))
    }
  }
}
