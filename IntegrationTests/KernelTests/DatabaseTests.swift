import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// What goes in comes out, changes as asked, and goes away.
  @Suite("Policy database")
  struct PolicyDatabaseTests {
    @Test("a policy that is added is listed, found, replaced and deleted", arguments: families)
    func lifeCycle(_ family: AddressFamily) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var policy = samplePolicy(family)
      try xfrm.add(policy)

      let listed = try #require(try xfrm.policies().first)
      #expect(try xfrm.policies().count == 1)
      #expect(listed.isAsAsked(policy))
      #expect(try xfrm.policy(policy.key).isAsAsked(policy))
      #expect(
        try xfrm.policy(PolicyKey(index: listed.index, direction: .outgoing, mark: policy.mark))
          .isAsAsked(policy))
      #expect(try xfrm.spdInfo().outgoing == 1)
      #expect(try xfrm.spdInfo().count == 1)

      #expect(throws: XFRMError.self) { try xfrm.add(policy) }
      policy.priority = 7
      try xfrm.update(policy)
      #expect(try xfrm.policies().map(\.priority) == [7])
      #expect(try xfrm.policies().first?.index == listed.index, "a replacement keeps the number")

      try xfrm.delete(policy.key)
      #expect(try xfrm.policies().isEmpty)
    }

    @Test("flushing removes every direction")
    func flush() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      for direction in [Policy.Direction.incoming, .outgoing, .forwarded] {
        var policy = samplePolicy(.ipv4)
        policy.direction = direction
        try xfrm.add(policy)
      }
      #expect(try xfrm.policies().count == 3)
      try xfrm.flushPolicies()
      #expect(try xfrm.policies().isEmpty)
    }

    @Test("refusals say why")
    func refusals() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let policy = samplePolicy(.ipv4)
      let missing = try #require(throws: XFRMError.self) { try xfrm.delete(policy.key) }
      #expect(missing.cause == .missing)
      #expect(missing.refusal?.errno == .noSuchFile)

      try xfrm.add(policy)
      let exists = try #require(throws: XFRMError.self) { try xfrm.add(policy) }
      #expect(exists.cause == .exists)

      var senseless = policy
      senseless.direction = Policy.Direction(rawValue: 9)
      let refused = try #require(throws: XFRMError.self) { try xfrm.add(senseless) }
      #expect(refused.refusal?.errno == .invalidArgument)
      #expect(refused.refusal?.explanation == "Invalid policy direction")
    }

    @Test(
      "many changes in few datagrams have an outcome each",
      arguments: [
        BatchOptions.Acknowledgement.everyMessage, .lastOfDatagram,
      ])
    func batch(_ acknowledgement: BatchOptions.Acknowledgement) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var operations = (0..<3_000).map { Operation.addPolicy(numberedPolicy($0)) }
      operations[1_234] = operations[7]  // There already, by then.
      var options = BatchOptions()
      options.acknowledgement = acknowledgement
      var reported: [RequestOutcome] = []
      let outcomes = xfrm.perform(operations, options: options) { number, outcome in
        #expect(number == reported.count)
        reported.append(outcome)
      }.outcomes
      #expect(outcomes.count == 3_000)
      #expect(reported == outcomes)
      #expect(outcomes.indices.filter { outcomes[$0] != .accepted } == [1_234])
      guard case .refused(let refusal) = outcomes[1_234] else {
        Issue.record("\(outcomes[1_234])")
        return
      }
      #expect(refusal.errno == .fileExists)
      #expect(try xfrm.spdInfo().count == 2_999)
      #expect(try xfrm.policies().count == 2_999)
    }

    @Test("a batch that is to stop at a refusal sends nothing after it")
    func stoppingBatch() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let operations = [0, 1, 1, 2, 3].map { Operation.addPolicy(numberedPolicy($0)) }
      var options = BatchOptions()
      options.onRefusal = .stop
      let outcomes = xfrm.perform(operations, options: options).outcomes
      #expect(outcomes[..<2] == [.accepted, .accepted])
      #expect(outcomes[3...] == [.notSent, .notSent])
      #expect(try xfrm.policies().count == 2)
    }

    @Test("a change that cannot be expressed is told, and those around it are carried out")
    func unencodableInBatch() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var operations = (0..<5).map { Operation.addPolicy(numberedPolicy($0)) }
      let mixed = Policy(
        Selector(from: .any(.ipv6), to: IPPrefix(.v4(0x0a00_0000), length: 8)),
        direction: .outgoing)
      operations[2] = .addPolicy(mixed)
      let result = xfrm.perform(operations)
      #expect(result.failure == nil)
      #expect(result.outcomes[..<2] == [.accepted, .accepted])
      #expect(result.outcomes[3...] == [.accepted, .accepted])
      guard case .unencodable = result.outcomes[2] else {
        Issue.record("\(result.outcomes[2])")
        return
      }
      #expect(!result.isAccepted)
      #expect(try xfrm.policies().count == 4)
    }

    static let families: [AddressFamily] = [.ipv4, .ipv6]
  }

  @Suite("Security association database", Bed.needsESP)
  struct AssociationDatabaseTests {
    @Test("an SA that is added is listed and found as it was asked for", arguments: Case.all)
    func lifeCycle(_ test: Case) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let association = sampleAssociation(test.protection)
      try xfrm.add(association)
      let listed = try #require(try xfrm.associations().first)
      #expect(listed.isAsAsked(association))
      #expect(try xfrm.association(association.id).isAsAsked(association))
      #expect(try xfrm.associations(AssociationFilter(.ah)).isEmpty)
      #expect(try xfrm.sadInfo().count == 1)

      let exists = try #require(throws: XFRMError.self) { try xfrm.add(association) }
      #expect(exists.cause == .exists)

      try xfrm.delete(association.id)
      #expect(try xfrm.associations().isEmpty)
      let missing = try #require(throws: XFRMError.self) { try xfrm.delete(association.id) }
      #expect(missing.cause == .missing)
    }

    @Test("an update changes the lifetime and leaves the key")
    func update() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let association = sampleAssociation(Protection())
      try xfrm.add(association)
      var changed = association
      changed.lifetime.hard.packets = 1_000
      ESPProposal.aes256gcm16.protect(&changed)
      try xfrm.update(changed)
      let now = try xfrm.association(association.id)
      #expect(now.lifetime.hard.packets == 1_000)
      #expect(now.aead == association.aead)
    }

    @Test("flushing a protocol leaves the others")
    func flush() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      try xfrm.add(sampleAssociation(Protection()))
      try xfrm.flushAssociations(.ah)
      #expect(try xfrm.associations().count == 1)
      try xfrm.flushAssociations(.esp)
      #expect(try xfrm.associations().isEmpty)
    }

    @Test("a key of the wrong length is refused, and the cause named")
    func keyLength() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = sampleAssociation(Protection())
      association.aead?.key = .random(count: 21)
      let aead = try #require(throws: XFRMError.self) { try xfrm.add(association) }
      #expect(aead.cause == .keyLength("rfc4106(gcm(aes))", bytes: 21))

      association = sampleAssociation(Protection(.aes256sha256))
      association.encryption?.key = .random(count: 21)
      let cipher = try #require(throws: XFRMError.self) { try xfrm.add(association) }
      #expect(cipher.cause == .keyLength("cbc(aes)", bytes: 21))
    }

    @Test("an algorithm that no kernel has is refused, and named")
    func algorithm() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = sampleAssociation(Protection())
      association.aead?.name = "no-such-cipher"
      let error = try #require(throws: XFRMError.self) { try xfrm.add(association) }
      #expect(error.cause == .noAlgorithm("no-such-cipher"))
      #expect(error.refusal?.explanation == "Requested AEAD algorithm not found")
    }
  }

  /// The build machine's usual kernel: everything but ESP.
  @Suite("A kernel without ESP", .disabled(if: Bed.hasESP, "the kernel of this bed has ESP"))
  struct WithoutESPTests {
    @Test("adding an SA says what is missing")
    func missing() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let error = try #require(throws: XFRMError.self) {
        try xfrm.add(sampleAssociation(Protection(.aes256sha256)))
      }
      #expect([.noProtocol(.esp, .ipv4), .noAlgorithm("cbc(aes)")].contains(error.cause))
      #expect(try xfrm.associations().isEmpty)
    }
  }
}

