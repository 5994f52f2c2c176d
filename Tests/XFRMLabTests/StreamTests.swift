import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab

@Suite(
  "A stream", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct StreamTests {
  /// A socket whose connection has not come to its end keeps its namespace: the kernel goes on with
  /// it on its own, for a hundred seconds if nobody answers.
  @Test("that was cut off lets its namespace go", arguments: LabTests.families)
  func cutOff(_ family: AddressFamily) throws {
    let gateway = try gatewayAfterCut(family)
    var route = try RouteConnection(in: gateway.namespace)
    #expect(try route.interfaceIndex("lo") > 0)
    // The other end of this one is in the namespace of the host, which nothing holds any more.
    #expect(eventually(within: .seconds(20)) { (try? route.interfaceIndex("lan")) == nil })
  }

  /// A gateway that stopped to forward while a host behind it was sending: all that is left of the
  /// lab.
  private func gatewayAfterCut(_ family: AddressFamily) throws -> Node {
    let sites = try SiteToSite()
    let (flow, gateway) = (sites.hostFlow(family), sites.a.gateway)
    let before = try InterfaceCounters(of: "lan", on: gateway).received
    let sending = try Background("send", 0) { _ in
      (try? flow.stream(bytes: 1 << 40, patience: 200)) ?? 0
    }
    _ = try eventually(within: .seconds(5)) {
      try InterfaceCounters(of: "lan", on: gateway).received > before + 100
    }
    var xfrm = try gateway.xfrm()
    try xfrm.add(Policy(.any(family), direction: .forwarded, action: .block))
    #expect(sending.stop() > 0)
    return gateway
  }
}
