import Testing

@testable import XFRMKit

extension Kernel {
  /// What the kernel is found to have is what it does.
  @Suite("Features")
  struct FeatureTests {
    @Test("a kernel of a bed has what is known of it")
    func matrix() async throws {
      try await Modules.loadIPv6()
      var features = KernelFeatures()
      features.probe(Feature.all)
      for feature in Feature.all {
        guard let known = Bed.known(feature) else { continue }
        #expect(features[feature] == known, "\(feature)")
      }
      // There cannot be any of these.
      #expect(features.probe(.message(MessageType(rawValue: 60))) == .absent(nil))
      #expect(features.probe(.attribute(AttributeType(rawValue: 200))) == .absent(nil))
    }

    @Test("what is found can be done, and what is not found cannot")
    func deeds() async throws {
      try await Modules.loadIPv6()
      var features = KernelFeatures()
      features.probe(Deed.all.map(\.feature))
      for deed in Deed.all {
        let refusal = deed.carryOut()
        switch features[deed.feature] {
        case .present: #expect(refusal == nil, "\(deed.feature): \(refusal.map { "\($0)" } ?? "")")
        case .absent: #expect(refusal != nil, "\(deed.feature) works")
        case .unknown(let obstacle): Issue.record("\(deed.feature): \(obstacle)")
        }
      }
    }

