import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// A kernel's state as a configuration.
@Suite("Export of a kernel")
struct ExchangeTests {
  private func state(_ exchange: Exchange) throws -> DesiredState {
    try expand(YAMLWriter.text(exchange.tree), host: "").state
  }

  @Test("leaves nothing to do but to own it", arguments: 0..<80 as Range<UInt64>)
  func plain(seed: UInt64) throws {
    let snapshot = RandomKernel(seed: seed, isPlain: true).snapshot
    let exchange = Exchange(snapshot)
    let losses = exchange.losses.map { "\($0.object): \($0.explanation)" }
    // What is in the way is told of: these have no other reason.
    let known = [
      "has no ports here", "one for all directions", "no policy for incoming", "has no name for",
      "which nothing tells",
    ]
    for loss in losses where !known.contains(where: { loss.contains($0) }) {
      #expect(
        loss.contains("RFC 8221") || loss.contains("leads from") || loss.contains("window"),
        "\(loss)")
    }
    var state = try state(exchange)
    // What a gateway needs is the host's, and no snapshot of this one.
    state.settings = []
    let (kernel, holdings) = snapshot.adopted(by: state)
    #expect(kernel.policies.count == state.policies.count)
    #expect(kernel.associations.count == state.associations.count)
    let plan = try Planner(state, on: kernel, holding: holdings).plan()
    #expect(plan.isEmpty, "seed \(seed): \(plan.steps.map { "\($0.object): \($0.reason)" })")
    for entry in state.associations {
      let present = try #require(
        kernel.associations.first { $0.id.isSame(as: entry.association.id) })
      expectSame(entry, present)
    }
    // Most of it is there.
    let whole = exchange.losses.count { $0.isWhole }
    #expect(exchange.policies.count * 2 + exchange.associations.count >= whole)
  }

  /// All that a configuration says of an SA.
  private func expectSame(_ entry: AssociationEntry, _ present: SecurityAssociation) {
    let wanted = entry.association
    #expect(wanted.flags == present.flags)
    #expect(wanted.extraFlags ?? [] == present.extraFlags ?? [])
    #expect(wanted.lifetime == present.lifetime)
    #expect(wanted.encapsulation == present.encapsulation)
    #expect(wanted.outputMark == present.outputMark && wanted.interfaceID == present.interfaceID)
    #expect(
      wanted.extendedReplayState?.window ?? UInt32(wanted.replayWindow) == present
        .extendedReplayState?.window ?? UInt32(present.replayWindow))
    #expect(wanted.source == present.source && wanted.mode == present.mode)
  }

  @Test("says what of it there are no words for", arguments: 0..<80 as Range<UInt64>)
  func spoilt(seed: UInt64) throws {
    let snapshot = RandomKernel(seed: seed, isPlain: false).snapshot
    let exchange = Exchange(snapshot)
    let state = try state(exchange)
    let wanted = Set(state.policies.map(\.policy.key))
    let whole = exchange.losses.filter(\.isWhole)
    #expect(Set(whole.map(\.object)).count == whole.count)
    let missing = snapshot.policies.filter { !wanted.contains($0.key) }
    let left =
      snapshot.associations.count - state.associations.count + missing.count
    // A pair of policies is one entry, and is lost as one or as two.
    #expect(whole.count <= left && (left == 0) == whole.isEmpty)
    for association in state.associations.map(\.association) {
      let present = try #require(snapshot.associations.first { $0.id.isSame(as: association.id) })
      let names = exchange.losses.map(\.object)
      let isTold = state.associations.contains {
        $0.association.spi == association.spi && names.contains($0.name.entry)
      }
      #expect(
        isTold
          || present.lifetime == association.lifetime && present.flags == association.flags
            && present.cpu == nil && present.selector == .unrestricted
      )
    }
  }

  @Test("a guard is a word of what it guards, and what nobody guards is told of")
  func guards() throws {
    let text = """
      spd:
      - name: web
        direction: inbound
        reqid: 7
        traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16}
        processing-info:
          action: protect
          ipsec-sa-cfg: {mode: tunnel, tunnel: {local: 192.0.2.1, remote: 192.0.2.2}}
      """
    var kernel = KernelModel()
    for entry in try expand(text).state.policies { try kernel.perform(.addPolicy(entry.policy)) }
    let exchange = Exchange(kernel.snapshot())
    #expect(exchange.losses.isEmpty)
    #expect(exchange.policies.map(\.isGuarded) == [true])
    #expect(exchange.policies.map(\.forwards) == [true])
    let web = try #require(kernel.policies.first)
    try kernel.perform(.deletePolicy(web.key))
    let rest = Exchange(kernel.snapshot())
    #expect(rest.losses.allSatisfy { $0.isWhole })
    #expect(rest.losses.contains { $0.explanation == "it guards nothing that is here" })
  }

  @Test("peers may have one reqid, and each policy the SAs between its own ends")
  func hub() throws {
    let hub = IPAddress.v4(0xc000_0201)
    var associations: [SecurityAssociation] = []
    var policies: [Policy] = []
    for number in 2...3 as ClosedRange<UInt32> {
      let peer = IPAddress.v4(0xc000_0200 + number)
      for (from, to, spi) in [(hub, peer, 0x1000 + number), (peer, hub, 0x2000 + number)] {
        var association = SecurityAssociation(
          from: from, to: to, spi: SPI(rawValue: spi), mode: .tunnel)
        association.requestID = 1
        association.direction = from == hub ? .outgoing : .incoming
        ESPProposal.aes256sha256.protect(&association)
        associations.append(association)
      }
      let network = IPPrefix(.v4(0x0a00_0000 + number << 16), length: 16)
      var policy = Policy(
        Selector(from: IPPrefix(.v4(0x0a01_0000), length: 16), to: network), direction: .outgoing)
      policy.priority = number
      policy.templates = [Template(from: hub, to: peer, mode: .tunnel, requestID: 1)]
      policies.append(policy)
    }
    let exchange = Exchange(KernelSnapshot(associations: associations, policies: policies))
    #expect(exchange.losses.filter(\.isWhole).isEmpty, "\(exchange.losses)")
    #expect(exchange.associations.count == 4 && exchange.policies.count == 2)
    // What no policy is for is still held against them.
    policies.removeLast()
    let lone = Exchange(KernelSnapshot(associations: associations, policies: policies))
    #expect(lone.losses.contains { $0.explanation.contains("leads from") })
  }

  @Test("thousands of names that are alike take no longer each")
  func names() {
    var exchange = Exchange()
    let time = ContinuousClock().measure {
      for _ in 0..<20_000 { _ = exchange.name(like: "policy out", of: .policy) }
    }
    #expect(time < .seconds(5))
    #expect(exchange.name(like: "policy-out", of: .policy) == "policy-out-20001")
    #expect(exchange.name(like: "policy-out", of: .association) == "policy-out")
  }

  @Test("ours and others' are told apart by the journal")
  func scopes() throws {
    var kernel = KernelModel()
    let states = RandomStates(dice: Dice(seed: 3))
    var copy = states
    let state = copy.state(generation: 1)
    var holdings = Holdings()
    let plan = try Planner(state, on: kernel.snapshot(), holding: holdings).plan()
    try kernel.carryOut(plan, noting: &holdings)
    var foreign = Policy(
      Selector(from: RandomStates.prefixes[1], to: RandomStates.prefixes[5], proto: .ipComp),
      direction: .outgoing, action: .block)
    foreign.priority = 5
    try kernel.perform(.addPolicy(foreign))
    let ours = Exchange(kernel.snapshot(), holding: holdings, scope: .ours)
    let others = Exchange(kernel.snapshot(), holding: holdings, scope: .foreign)
    let all = Exchange(kernel.snapshot(), holding: holdings)
    #expect(!ours.policies.isEmpty && others.policies.count == 1 && others.associations.isEmpty)
    #expect(all.policies.count == ours.policies.count + 1)
    #expect(ours.policies.allSatisfy { $0.name.hasPrefix("e") })
  }

  @Test("keys are in no output; files have those that may be installed again, and no others")
  func canaries() throws {
    let canary = [UInt8](repeating: 0xc5, count: 32)
    let salted = canary + canary.prefix(4)
    var cbc = SecurityAssociation(
      from: .v4(0x0a00_0001), to: .v4(0x0a00_0002), spi: 0x1001, mode: .tunnel)
    cbc.requestID = 7
    cbc.encryption = Encryption(name: "cbc(aes)", key: Secret(canary.span))
    cbc.authentication = Authentication(
      name: "hmac(sha256)", key: Secret(canary.span), truncationBits: 128)
    var gcm = SecurityAssociation(
      from: .v4(0x0a00_0001), to: .v4(0x0a00_0002), spi: 0x1002, mode: .tunnel)
    gcm.requestID = 8
    gcm.aead = AEAD(
      name: "rfc4106(gcm(aes))", key: Secret(salted.span), checkBits: 128)
    let folder = try TemporaryFolder()
    let exchange = Exchange(
      KernelSnapshot(associations: [cbc, gcm]), keyFolder: "\(folder.path)/keys")
    let document = IKEless.document(policies: [], associations: exchange.associations)
    let report = try exchange.writeKeys()
    let outputs = [
      YAMLWriter.text(exchange.tree), YAMLWriter.json(exchange.tree),
      YAMLWriter.json(document.tree), "\(exchange.losses + document.losses)", "\(report)",
    ]
    for output in outputs {
      #expect(!output.lowercased().contains("c5c5") && !output.contains("197, 197"))
    }
    #expect(report.written == ["sa-1001"] && report.withheld == ["sa-1002"])
    #expect(!exchange.hidesKeys)
    // Which shows that they would have been found.
    let resolver = KeyResolver()
    let entry = try #require(exchange.associations.first { $0.entry.name.entry == "sa-1001" })
    let key = try resolver.key(for: entry.entry)
    let both = canary + canary
    #expect(key == Secret(both.span))
    let other = try #require(exchange.associations.first { $0.entry.name.entry == "sa-1002" })
    #expect(throws: KeyProblem.self) { try resolver.key(for: other.entry) }
    #expect(throws: StoreProblem.self, "what is there is not replaced") {
      try exchange.writeKeys()
    }
  }

  @Test("a kernel that hides keys is recognised, and its zeros are not written")
  func lockdown() throws {
    var hidden = SecurityAssociation(
      from: .v4(0x0a00_0001), to: .v4(0x0a00_0002), spi: 0x1001, mode: .tunnel)
    hidden.requestID = 7
    let bytes = [UInt8](repeating: 0, count: 32)
    let zeros = Secret(bytes.span)
    hidden.encryption = Encryption(name: "cbc(aes)", key: zeros)
    hidden.authentication = Authentication(name: "hmac(sha256)", key: zeros, truncationBits: 128)
    let folder = try TemporaryFolder()
    let exchange = Exchange(
      KernelSnapshot(associations: [hidden]), keyFolder: "\(folder.path)/keys")
    #expect(exchange.hidesKeys)
    let report = try exchange.writeKeys()
    #expect(report.hidden == ["sa-1001"] && report.written.isEmpty)
  }
}
