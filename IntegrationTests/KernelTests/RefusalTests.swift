import Testing
import XFRMKit

extension Kernel {
  /// The refusals that are about no rule of an object: each is provoked, and known for what it is.
  @Suite("Refusals")
  struct RefusalTests {
    /// A request, what a kernel answers and what is made of it.
    struct Row: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var errno: SystemErrno
      /// A part of the kernel's words; `nil` if it gives none.
      var words: String?
      var cause: RefusalCause?
      var ask: @Sendable (inout XFRMClient) throws(XFRMError) -> Void
    }

    @Test("without ESP", arguments: anywhere)
    func refusedAnywhere(_ row: Row) throws { try check(row) }

    @Test("with ESP", Bed.needsESP, arguments: withESP)
    func refusedWithESP(_ row: Row) throws { try check(row) }

    @Test(
      "of an update with another direction", Bed.needsESP,
      .enabled(if: Bed.isAtLeast((6, 10)), "SAs have no direction"))
    func anotherDirection() throws {
      let row = Row(
        testDescription: "", errno: .noSuchProcess, words: nil, cause: .missingInDirection
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.direction = .outgoing
        try xfrm.add(association)
        association.direction = nil
        try xfrm.update(association)
      }
      try check(row)
    }

    private func check(_ row: Row) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      let error = try #require(throws: XFRMError.self) { try row.ask(&xfrm) }
      #expect(error.refusal?.errno == row.errno, "\(error)")
      // Linux 6.1 has words for SAs and policies only.
      let explanation = error.refusal?.explanation
      if let words = row.words, explanation != nil || Bed.isAtLeast((6, 2)) {
        #expect(explanation?.contains(words) == true, "\(error)")
      } else {
        #expect(explanation == nil, "\(error)")
      }
      if let cause = row.cause { #expect(error.cause == cause, "\(error)") }
    }

    private static let id = numberedAssociation(1).id
    private static let checkpoint: AssociationCheckpoint = {
      var checkpoint = AssociationCheckpoint(id)
      checkpoint.usage = Usage()
      return checkpoint
    }()
    private static let larval = SPIRequest(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel)

    private static func migration(_ entries: [Migration.Entry]) -> Operation {
      .migrate(Migration(numberedPolicy(1).selector, direction: .outgoing, entries: entries))
    }

    private static func move(to new: IPAddress) -> Migration.Entry {
      Migration.Entry(
        from: Migration.Entry.Endpoints(from: .v4(0xc000_0201), to: .v4(0xc000_0202)),
        to: Migration.Entry.Endpoints(from: new, to: new), mode: .tunnel)
    }

    // MARK: The rows

