import Testing
import XFRMKit

@testable import HostReadiness

/// What is known of modules fits the checks that they are for.
@Suite struct ModuleCatalogueTests {
  @Test func whatProvesAModuleIsACheck() {
    let probed = Set(CheckDefinition.all.filter { $0.probe != nil }.map(\.id))
    for module in KernelModule.all {
      for id in module.provenBy { #expect(probed.contains(id), "\(module.name): \(id)") }
    }
    #expect(KernelModule.all.contains { !$0.provenBy.isEmpty })
  }

  /// A module is there for checks that need it: where those can be done without, so can it.
  @Test(arguments: Use.allCases)
  func noModuleMattersMoreThanWhatItIsFor(use: Use) {
    let profile = Profile(use)
    var count = 0
    for module in KernelModule.all {
      let checks = CheckDefinition.all.filter {
        $0.kind?.modules.contains(module == .ipv6 ? .esp6 : module) == true
          || module.provenBy.contains($0.id)
      }
      guard !checks.isEmpty, let severity = profile.severity(of: .module(module)) else { continue }
      let most = checks.compactMap { profile.severity(of: $0) }.map(\.rank).max() ?? 0
      #expect(severity.rank <= most, "\(module.name)")
      count += 1
    }
    #expect(count > 5)
  }

  @Test func whatExplainsACheckMattersWithIt() {
    #expect(Profile(.minimal).severity(of: .module(.ipv6)) == .optional)
    #expect(Profile.bothFamilies.severity(of: .module(.ipv6)) == .recommended)
    #expect(Profile.bothFamilies.severity(of: .module(.esp6)) == .recommended)
    var profile = Profile(.gateway)
    profile.rules = [Profile.Rule("xfrm.esp6", nil)]
    #expect(profile.severity(of: .module(.esp6)) == .optional)
    profile.rules.append(Profile.Rule("mod.esp6", .required))
    #expect(profile.severity(of: .module(.esp6)) == .required)
    #expect(
      CatalogueEntry.all.first { $0.id == "mod.ipv6" }?.severity(under: .bothFamilies) != .optional)
  }

  // MARK: What is said of one

  @Test(arguments: [
    ("/proc/sys/kernel/modprobe", "\n", "kernel.modprobe is empty"),
    ("/proc/sys/kernel/modprobe", "/bin/true\n", "which loads nothing"),
    ("/proc/sys/kernel/modprobe", "/sbin/lost\n", "which does not exist"),
    ("/proc/sys/kernel/modules_disabled", "1\n", "kernel.modules_disabled is 1"),
  ])
  func whatNothingLoadsIsNotLoadedWhenItIsNeeded(file: String, value: String, cause: String) throws
  {
    let profile = Profile(.gateway)
    let before = report(Sample.host(), ProbeResults(), profile)
    let stopped = report(Sample.host([file: value]), ProbeResults(), profile)
    for module in [KernelModule.xfrmUser, .esp4, .esp6] {
      #expect(before[module.id]?.status == .unknown)
      let check = try #require(stopped[module.id])
      #expect(check.status == .fail)
      #expect(check.cause?.contains(cause) == true, "\(check)")
      let sets = check.remedies.contains { $0.command == "sysctl kernel.modprobe=/sbin/modprobe" }
      #expect(sets == ["\n", "/bin/true\n"].contains(value))
    }
    #expect(stopped.verdict == .notReady)
    // Without ESP over IPv6 a minimal host is as ready as with it.
    #expect(report(Sample.host([file: value]), ProbeResults())["mod.esp6"]?.outcome == .absent)
  }

  @Test func aMinimalHostIsReadyWithoutIPv6() {
    let changes: [String: String?] = [
      "/proc/net/if_inet6": nil, "\(Sample.modules)/modules.builtin": "",
      "\(Sample.modules)/kernel/net/ipv6/esp6.ko": nil,
      "/boot/config-\(Sample.release)": nil,
    ]
    let kernel = SyntheticKernel.withoutESP(.ipv6)
    let minimal = report(Sample.host(changes), kernel)
    #expect(minimal["mod.esp6"]?.outcome == .absent)
    #expect(minimal["mod.ipv6"]?.outcome == .absent)
    #expect(minimal.verdict == .ready)
  }

  @Test func withoutItsInterfaceAKernelTellsOfNoModule() throws {
    let changes: [String: String?] = [
      "/lib/modules/": nil, "/boot/config-\(Sample.release)": nil,
    ]
    let report = report(Sample.host(changes), SyntheticKernel.withoutInterface)
    #expect(report["mod.xfrm_user"]?.status == .fail)
    let check = try #require(report["mod.esp4"])
    #expect(check.status == .unknown)
    #expect(
      check.cause?.hasPrefix("without xfrm_user the kernel cannot be asked for esp4; ") == true)
    // Asked without success, it tells of ESP and of no algorithm.
    let asked = HostReadinessTests.report(Sample.host(changes), SyntheticKernel.withoutESP())
    #expect(asked["mod.esp4"]?.status == .fail)
    #expect(asked["mod.gcm"]?.status == .unknown)
  }
}

extension Check.Severity {
  fileprivate var rank: Int {
    switch self {
    case .optional: 0
    case .recommended: 1
    case .required: 2
    }
  }
}
