import Testing
import XFRMKit

extension Kernel {
  /// The messages beside add, update, delete, list and flush.
  @Suite("Other requests")
  struct MessageTests {
    @Test("an SPI is allocated from its range, by protocol", arguments: [IPProtocol.esp, .ah])
    func allocateSPI(_ proto: IPProtocol) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var request = SPIRequest(
        from: Self.left, to: Self.right, proto: proto, mode: .tunnel, range: 0x1000...0x1fff)
      request.requestID = 5
      request.mark = Mark(3)
      request.interfaceID = 8
      let first = try xfrm.allocateSPI(request)
      let second = try xfrm.allocateSPI(request)
      #expect(first.spi != second.spi)
      for larval in [first, second] { #expect(request.range.contains(larval.spi.rawValue)) }
      #expect(first.requestID == 5)
      #expect(first.mark == Mark(3))
      #expect(first.interfaceID == 8)
      #expect(first.proto == proto)
      request.range = first.spi.rawValue...first.spi.rawValue
      let none = try #require(throws: XFRMError.self) { try xfrm.allocateSPI(request) }
      #expect(none.refusal?.errno == .noSuchFile)
      #expect(none.cause == .noFreeSPI)
    }

    @Test("an update completes what was allocated; adding it is refused", Bed.needsESP)
    func completeAllocation() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let larval = try xfrm.allocateSPI(SPIRequest(from: Self.left, to: Self.right, mode: .tunnel))
      var association = numberedAssociation(1)
      association.spi = larval.spi
      association.requestID = larval.requestID
      let exists = try #require(throws: XFRMError.self) { try xfrm.add(association) }
      #expect(exists.cause == .exists)
      try xfrm.update(association)
      #expect(try xfrm.associations().map(\.spi) == [larval.spi])
      #expect(try xfrm.association(association.id).aead == association.aead)
    }

