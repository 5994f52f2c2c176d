import Testing
import XFRMKit

@testable import HostReadiness

/// What is said about the machine that the tests run on must agree with itself.
@Suite struct LiveTests {
  @Test func theReportAgreesWithTheKernel() async throws {
    let report = try await onOrdinaryThread { check() }
    #expect(report.host.kernelRelease == SystemIdentity.current.release)
    #expect(
      report.checks.map(\.id) == CheckDefinition.all(for: Profile(.minimal)).map(\.id))
    #expect(report.checks.allSatisfy { $0.duration > .zero })
    #expect(report.duration > .zero)

    // What the kernel says to somebody who asks it the same in another way.
    for variant in ESPVariant.all {
      let check = try #require(report[variant.id])
      let answer = ask(variant)
      switch answer {
      case .none:
        #expect(check.status == .pass, "\(check.id)")
      case .some(let error) where error.isAboutTheKernel:
        #expect([.fail, .absent].contains(check.status), "\(check.id)")
        #expect(check.evidence.first?.kernelWords == error.refusal?.explanation, "\(check.id)")
        #expect(check.evidence.first?.errno == error.errnoName, "\(check.id)")
        #expect(check.cause != nil, "\(check.id)")
      case .some:
        #expect(check.status == .unknown, "\(check.id)")
      }
    }
    if ask(.gcm(.ipv4)) != nil { #expect(report.verdict != .ready) }
  }

  private func ask(_ variant: ESPVariant) -> XFRMError? {
    do throws(NetlinkError) {
      let namespace = try NetworkNamespace.create()
      do throws(XFRMError) {
        var client = try XFRMClient(in: namespace)
        try client.add(variant.association)
        return nil
      } catch {
        return error
      }
    } catch {
      return XFRMError("make a network namespace", error)
    }
  }

  @Test(.enabled("counting takes CAP_NET_ADMIN") { (try? DatabaseCount()) != nil })
  func nothingIsLeftBehind() async throws {
    let before = try DatabaseCount()
    _ = try await onOrdinaryThread { check() }
    #expect(try DatabaseCount() == before)
  }

  @Test func withoutProbesTheKernelIsNotAsked() async throws {
    var options = CheckOptions()
    options.probes = false
    let report = try await onOrdinaryThread { [options] in check(options: options) }
    // Files alone can show that a kernel has no ESP, but not that it has.
    #expect([.unknown, .notReady].contains(report.verdict))
    #expect(report.checks.filter { $0.group == .protocols }.allSatisfy { $0.status == .unknown })
  }

  @Test func somebodyElsesFilesAreNotThisKernel() {
    let report = check(options: Sample.host().options)
    #expect(report.host.hostname == "gateway")
    #expect(report.verdict == .unknown)
    #expect(report["xfrm.netlink"]?.summary == "not asked")
  }
}

/// How many SAs and policies the tests' own namespace has.
private struct DatabaseCount: Equatable {
  var associations: UInt32
  var policies: UInt32

  init() throws {
    var client = try XFRMClient()
    associations = try client.sadInfo().count
    policies = try client.spdInfo().count
  }
}
