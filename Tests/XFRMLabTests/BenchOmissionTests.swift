import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab

/// What becomes of a measurement whose SAs the kernel refuses, in whose place the test answers.
@Suite(
  "A measurement that cannot be made",
  .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct BenchOmissionTests {
  /// - Parameter errno: What every SA that is to be added is refused with.
  private func bench(refusing errno: SystemErrno) throws -> Bench {
    let sites = try SiteToSite([.ipv4])
    let interference = Interference()
    interference.alter = { messages in
      messages.map { message in
        var request = message
        request.bytes = Array(message.bytes.dropFirst(20))
        // NLMSG_ERROR of XFRM_MSG_NEWSA
        guard message.type == 2, request.type == 0x10 else { return .datagram(message.bytes) }
        return .datagram(
          NetlinkBytes.acknowledgement(of: request, port: message.port, code: -errno.rawValue).bytes
        )
      }
    }
    return try interference.during {
      try Bench(BenchPlan([.aes256gcm16, .aes256sha256]), for: .milliseconds(100), on: sites)
    }
  }

  @Test("leaves out what the kernel lacks, be it all")
  func lacking() throws {
    let bench = try bench(refusing: .protocolNotSupported)
    #expect(bench.omissions.map(\.proposal) == [.aes256gcm16, .aes256sha256])
    #expect(
      bench.omissions.map(\.reason.cause) == [.noProtocol(.esp, .ipv4), .noProtocol(.esp, .ipv4)])
    #expect(bench.plan.proposals == [])
  }

  @Test("and tells every other refusal", arguments: [SystemErrno.noMemory, .fileExists])
  func others(_ errno: SystemErrno) {
    #expect {
      try bench(refusing: errno)
    } throws: { error in
      guard case LabError.xfrm(let error) = error else { return false }
      return error.failure == .refused(KernelRefusal(errno: errno))
    }
  }
}
