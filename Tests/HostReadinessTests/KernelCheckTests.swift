import Testing
import XFRMKit

@testable import HostReadiness

/// What is made of the files that a kernel shows, and of its ciphers.
@Suite struct KernelCheckTests {
  private let capable = SyntheticKernel.capable

  private func check(
    _ id: CheckID, _ changes: [String: String?] = [:],
    _ kernel: ProbeResults = SyntheticKernel.capable, _ profile: Profile = .everything
  ) throws -> Check {
    try #require(report(Sample.host(changes), kernel, profile)[id])
  }

  // MARK: The kernel

  private let withoutXFRM: [String: String?] = [
    "/proc/net/xfrm_stat": nil, "/proc/sys/net/core/xfrm_acq_expires": nil,
  ]

  @Test func aKernelWithoutIPsec() throws {
    #expect(try check("xfrm.kernel").status == .pass)
    // In a user namespace nothing shows, and netlink answers.
    #expect(try check("xfrm.kernel", withoutXFRM).status == .pass)
    let nothing = SyntheticKernel.withoutInterface
    let lacks = try check("xfrm.kernel", withoutXFRM, nothing, Profile(.minimal))
    #expect(lacks.outcome == .failed)
    #expect(lacks.cause == "CONFIG_XFRM is not set")
    var changes = withoutXFRM
    changes["/boot/config-\(Sample.release)"] = .some(nil)
    #expect(try check("xfrm.kernel", changes, nothing).status == .unknown)
    #expect(try check("xfrm.kernel", withoutXFRM, ProbeResults()).status == .unknown)
  }

  @Test func pfKeyIsWhatAlgosUnitTakes() throws {
    let algo = Profile(.algo)
    #expect(try check("xfrm.pfkey", ["/proc/net/pfkey": ""], capable, algo).status == .pass)
    // Algo loads it: the host is not unfit.
    let onDisk = try check("xfrm.pfkey", [:], capable, algo)
    #expect(onDisk.outcome == .warning)
    #expect(onDisk.remedies.map(\.command) == ["modprobe af_key"])
    let missing: [String: String?] = ["\(Sample.modules)/kernel/net/key/af_key.ko": nil]
    #expect(try check("xfrm.pfkey", missing, capable, algo).outcome == .failed)
    #expect(try check("xfrm.pfkey", missing, capable, Profile(.strongswan)).outcome == .absent)
  }

