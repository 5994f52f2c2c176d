import Testing
import XFRMKit

@testable import HostReadiness

@Suite struct ProbeOutcomeTests {
  @Test(
    arguments: [
      (.system(.setOption, .noProtocolOption), true),
      (.system(.setOption, .operationNotSupported), true),
      (.system(.setOption, .notPermitted), false),
      (.system(.configure, .notPermitted), false),
      (.system(.open, .protocolNotSupported), true),
      (.refused(KernelRefusal(errno: .invalidArgument)), true),
      (.refused(KernelRefusal(errno: .notPermitted)), false),
    ] as [(NetlinkError, Bool)])
  func aNoAboutTheKernelIsToldFromOneAboutTheCaller(failure: NetlinkError, isDenial: Bool) {
    let outcome = ProbeOutcome.refused(XFRMError("try it", failure))
    #expect((outcome.denial != nil) == isDenial)
  }
}
