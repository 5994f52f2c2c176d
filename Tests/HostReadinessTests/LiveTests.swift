import TestSupport
import Testing
import XFRMKit

@testable import HostReadiness

/// What is said about the machine that the tests run on must agree with itself.
@Suite struct LiveTests {
  @Test func theReportAgreesWithTheKernel() async throws {
    let profile = Profile(.gateway)
    let report = try await onOrdinaryThread {
      var options = CheckOptions()
      options.profile = profile
      return check(options: options)
    }
    #expect(report.host.kernelRelease == SystemIdentity.current.release)
    let wanted = CheckDefinition.all(for: profile).filter { $0.demand == nil }
    #expect(report.checks.map(\.id) == wanted.map(\.id))
    #expect(report.checks.allSatisfy { $0.duration > .zero })
    #expect(report.duration > .zero)

    // What the kernel says to somebody who asks it the same in another way.
    for id in ["xfrm.esp4", "xfrm.ah4"] + CheckID.esp {
      let check = try #require(report[id])
      let answer = ask(try #require(CheckDefinition.kind(id)))
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
    if ask(.esp(.ipv4)) != nil { #expect(report.verdict != .ready) }
  }

  /// The last refusal, if the kernel does no SA of a kind.
  private func ask(_ kind: SAKind) -> XFRMError? {
    do throws(NetlinkError) {
      let namespace = try NetworkNamespace.create()
      do throws(XFRMError) {
        var client = try XFRMClient(in: namespace)
        let kinds = kind.transforms.map { transform in
          var one = kind
          one.transforms = [transform]
          return one
        }
        var refusal: XFRMError?
        for kind in kinds {
          do throws(XFRMError) {
            try client.add(kind.sample)
            return nil
          } catch {
            refusal = error
          }
        }
        return refusal
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

  @Test(.enabled("counting takes CAP_NET_ADMIN") { (try? DatabaseCount()) != nil })
  func progressIsToldOfEveryQuestion() async throws {
    let told = try await onOrdinaryThread {
      var told: [CheckProgress] = []
      _ = check { told.append($0) }
      return told
    }
    let questions = CheckDefinition.all(for: Profile(.minimal)).filter { $0.probe != nil }
    #expect(told.map(\.what) == ["reading files"] + questions.map(\.title))
    #expect(told.map(\.number) == Array(0...questions.count))
    #expect(told.dropFirst().allSatisfy { $0.count == questions.count })
  }

  @Test func withoutProbesTheKernelIsNotAsked() async throws {
    var options = CheckOptions()
    options.probes = false
    let report = try await onOrdinaryThread { [options] in check(options: options) }
    // Files alone can show that a kernel has no ESP, but not that it has.
    #expect([.unknown, .notReady].contains(report.verdict))
    let probed = Set(CheckDefinition.all.filter { $0.probe != nil }.map(\.id))
    #expect(report.checks.filter { probed.contains($0.id) }.allSatisfy { $0.status == .unknown })
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