// MARK: - Samples

private func samplePolicy(_ family: AddressFamily) -> Policy {
  let isV6 = family == .ipv6
  let source: IPAddress = isV6 ? .v6(0xfd00 << 48, 1) : .v4(0x0a01_0001)
  let destination: IPAddress = isV6 ? .v6(0xfd00 << 48, 2) : .v4(0x0a02_0001)
  var selector = Selector(from: IPPrefix(source), to: IPPrefix(destination), proto: .tcp)
  selector.destinationPort = Selector.Port(443)
  var policy = Policy(
    selector, direction: .outgoing,
    templates: [Template(from: source, to: destination, mode: .tunnel, requestID: 9)])
  policy.priority = 1_000
  policy.mark = Mark(0x10, mask: 0xff)
  policy.lifetime.hard.secondsFromAdd = 3_600
  return policy
}

private func sampleAssociation(_ protection: Protection) -> SecurityAssociation {
  let isV6 = protection.family == .ipv6
  var association = SecurityAssociation(
    from: isV6 ? .v6(0x2001_0db8 << 32, 1) : .v4(0xc000_0201),
    to: isV6 ? .v6(0x2001_0db8 << 32, 2) : .v4(0xc000_0202), spi: 0xc0ff_ee01,
    mode: protection.mode)
  association.requestID = 42
  association.replayWindow = 32
  association.lifetime.soft.bytes = 1 << 40
  association.mark = Mark(0x1, mask: 0xff)
  if protection.isInUDP { association.encapsulation = Encapsulation(.espInUDP) }
  protection.proposal.protect(&association)
  return association
}

extension Policy {
  /// Whether it has all of `asked`; what the kernel adds by itself left out.
  func isAsAsked(_ asked: Policy) -> Bool {
    var copy = self
    copy.index = asked.index
    copy.usage = asked.usage
    return copy == asked
  }
}

extension SecurityAssociation {
  func isAsAsked(_ asked: SecurityAssociation) -> Bool {
    var copy = self
    // An unrestricted selector gets the SA's family.
    copy.selector.family = asked.selector.family
    copy.selector.source = asked.selector.source
    copy.selector.destination = asked.selector.destination
    copy.replayState = asked.replayState
    copy.usage = asked.usage
    return copy == asked
  }
}