  @Test func acquiresExpire() throws {
    let mounts = "proc /proc proc rw,nosuid 0 0\nproc /proc/sys proc ro,nosuid 0 0\n"
    let locked = try check("xfrm.acq-expires", ["/proc/self/mounts": mounts])
    #expect(locked.status == .absent)
    #expect(locked.summary == "30 s, and cannot be changed")
    #expect(
      try check(
        "xfrm.acq-expires", ["/proc/self/mounts": "proc /proc proc rw 0 0\n"]
      ).summary == "30 s")
    #expect(
      try check(
        "xfrm.acq-expires",
        ["/proc/self/mounts": mounts, "/proc/sys/net/core/xfrm_acq_expires": "165"]
      ).status == .pass)
    let hidden = try check("xfrm.acq-expires", withoutXFRM, capable, Profile(.algo))
    #expect(hidden.status == .unknown && hidden.severity == .optional)
  }

  // MARK: Counters

  @Test func counters() throws {
    #expect(try check("xfrm.stat-errors").status == .pass)
    let check = try check(
      "xfrm.stat-errors",
      ["/proc/net/xfrm_stat": "XfrmInNoStates 3\nXfrmOutNoStates 12\nXfrmInError 0\nXfrmNew 1\n"])
    #expect(check.outcome == .warning)
    #expect(check.summary == "XfrmOutNoStates: 12")
    #expect(check.cause?.hasSuffix("a policy wants an SA for them, and there is none") == true)
    #expect(check.evidence.count == 3)
    #expect(check.evidence.last?.answer.contains("does not know") == true)
    #expect(try self.check("xfrm.stat-errors", withoutXFRM).status == .unknown)
    #expect(try self.check("xfrm.stats", withoutXFRM).status == .absent)
  }

  @Test func everyCounterOfThisKernelHasAMeaning() throws {
    for name in try ErrorCounters().byName.keys {
      #expect(!ErrorCounters.meaning(of: name).contains("does not know"), "\(name)")
    }
    #expect(ErrorCounters.meaning(of: "XfrmNew").contains("does not know"))
  }

  @Test func leftovers() throws {
    #expect(try check("xfrm.leftovers").status == .pass)
    let found = ProbeOutcome.different(request: "count", difference: "2 SAs, 6 policies")
    let check = try check("xfrm.leftovers", [:], capable.with("xfrm.leftovers", found))
    #expect(check.outcome == .warning)
    #expect(check.summary == "2 SAs, 6 policies")
  }

  // MARK: Algorithms

  private func cipher(_ errno: SystemErrno, _ words: String) throws -> Check {
    let kind = try #require(CheckDefinition.kind("crypto.camellia"))
    return try check(
      "crypto.camellia", [:], capable.with("crypto.camellia", .refused(kind.refusal(errno, words)))
    )
  }

  @Test func withoutESPOnlyWordsAboutAnAlgorithmDecide() throws {
    let undecided = try cipher(.protocolNotSupported, "Requested type not found")
    #expect(undecided.status == .unknown)
    #expect(undecided.summary == "takes ESP to tell")
    let absent = try cipher(.notImplemented, "Requested CRYPT algorithm not found")
    #expect(absent.status == .absent)
    #expect(absent.summary == "kernel lacks cbc(camellia)")
    #expect(try check("crypto.camellia").status == .pass)
  }

  @Test func compressionIsWhatIPCompSays() throws {
    let kind = try #require(CheckDefinition.kind("xfrm.ipcomp4"))
    func deflate(_ errno: SystemErrno, _ words: String) throws -> Check {
      try check(
        "crypto.deflate", [:], capable.with("xfrm.ipcomp4", .refused(kind.refusal(errno, words))))
    }
    #expect(try check("crypto.deflate").status == .pass)
    #expect(
      try deflate(.protocolNotSupported, "Requested type not found").status == .unknown)
    #expect(
      try deflate(.notImplemented, "Requested COMP algorithm not found").summary
        == "kernel lacks deflate")
  }

  @Test func partsMatterWhereSomethingIsAmiss() throws {
    let minimal = Profile(.minimal)
    #expect(try check("crypto.templates", [:], capable, minimal).outcome == .passed)
    let lost = ["\(Sample.modules)/kernel/crypto/seqiv.ko": String?.none]
    let without = try check("crypto.templates", lost, SyntheticKernel.withoutESP(), minimal)
    #expect(without.outcome == .absent && without.remedies.isEmpty)
    // CBC does without seqiv.
    let needless = try check("crypto.templates", lost, SyntheticKernel.withoutGCM, minimal)
    #expect(needless.outcome == .absent)
    let kernel = SyntheticKernel.answering { kind, _ in
      .refused(
        kind.refusal(.noSuchFile, "Kernel was unable to initialize cryptographic operations"))
    }
    let amiss = try check("crypto.templates", lost, kernel, minimal)
    #expect(amiss.outcome == .warning && !amiss.remedies.isEmpty)
    #expect(amiss.summary == "1 of 5 missing")
    // What nothing loads is of no use on disk.
    let stopped = try check(
      "crypto.templates", ["/proc/sys/kernel/modprobe": "\n"], kernel, minimal)
    #expect(stopped.outcome == .warning && stopped.summary == "5 of 5 not loaded")
  }

  @Test func acceleration() throws {
    func crypto(_ driver: String) -> String {
      "name         : rfc4106(gcm(aes))\ndriver       : \(driver)\npriority     : 400\n\n"
        + "name         : rfc4106(gcm(aes))\ndriver       : slow-generic\npriority     : 100\n"
    }
    #expect(try check("crypto.accel").status == .unknown)
    let fast = try check("crypto.accel", ["/proc/crypto": crypto("rfc4106-gcm-aesni")])
    #expect(fast.status == .pass)
    let slow = try check(
      "crypto.accel",
      [
        "/proc/crypto": crypto("rfc4106(gcm_base(ctr(aes-generic),ghash-generic))"),
        "/proc/cpuinfo": "processor : 0\nflags : fpu aes avx\n",
      ])
    #expect(slow.status == .absent)
    #expect(slow.cause?.hasPrefix("the processor has them") == true)
    let none = try check(
      "crypto.accel", ["/proc/crypto": crypto("x-generic"), "/proc/cpuinfo": "flags : fpu\n"])
    #expect(none.cause?.hasPrefix("the processor has none") == true)
  }

  @Test func fips() throws {
    let strongswan = Profile(.strongswan)
    let on: [String: String?] = ["/proc/sys/crypto/fips_enabled": "1\n"]
    #expect(try check("crypto.fips", on, capable, strongswan).outcome == .warning)
    #expect(try check("crypto.fips", [:], capable, strongswan).outcome == .passed)
  }
}