    @Test("algorithms are missing, take other keys, or work")
    func algorithms() throws {
      var features = KernelFeatures()
      let nobody = Feature.aead("no-such-cipher", keyBytes: 36, checkBits: 128)
      #expect(features.probe(nobody) == .absent(.noAlgorithm("no-such-cipher")))
      let cipher = Feature.encryption("no-such-cipher", keyBytes: 16)
      #expect(features.probe(cipher) == .absent(.noAlgorithm("no-such-cipher")))
      let compression = Feature.compression("lzs")
      #expect(features.probe(compression) == .absent(.noAlgorithm("lzs")))

      let name = "rfc4106(gcm(aes))"
      let gcm = Feature.aead(name, keyBytes: 36, checkBits: 128)
      guard Bed.hasESP else {
        let lack = RefusalCause.noProtocol(.esp, .ipv4)
        #expect([.absent(lack), .absent(.noAlgorithm(name))].contains(features.probe(gcm)))
        let cbc = Feature.encryption("cbc(aes)", keyBytes: 16)
        #expect(
          [.absent(lack), .absent(.noAlgorithm("cbc(aes)"))].contains(features.probe(cbc)))
        return
      }
      #expect(features.probe(gcm) == .present)
      #expect(
        features.probe(.aead(name, keyBytes: 33, checkBits: 128))
          == .absent(.keyLength(name, bytes: 33)))
      #expect(
        features.probe(.aead(name, keyBytes: 36, checkBits: 72)) == .absent(.noAlgorithm(name)))
      #expect(features.probe(.encryption("cbc(aes)", keyBytes: 32)) == .present)
      // Which the kernel refuses without a word.
      #expect(
        features.probe(.encryption("cbc(aes)", keyBytes: 17))
          == .absent(.keyLength("cbc(aes)", bytes: 17)))
      let hash = "hmac(sha256)"
      #expect(features.probe(.authentication(hash, keyBytes: 32, checkBits: 128)) == .present)
      #expect(
        features.probe(.authentication(hash, keyBytes: 32, checkBits: 300))
          == .absent(.truncation(hash, bits: 300)))
    }

    @Test("asking in somebody's namespace leaves nothing, and nobody hears of it")
    func traces() throws {
      let namespace = try NetworkNamespace.create()
      // Everything but acquires, which a listener would make the kernel wait for.
      var monitor = try NetlinkMonitor(.xfrm, groups: Array(2...8), in: namespace)
      var xfrm = try XFRMClient(in: namespace)
      let actions = try xfrm.defaultActions()
      var features = KernelFeatures()
      let wrongKey = Feature.encryption("cbc(aes)", keyBytes: 17)
      features.probe(
        Feature.all + [.aead("rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128), wrongKey],
        in: namespace)
      #expect(features[.message(.getAssociation)] == .present)
      if Bed.hasESP {
        #expect(features[.proto(.esp, .ipv4)] == .present)
        #expect(features[wrongKey] == .unknown(.needsPrivateNamespace))
      }

      #expect(try xfrm.sadInfo().count == 0)
      #expect(try xfrm.spdInfo().count == 0)
      #expect(try xfrm.defaultActions() == actions)
      var route = try RouteConnection(in: namespace)
      #expect(try route.interfaces(XFRMInterface.self).isEmpty)
      #expect(try !monitor.next(milliseconds: 0) { _ in })

      // Had there been something, it would have shown.
      try xfrm.add(Policy(.any(.ipv4), direction: .outgoing, action: .block))
      _ = try xfrm.allocateSPI(
        SPIRequest(from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel))
      #expect(try xfrm.spdInfo().count == 1)
      #expect(try xfrm.sadInfo().count == 1)
      #expect(try monitor.next(milliseconds: 0) { _ in })
    }

    @Test("an SA that a kernel of few words accepts is gone at once", Bed.needsESP)
    func acceptance() throws {
      let namespace = try NetworkNamespace.create()
      var prober = try FeatureProber(in: namespace, isPrivate: true)
      var probe = try #require(AssociationProbe(.proto(.esp, .ipv4), .ipv4))
      probe.hasFlaw = false
      #expect(prober.tryOut(probe.request, probe.association.id) == nil)
      var xfrm = try XFRMClient(in: namespace)
      #expect(try xfrm.sadInfo().count == 0)
      try xfrm.perform(probe.request)
      #expect(try xfrm.sadInfo().count == 1)
    }

    @Test("without privileges nothing is known")
    func unprivileged() throws {
      let namespace = try NetworkNamespace.create()
      let (own, given) = try withoutCapabilities {
        var own = KernelFeatures()
        own.probe(Feature.all)
        var given = KernelFeatures()
        given.probe(Feature.all, in: namespace)
        return (own, given)
      }
      for feature in Feature.all {
        guard case .unknown(.failed) = own[feature] else {
          Issue.record("\(feature): \(own[feature])")
          continue
        }
        // That a message has no number is told to everybody.
        if given[feature] == .absent(nil), feature == .stateMigration { continue }
        guard case .unknown(.failed(let error)) = given[feature] else {
          Issue.record("\(feature): \(given[feature])")
          continue
        }
        #expect(error.cause == .notPrivileged, "\(feature)")
      }
      var privileged = KernelFeatures()
      #expect(privileged.probe(.message(.getAssociation), in: namespace) == .present)
    }

    @Test(
      "a kernel that is to load no module loads none",
      .disabled(if: Bed.name == "host", "the machine's modules are its own"))
    func modules() async throws {
      try await Modules.loadIPv6()
      // Some other test may have used it.
      try await Modules.unload("ipcomp6")
      _ = try XFRMClient()
      let before = try Modules.loaded()
      let ipComp = Feature.proto(.ipComp, .ipv6)
      var features = KernelFeatures()
      features.probe(Feature.all, loadingModules: false)
      #expect(try Modules.loaded() == before)
      #expect(features[ipComp] == .unknown(.mightLoadModule))
      #expect(features[.interface] == .unknown(.mightLoadModule))
      #expect(features[.attribute(.mark)] == .present)
      #expect(features[.defaultActions] == .present)

      #expect(features.probe(ipComp) == .present)
      #expect(try Modules.loaded().subtracting(before).contains("ipcomp6"))
      features.probe(ipComp, loadingModules: false)
      #expect(features[ipComp] == .present, "it is known by now")
    }

    @Test(
      "a kernel that is to load no module is not asked by a socket that would",
      .disabled(if: Bed.name == "host", "the machine's modules are its own"))
    func xfrmUser() async throws {
      try await Modules.unload("xfrm_user")
      try #require(try !Modules.loaded().contains("xfrm_user"))
      let mark = Feature.attribute(.mark)
      var features = KernelFeatures()
      #expect(features.probe(mark, loadingModules: false) == .unknown(.mightLoadModule))
      #expect(try !Modules.loaded().contains("xfrm_user"))

      #expect(features.probe(mark) == .present)
      #expect(try Modules.loaded().contains("xfrm_user"))
    }
  }
}