    static let anywhere: [Row] = [
      Row(
        testDescription: "DELSA of none", errno: .noSuchProcess, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.delete(id) },
      Row(
        testDescription: "GETSA of none", errno: .noSuchProcess, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in _ = try xfrm.association(id) },
      Row(
        testDescription: "DELSA of Mobile IPv6 without a source", errno: .invalidArgument,
        words: nil
      ) { (xfrm) throws(XFRMError) in
        var id = id
        id.proto = IPProtocol(rawValue: 43)
        id.source = nil
        try xfrm.delete(id)
      },
      Row(
        testDescription: "GETAE of none", errno: .noSuchProcess, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in _ = try xfrm.checkpoint(of: id) },
      Row(
        testDescription: "NEWAE for none", errno: .noSuchProcess, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.perform(.setCheckpoint(checkpoint)) },
      Row(
        testDescription: "NEWAE of nothing", errno: .invalidArgument,
        words: "Missing required attribute for AE"
      ) { (xfrm) throws(XFRMError) in
        try xfrm.perform(.setCheckpoint(AssociationCheckpoint(id)))
      },
      Row(
        testDescription: "EXPIRE of none", errno: .noSuchFile, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.perform(.expireAssociation(id, isHard: true)) },
      Row(
        testDescription: "EXPIRE of a larval SA", errno: .invalidArgument,
        words: "SA must be in VALID state"
      ) { (xfrm) throws(XFRMError) in
        let allocated = try xfrm.allocateSPI(larval)
        try xfrm.perform(.expireAssociation(allocated.id, isHard: true))
      },
      Row(
        testDescription: "ALLOCSPI for UDP", errno: .invalidArgument,
        words: "Invalid protocol, must be one of AH, ESP, IPCOMP"
      ) { (xfrm) throws(XFRMError) in
        var request = larval
        request.proto = .udp
        _ = try xfrm.allocateSPI(request)
      },
      Row(
        testDescription: "ALLOCSPI for IPComp beyond 16 bits", errno: .invalidArgument,
        words: "IPCOMP SPI must be <= 65535"
      ) { (xfrm) throws(XFRMError) in
        var request = larval
        request.proto = .ipComp
        request.range = 0x100...0x10000
        _ = try xfrm.allocateSPI(request)
      },
      Row(
        testDescription: "ALLOCSPI from a range that is taken", errno: .noSuchFile,
        words: "No SPI available in the requested range", cause: .noFreeSPI
      ) { (xfrm) throws(XFRMError) in
        var request = larval
        request.range = 0x1000...0x1000
        for _ in 0..<2 { _ = try xfrm.allocateSPI(request) }
      },
      Row(
        testDescription: "DELPOLICY of none", errno: .noSuchFile, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.delete(numberedPolicy(1).key) },
      Row(
        testDescription: "DELPOLICY by the index of another direction", errno: .noSuchFile,
        words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.delete(PolicyKey(index: 8, direction: .outgoing)) },
      Row(
        testDescription: "GETPOLICY in no direction", errno: .invalidArgument,
        words: "Invalid policy direction"
      ) { (xfrm) throws(XFRMError) in
        _ = try xfrm.policy(
          PolicyKey(.any(.ipv4), direction: Policy.Direction(rawValue: 3)))
      },
      Row(
        testDescription: "GETPOLICY of no type", errno: .invalidArgument,
        words: "Invalid policy type"
      ) { (xfrm) throws(XFRMError) in
        _ = try xfrm.policy(
          PolicyKey(.any(.ipv4), direction: .outgoing, kind: Policy.Kind(rawValue: 2)))
      },
      Row(
        testDescription: "NEWPOLICY twice", errno: .fileExists, words: nil, cause: .exists
      ) { (xfrm) throws(XFRMError) in
        for _ in 0..<2 { try xfrm.add(numberedPolicy(1)) }
      },
      Row(
        testDescription: "POLEXPIRE of none", errno: .noSuchFile, words: nil, cause: .missing
      ) { (xfrm) throws(XFRMError) in
        try xfrm.perform(.expirePolicy(numberedPolicy(1).key, isHard: true))
      },
      Row(
        testDescription: "NEWSPDINFO beyond IPv4", errno: .invalidArgument,
        words: "Invalid hash threshold (must be <= 32 for IPv4)"
      ) { (xfrm) throws(XFRMError) in
        try xfrm.perform(
          .setHashThresholds(ipv4: SPDInfo.HashThreshold(local: 33, remote: 1), ipv6: nil))
      },
      Row(
        testDescription: "NEWSPDINFO beyond IPv6", errno: .invalidArgument,
        words: "Invalid hash threshold (must be <= 128 for IPv6)"
      ) { (xfrm) throws(XFRMError) in
        try xfrm.perform(
          .setHashThresholds(ipv4: nil, ipv6: SPDInfo.HashThreshold(local: 129, remote: 1)))
      },
      Row(
        testDescription: "a list by a filter of too many bits", errno: .invalidArgument, words: nil
      ) { (xfrm) throws(XFRMError) in
        _ = try xfrm.associations(
          AssociationFilter(source: IPPrefix(.v4(0), length: 129)))
      },
    ]

