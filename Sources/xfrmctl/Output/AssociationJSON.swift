import XFRMKit

/// `xfrmctl state list --json`
struct AssociationListJSON: Encodable {
  var version = 1
  var associations: [AssociationJSON]

  init(_ associations: [SecurityAssociation]) {
    self.associations = associations.map { AssociationJSON($0) }
  }
}

struct AssociationJSON: Encodable {
  struct Algorithm: Encodable {
    var name: String
    var keyBytes: Int
    var checkBits: UInt32?
  }

  struct Encapsulation: Encodable {
    var kind: String
    var sourcePort: UInt16
    var destinationPort: UInt16
    var originalAddress: String?
  }

  var source: String
  var destination: String
  /// As a number; text forms differ between tools.
  var spi: UInt32
  var `protocol`: String
  var mode: String
  var requestID: UInt32
  var direction: String?
  var interfaceID: UInt32?
  var mark: String?
  /// The mark that packets leave with.
  var outputMark: String?
  var replayWindow: UInt32
  var extendedSequenceNumbers: Bool
  /// As `ip xfrm` spells them.
  var flags: [String]
  var aead: Algorithm?
  var encryption: Algorithm?
  var authentication: Algorithm?
  var compression: String?
  var encapsulation: Encapsulation?
  var selector: SelectorJSON?
  var careOfAddress: String?
  var trafficFlowPaddingBytes: UInt32?
  var offload: OffloadJSON?
  var lifetime: LifetimeJSON?
  var usage: UsageJSON
  var integrityFailures: UInt32
  var replays: UInt32
  var outsideReplayWindow: UInt32
  var otherAttributes: [UInt16]

  init(_ association: SecurityAssociation) {
    source = "\(association.source)"
    destination = "\(association.destination)"
    spi = association.spi.rawValue
    `protocol` = "\(association.proto)".lowercased()
    mode = "\(association.mode)".lowercased()
    requestID = association.requestID
    direction = association.direction.map { "\($0)" }
    interfaceID = association.interfaceID
    mark = association.mark.map { "\($0)" }
    outputMark = association.outgoingMark.map { "\($0)" }
    replayWindow =
      association.extendedReplayState?.window ?? UInt32(association.replayWindow)
    extendedSequenceNumbers = association.flags.contains(.extendedSequenceNumbers)
    flags = association.flagNames
    aead = association.aead.map {
      Algorithm(name: $0.name, keyBytes: $0.key.count, checkBits: $0.checkBits)
    }
    encryption = association.encryption.map { Algorithm(name: $0.name, keyBytes: $0.key.count) }
    authentication = association.authentication.map {
      Algorithm(name: $0.name, keyBytes: $0.key.count, checkBits: $0.truncationBits)
    }
    compression = association.compression?.name
    encapsulation = association.encapsulation.map {
      Encapsulation(
        kind: "\($0.kind)".lowercased(), sourcePort: $0.sourcePort,
        destinationPort: $0.destinationPort,
        originalAddress: $0.originalAddress.map { "\($0)" })
    }
    if association.selector.family != .unspecified {
      selector = SelectorJSON(association.selector)
    }
    careOfAddress = association.careOfAddress.map { "\($0)" }
    trafficFlowPaddingBytes = association.trafficFlowPadding
    offload = association.offload.map { OffloadJSON($0) }
    lifetime = LifetimeJSON(association.lifetime)
    usage = UsageJSON(association.usage)
    integrityFailures = association.statistics.integrityFailed
    replays = association.statistics.replayed
    outsideReplayWindow = association.statistics.outsideReplayWindow
    otherAttributes = association.otherAttributes.map(\.type.rawValue)
  }
}

struct UsageJSON: Encodable {
  var bytes: UInt64
  var packets: UInt64
  var addedAt: String
  var firstUsedAt: String?

  init(_ usage: Usage) {
    bytes = usage.bytes
    packets = usage.packets
    addedAt = Text.time(usage.addedAt)
    firstUsedAt = usage.firstUsedAt == 0 ? nil : Text.time(usage.firstUsedAt)
  }
}
