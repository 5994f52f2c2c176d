import Testing
import XFRMKit

@Suite("What few SAs have")
struct RareTests {
  private let plain = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)

  @Test("belongs to one value, not to its copies")
  func copies() {
    var first = plain
    first.trafficFlowPadding = 100
    var second = first
    second.trafficFlowPadding = 200
    second.cpu = 1
    #expect(first.trafficFlowPadding == 100)
    #expect(first.cpu == nil)
    #expect(second.trafficFlowPadding == 200)
  }

  @Test("counts in a comparison")
  func comparison() {
    var other = plain
    other.natKeepaliveSeconds = 20
    #expect(other != plain)
    other.natKeepaliveSeconds = nil
    #expect(other == plain)
    other.iptfs.dontFragment = true
    #expect(other != plain)
    other.iptfs = IPTFSOptions()
    other.otherAttributes = []
    #expect(other == plain)
  }
}