    static let withESP: [Row] = [
      Row(
        testDescription: "NEWSA twice", errno: .fileExists, words: nil, cause: .exists
      ) { (xfrm) throws(XFRMError) in
        for _ in 0..<2 { try xfrm.add(numberedAssociation(1)) }
      },
      Row(
        testDescription: "NEWSA of what was allocated", errno: .fileExists, words: nil,
        cause: .exists
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.spi = try xfrm.allocateSPI(larval).spi
        try xfrm.add(association)
      },
      Row(
        testDescription: "UPDSA of none", errno: .noSuchProcess, words: nil,
        cause: .missingInDirection
      ) { (xfrm) throws(XFRMError) in try xfrm.update(numberedAssociation(1)) },
      Row(
        testDescription: "UPDSA with another encapsulation", errno: .invalidArgument, words: nil
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        try xfrm.add(association)
        association.encapsulation = Encapsulation(.espInUDP)
        try xfrm.update(association)
      },
      Row(
        testDescription: "NEWSA of an unknown cipher", errno: .notImplemented,
        words: "Requested CRYPT algorithm not found", cause: .noAlgorithm("rot13(aes)")
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.aead = nil
        association.encryption = Encryption(name: "rot13(aes)", key: .random(count: 16))
        try xfrm.add(association)
      },
      Row(
        testDescription: "NEWSA of an unknown hash", errno: .notImplemented,
        words: "Requested AUTH_TRUNC algorithm not found", cause: .noAlgorithm("hmac(rot13)")
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.aead = nil
        ESPProposal.aes256sha256.protect(&association)
        association.authentication?.name = "hmac(rot13)"
        try xfrm.add(association)
      },
      Row(
        testDescription: "NEWSA of an unknown compression", errno: .notImplemented,
        words: "Requested COMP algorithm not found", cause: .noAlgorithm("lzs")
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.proto = .ipComp
        association.aead = nil
        association.compression = Compression(name: "lzs")
        try xfrm.add(association)
      },
      Row(
        testDescription: "DELSA of a helper of IPComp", errno: .notPermitted,
        words: "SA is in use by tunnels"
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.proto = .ipComp
        association.aead = nil
        association.compression = Compression(name: "deflate")
        try xfrm.add(association)
        for helper in try xfrm.associations() where helper.proto.rawValue == 4 {
          try xfrm.delete(helper.id)
        }
      },
      Row(
        testDescription: "NEWAE with a bitmap of another length", errno: .invalidArgument,
        words: "ESN size doesn't match"
      ) { (xfrm) throws(XFRMError) in
        var association = numberedAssociation(1)
        association.extendedReplayState = ExtendedReplayState(window: 64)
        try xfrm.add(association)
        var checkpoint = checkpoint
        checkpoint.extendedReplayState = ExtendedReplayState(window: 128)
        try xfrm.perform(.setCheckpoint(checkpoint))
      },
      Row(
        testDescription: "MIGRATE to nowhere", errno: .invalidArgument,
        words: "cannot be null"
      ) { (xfrm) throws(XFRMError) in try xfrm.perform(migration([move(to: .v4(0))])) },
      Row(
        testDescription: "MIGRATE of one twice", errno: .invalidArgument,
        words: "must be unique"
      ) { (xfrm) throws(XFRMError) in
        try xfrm.perform(migration([move(to: .v4(5)), move(to: .v4(5))]))
      },
      Row(
        testDescription: "MIGRATE of nothing", errno: .invalidArgument,
        words: "Missing required MIGRATE attribute"
      ) { (xfrm) throws(XFRMError) in try xfrm.perform(migration([])) },
      Row(
        testDescription: "MIGRATE of no policy", errno: .noSuchFile,
        words: "Target policy not found", cause: .missing
      ) { (xfrm) throws(XFRMError) in try xfrm.perform(migration([move(to: .v4(5))])) },
    ]
  }
}