    @Test("SAs are listed by protocol and address", arguments: [AddressFamily.ipv4, .ipv6])
    func filter(_ family: AddressFamily) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let isV6 = family == .ipv6
      let near: IPAddress = isV6 ? .v6(0xfd01 << 48, 1) : .v4(0x0a01_0001)
      let far: IPAddress = isV6 ? .v6(0xfd02 << 48, 1) : .v4(0x0a02_0001)
      let peer: IPAddress = isV6 ? .v6(0xfd03 << 48, 1) : .v4(0x0a03_0001)
      for (source, proto) in [(near, IPProtocol.esp), (near, .ah), (far, .esp)] {
        _ = try xfrm.allocateSPI(SPIRequest(from: source, to: peer, proto: proto, mode: .tunnel))
      }
      let nearby = IPPrefix(near, length: isV6 ? 16 : 16)
      func count(_ filter: AssociationFilter) throws -> Int { try xfrm.associations(filter).count }
      #expect(try count(AssociationFilter()) == 3)
      #expect(try count(AssociationFilter(.ipsec)) == 3)
      #expect(try count(AssociationFilter(.ah)) == 1)
      #expect(try count(AssociationFilter(source: nearby)) == 2)
      #expect(try count(AssociationFilter(.esp, source: nearby)) == 1)
      #expect(try count(AssociationFilter(source: nearby, destination: IPPrefix(peer))) == 2)
      #expect(try count(AssociationFilter(destination: nearby)) == 0)
    }

    @Test("sequence numbers and counters are set and read", Bed.needsESP)
    func checkpoint() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = numberedAssociation(1)
      association.replayWindow = 32
      association.initialUsage = Usage()
      association.initialUsage?.packets = 11
      association.checkpointPackets = 500
      try xfrm.add(association)
      // Its reply bears the port that the request names, not the socket's.
      var now = try xfrm.checkpoint(of: association.id, with: [.packets, .timer])
      #expect(now.usage?.packets == 11)
      #expect(now.packets == 500)
      #expect(now.timerTenths == 10, "the setting's default")

      var wish = AssociationCheckpoint(association.id)
      wish.replayState = ReplayState()
      wish.replayState?.outgoingSequence = 1_000
      wish.replayState?.incomingSequence = 2_000
      wish.usage = Usage()
      wish.usage?.bytes = 1 << 33
      wish.timerJiffies = 600_000
      try xfrm.perform(.setCheckpoint(wish))
      now = try xfrm.checkpoint(of: association.id, with: .timer)
      #expect(now.replayState == wish.replayState)
      #expect(now.usage?.bytes == 1 << 33)
      // A tick is 1/CONFIG_HZ s; what is read is tenths of a second.
      let frequencies = [100, 250, 300, 1000] as [UInt32]
      #expect(frequencies.contains { now.timerTenths == 600_000 * 10 / $0 })
      #expect(now.packets == nil, "not asked for")

      let nothing = try #require(throws: XFRMError.self) {
        try xfrm.perform(.setCheckpoint(AssociationCheckpoint(association.id)))
      }
      #expect(nothing.refusal?.errno == .invalidArgument)
      wish.id.spi = 0xdead
      let missing = try #require(throws: XFRMError.self) { try xfrm.perform(.setCheckpoint(wish)) }
      #expect(missing.cause == .missing)
    }

    @Test("an extended replay window is kept bit by bit", Bed.needsESP, arguments: [64, 4_096])
    func replayWindow(_ window: UInt32) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = numberedAssociation(1)
      association.flags.insert(.extendedSequenceNumbers)
      var state = ExtendedReplayState(window: window)
      state.incomingSequence = 1 << 32 | 5
      for index in state.bitmap.indices { state.bitmap[index] = 0x8000_0001 &+ UInt32(index) }
      association.extendedReplayState = state
      try xfrm.add(association)
      #expect(try xfrm.association(association.id).extendedReplayState == state)
      #expect(try xfrm.checkpoint(of: association.id).extendedReplayState == state)
    }

    @Test("a migration moves the SA and the policy's template", Bed.needsESP)
    func migrate() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let association = numberedAssociation(1)
      try xfrm.add(association)
      var policy = numberedPolicy(1)
      policy.action = .allow
      policy.templates = [Template(association)]
      try xfrm.add(policy)
      let moved: IPAddress = .v4(0xc633_6401)
      var migration = Migration(
        policy.selector, direction: .outgoing,
        entries: [
          Migration.Entry(
            from: Migration.Entry.Endpoints(
              from: association.source, to: association.destination),
            to: Migration.Entry.Endpoints(from: moved, to: association.destination),
            mode: .tunnel, requestID: association.requestID)
        ])
      migration.keyManagerAddresses = Migration.KeyManagerAddresses(
        local: moved, remote: association.destination)
      try xfrm.perform(.migrate(migration))
      #expect(try xfrm.policy(policy.key).templates.map(\.source) == [moved])
      #expect(try xfrm.associations().map(\.source) == [moved])
      #expect(try xfrm.associations().map(\.aead) == [association.aead])

      migration.selector = numberedPolicy(2).selector
      let missing = try #require(throws: XFRMError.self) {
        try xfrm.perform(.migrate(migration))
      }
      #expect(missing.cause == .missing)
    }

    @Test("an SA and a policy that are told to expire are gone", Bed.needsESP)
    func expire() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let association = numberedAssociation(1)
      try xfrm.add(association)
      try xfrm.perform(.expireAssociation(association.id, isHard: false))
      #expect(try xfrm.sadInfo().count == 1)
      try xfrm.perform(.expireAssociation(association.id, isHard: true))
      #expect(try xfrm.sadInfo().count == 0)
      let gone = try #require(throws: XFRMError.self) {
        try xfrm.perform(.expireAssociation(association.id, isHard: true))
      }
      #expect(gone.cause == .missing)
      let absent = try #require(throws: XFRMError.self) {
        try xfrm.perform(.expirePolicy(numberedPolicy(1).key, isHard: true))
      }
      #expect(absent.cause == .missing)
    }

    @Test("default actions change by direction")
    func defaultActions() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let open = DefaultActions(incoming: .accept, forwarded: .accept, outgoing: .accept)
      #expect(try xfrm.defaultActions() == open)
      try xfrm.perform(.setDefaultActions(DefaultActions(forwarded: .block)))
      #expect(
        try xfrm.defaultActions()
          == DefaultActions(incoming: .accept, forwarded: .block, outgoing: .accept))
    }

    @Test("hash thresholds change by family")
    func hashThresholds() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let wish = SPDInfo.HashThreshold(local: 24, remote: 16)
      try xfrm.perform(.setHashThresholds(ipv4: wish, ipv6: nil))
      #expect(try xfrm.spdInfo().thresholdIPv4 == wish)
      #expect(try xfrm.spdInfo().thresholdIPv6 == SPDInfo.HashThreshold(local: 128, remote: 128))
      let refused = try #require(throws: XFRMError.self) {
        try xfrm.perform(
          .setHashThresholds(ipv4: SPDInfo.HashThreshold(local: 33, remote: 0), ipv6: nil))
      }
      #expect(refused.refusal?.errno == .invalidArgument)
    }

    @Test("xfrm interfaces are made, listed and deleted", Bed.needsXFRMInterface)
    func interfaces() throws {
      var route = try RouteConnection(in: try NetworkNamespace.create())
      try route.add(InterfaceName("ipsec0"), XFRMInterface(id: 42))
      try route.add(
        InterfaceName("ipsec1", index: 77), XFRMInterface(id: 43, underlyingInterface: 1))
      let listed = try route.interfaces(XFRMInterface.self).sorted { $0.kind.id < $1.kind.id }
      #expect(listed.map(\.name.name) == ["ipsec0", "ipsec1"])
      #expect(
        listed.map(\.kind) == [
          XFRMInterface(id: 42), XFRMInterface(id: 43, underlyingInterface: 1),
        ])
      #expect(listed.last?.name.index == 77)

      let taken = try #require(throws: NetlinkError.self) {
        try route.add(InterfaceName("ipsec2"), XFRMInterface(id: 42))
      }
      guard case .refused(let refusal) = taken else {
        Issue.record("\(taken)")
        return
      }
      #expect(refusal.errno == .fileExists)
      try route.add(InterfaceName("ipsecm"), XFRMInterface.metadataCollecting)
      #expect(
        try route.interfaces(XFRMInterface.self).contains { $0.kind == .metadataCollecting })
      for name in ["ipsec0", "ipsec1", "ipsecm"] { try route.deleteInterface(name) }
      #expect(try route.interfaces(XFRMInterface.self).isEmpty)
    }

    @Test("settings are read and changed by namespace")
    func settings() throws {
      let one = try NetworkNamespace.create()
      let other = try NetworkNamespace.create()
      let defaults: [KernelSetting: UInt32] = [
        .checkpointTenths: 10, .checkpointPackets: 2, .dropsWhileLarval: 1, .acquireSeconds: 30,
      ]
      for setting in KernelSetting.allCases {
        #expect(try setting.value(in: one) == defaults[setting])
        try setting.set(7, in: one)
        #expect(try setting.value(in: one) == 7)
        #expect(try setting.value(in: other) == defaults[setting])
      }
    }

    private static let left: IPAddress = .v4(0xc000_0201)
    private static let right: IPAddress = .v4(0xc000_0202)
  }
}
