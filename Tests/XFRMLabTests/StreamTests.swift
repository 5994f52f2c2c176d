import Glibc
import Testing
import XFRMKit
import XFRMLab

@Suite(
  "A stream", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct StreamTests {
  /// A socket whose connection has not come to its end keeps its namespace: the kernel goes on with
  /// it on its own, for a hundred seconds if nobody answers.
  @Test("that was cut off lets its namespace go", arguments: LabTests.families)
  func cutOff(_ family: AddressFamily) async throws {
    let gateway = try await gatewayAfterCut(family)
    var route = try RouteConnection(in: gateway.namespace)
    // The other end of the interface is in the namespace of the host, which nothing holds any more.
    let error = try await #require(throws: NetlinkError.self) {
      for _ in 0..<100 {
        _ = try route.interfaceIndex("lan")
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    guard case .refused(let refusal) = error else { throw error }
    #expect(refusal.errno == .noSuchDevice)
  }

  /// A gateway that stopped to forward while a host behind it was sending: all that is left of the
  /// lab.
  private func gatewayAfterCut(_ family: AddressFamily) async throws -> Node {
    let sites = try SiteToSite()
    let flow = sites.hostFlow(family)
    async let sending = flow.stream(bytes: .max, patience: 200)
    try await Task.sleep(for: .milliseconds(200))
    var xfrm = try sites.a.gateway.xfrm()
    try xfrm.add(Policy(.any(family), direction: .forwarded, action: .block))
    #expect(try await sending > 0)
    return sites.a.gateway
  }
}
