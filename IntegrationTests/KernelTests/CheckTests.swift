import Dispatch
import Testing
import XFRMKit

@testable import HostReadiness

extension Kernel {
  /// What `xfrmctl check` finds out about the kernel of a bed.
  @Suite("Checks")
  struct CheckTests {
    /// A host of which everything is asked.
    private static let everything: Profile = {
      var profile = Profile(.minimal)
      profile.name = "everything"
      profile.rules = [Profile.Rule("*", .optional), Profile.Rule("xfrm.esp4", .required)]
      return profile
    }()

    private static func check(
      _ profile: Profile, loadingModules: Bool = true
    ) async -> ReadinessReport {
      await withCheckedContinuation { continuation in
        // A check waits for programs, which the threads of tasks are too few for.
        DispatchQueue.global().async {
          var options = CheckOptions()
          options.profile = profile
          options.loadsModules = loadingModules
          continuation.resume(returning: HostReadiness.check(options: options))
        }
      }
    }

    @Test("a kernel with ESP is found to have what it has", Bed.needsESP)
    func capable() async throws {
      try await Modules.loadIPv6()
      let report = await Self.check(Self.everything)
      for check in report.checks where Bed.asked.contains(check.group) {
        guard let expected = Bed.expected(check.id) else { continue }
        #expect(check.status == expected, "\(check.id): \(check.summary), \(check.cause ?? "")")
      }
      #expect(report["xfrm.esp4"]?.status == .pass)
      let minimal = await Self.check(Profile(.minimal))
      #expect([.ready, .readyWithWarnings].contains(minimal.verdict))
    }

    @Test(
      "a kernel without ESP is found to lack what takes it",
      .enabled(if: !Bed.hasESP, "the kernel of bed \(Bed.name) has ESP"))
    func incapable() async throws {
      let report = await Self.check(Self.everything)
      // What is done only where it is asked for sends packets.
      for definition in CheckDefinition.all where definition.demand == nil {
        let check = try #require(report[definition.id], "\(definition.id)")
        guard let kind = definition.kind, kind.proto == .esp else { continue }
        if check.id.fits("crypto.*") {
          #expect(check.status != .pass, "\(check.id)")
        } else {
          #expect(check.status == (check.id == "xfrm.esp4" ? .fail : .absent), "\(check.id)")
        }
        #expect(check.cause != nil, "\(check.id)")
      }
      #expect(report.verdict == .notReady)
      // None of these takes ESP, so that none of them proves it.
      let databases: [CheckID] = [
        "xfrm.kernel", "xfrm.netlink", "xfrm.query", "xfrm.events", "xfrm.allocspi",
        "xfrm.policy.v4", "xfrm.sockpolicy.v4", "udp.encap.v4",
      ]
      for id in databases { #expect(report[id]?.status == .pass, "\(id)") }
    }

    @Test(
      "a check that is to load no module loads none",
      .disabled(if: Bed.name == "host", "the machine's modules are its own"))
    func modules() async throws {
      try await Modules.loadIPv6()
      // Some other test may have used it.
      try await Modules.unload("ah4")
      _ = try XFRMClient()
      let before = try Modules.loaded()
      let report = await Self.check(Self.everything, loadingModules: false)
      #expect(try Modules.loaded() == before)
      #expect(report["xfrm.esp4"]?.status == .unknown)
      #expect(report["xfrm.policy.v4"]?.status == .pass)
      #expect(report["udp.encap.v6"]?.status == .pass)
      #expect(report["xfrm.ah4"]?.status == .unknown)

      let loading = await Self.check(Self.everything)
      #expect(loading["xfrm.ah4"]?.status == .pass)
      #expect(loading.sideEffects.modulesLoaded.contains("ah4"))
    }

    @Test("a check leaves the namespaces as they were")
    func traces() async throws {
      var client = try XFRMClient()
      var route = try RouteConnection()
      let before = (try client.sadInfo().count, try client.spdInfo().count)
      let actions = try client.defaultActions()
      let report = await Self.check(Self.everything)
      #expect(report["xfrm.default"]?.status == .pass)
      #expect((try client.sadInfo().count, try client.spdInfo().count) == before)
      #expect(try client.defaultActions() == actions)
      #expect(try route.interfaces(XFRMInterface.self).isEmpty)
    }
  }
}

extension Bed {
  /// What is about the kernel alone.
  fileprivate static let asked: [Check.Group] = [
    .interface, .protocols, .encapsulation, .features,
  ]

  /// What the kernel of a bed is known to have; `nil` for what depends on tests before this one, or
  /// on a machine that may be any.
  fileprivate static func expected(_ id: CheckID) -> Check.Status? {
    guard name != "host" else { return nil }
    switch id {
    case "xfrm.pfkey", "xfrm.vti4", "xfrm.vti6", "xfrm.offload", "xfrm.stat-errors",
      "xfrm.leftovers", "crypto.accel":
      return nil
    case "xfrm.lastused": return isAtLeast((6, 2)) ? .pass : .unknown
    case "xfrm.interface": return name == "uml" ? .absent : .pass
    case "xfrm.sadir": return isAtLeast((6, 10)) ? .pass : .absent
    case "xfrm.pcpu": return isAtLeast((6, 13)) || name == "qemu-6.12" ? .pass : .absent
    case "xfrm.iptfs", "xfrm.espintcp": return .absent
    default: return .pass
    }
  }
}
