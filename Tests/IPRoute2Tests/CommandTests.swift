import IPRoute2
import Testing
import XFRMKit

@Suite("Commands")
struct CommandTests {
  @Test("hear everything by default")
  func monitor() {
    #expect(MonitorCommand().groups.isSuperset(of: .passive))
  }
}
