import Testing
import XFRMKit

@testable import XFRMLab

/// What is expected of traffic, without a kernel.
@Suite("Expectations of traffic")
struct TransmissionTests {
  /// Ten datagrams, of which so many arrived and were seen.
  private static func transmission(
    sent: Int = 10, delivered: Int, esp: Int = 0, clear: Int = 0, readable: Int = 0
  ) -> Transmission {
    var transmission = Transmission(from: "a", to: "b")
    transmission.datagrams.sent = sent
    transmission.datagrams.delivered = delivered
    transmission.wire = WireCounts([.esp: esp, .clear: clear], readable: readable)
    return transmission
  }

  private static let encrypted = transmission(delivered: 10, esp: 10)
  private static let open = transmission(delivered: 10, clear: 10, readable: 10)
  private static let lost = transmission(delivered: 0)

  private typealias Expectation = @Sendable (Transmission) throws(LabError) -> Transmission
  private static let all: [(String, Expectation)] = [
    ("delivered", { (sent) throws(LabError) in try sent.expectDelivered() }),
    ("dropped", { (sent) throws(LabError) in try sent.expectDropped() }),
    ("encrypted", { (sent) throws(LabError) in try sent.expectEncrypted() }),
    ("in clear", { (sent) throws(LabError) in try sent.expectInClear() }),
    ("raised", { (sent) throws(LabError) in try sent.expectRaised("XfrmInNoPols", on: "b") }),
  ]

  /// Which expectations a transmission meets.
  private static func met(_ transmission: Transmission) -> [String] {
    all.compactMap { name, expectation in
      (try? expectation(transmission)).map { _ in name }
    }
  }

  @Test("are met by what they are about, and by nothing else")
  func outcomes() {
    #expect(Self.met(Self.encrypted) == ["delivered", "encrypted"])
    #expect(Self.met(Self.open) == ["delivered", "in clear"])
    #expect(Self.met(Self.lost) == ["dropped"])
    var counted = Self.lost
    counted.raised = ["b": ["XfrmInNoPols": 10]]
    #expect(Self.met(counted) == ["dropped", "raised"])
  }

  @Test("are met by nothing if nothing was sent")
  func nothing() throws {
    var none = Self.transmission(sent: 0, delivered: 0)
    #expect(Self.met(none) == [])
    none.datagrams.sent = 10
    none.datagrams.refusals = [.notPermitted: 10]
    none.raised = ["b": ["XfrmInNoPols": 10]]
    #expect(Self.met(none) == [])
    let error = try #require(throws: LabError.self) { try none.expectDropped() }
    #expect(
      "\(error)".hasPrefix(
        "expected everything to be dropped, but nothing was sent: a → b: 0 of 10 delivered, "
          + "10 refused by the kernel of a: Operation not permitted (EPERM); on the wire"))
    // One that went is enough to tell what became of it.
    none.datagrams.refusals = [.notPermitted: 9]
    #expect(Self.met(none) == ["dropped", "raised"])
  }

  @Test("to be encrypted are met by no wire on which nothing was, or less than arrived")
  func wires() {
    #expect(Self.met(Self.transmission(delivered: 10)) == ["delivered"])
    #expect(Self.met(Self.transmission(delivered: 10, esp: 9)) == ["delivered"])
    #expect(Self.met(Self.transmission(delivered: 8, esp: 8)) == ["encrypted"])
    #expect(Self.met(Self.transmission(delivered: 10, esp: 10, clear: 1)) == ["delivered"])
    for whole in [Self.encrypted, Self.open] {
      var partly = whole
      partly.wire.missed = 1
      #expect(Self.met(partly) == ["delivered"])
    }
  }

  @Test("about the wire are met by none that was not watched")
  func blindSpot() throws {
    for whole in [Self.encrypted, Self.open] {
      var blind = whole
      blind.blindSpot = "it was dark"
      #expect(Self.met(blind) == ["delivered"])
      let error = try #require(throws: LabError.self) { try blind.expectEncrypted() }
      #expect("\(error)".contains("on the wire, but it was dark: a → b"))
    }
  }

  @Test("to be encrypted want as much in every tunnel on the way")
  func tunnels() throws {
    var sent = Self.transmission(delivered: 10, esp: 20)
    sent.ways = [["first"], ["second"]]
    sent.protected = ["first": 10, "second": 10]
    #expect(Self.met(sent) == ["delivered", "encrypted"])
    // What one tunnel has too much does not stand in for another.
    sent.protected = ["first": 20, "second": 0]
    #expect(Self.met(sent) == ["delivered"])
    let error = try #require(throws: LabError.self) { try sent.expectEncrypted() }
    #expect(
      "\(error)" == "expected only what is encrypted on the wire: a → b: 10 of 10 delivered; "
        + "on the wire 20 ESP, 0 in clear, 0 readable; in tunnel first 20, second 0")
    sent.ways = [["first", "second"]]
    #expect(Self.met(sent) == ["delivered", "encrypted"])
  }

  @Test("to be dropped are not met by what arrives damaged")
  func damaged() throws {
    var sent = Self.lost
    sent.datagrams.wrong = 2
    #expect(Self.met(sent) == [])
    #expect("\(sent)".hasPrefix("a → b: 0 of 10 delivered, 2 wrong; on the wire"))
  }
}
